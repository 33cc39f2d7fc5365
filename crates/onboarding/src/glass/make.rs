//! Making break-glass: an operator asks for it, the admin gets the link by mail, the operator the code.

use audit::Act;
use diesel::prelude::*;
use mail::{Letter, Occasion};
use people::Person;
use roles::{Clerk, Operator};
use sealing::{KeyRing, OpaqueToken, TokenPrefix};
use storage::schema::break_glass;
use storage::{StorageError, Tx, each};
use teams::{Status, Tenant};
use vocabulary::{Email, PersonId, TeamId, Timestamp, random_id};

use super::code::Code;
use super::end::end_of_person;
use super::{GlassError, LASTS, admin, nothing, path, record};

/// Break-glass just made. Its link is in the letter alone.
#[derive(Debug)]
pub struct Made {
    /// What the operator tells the admin, shown once.
    pub code: Code,
    /// Whom the link was mailed to.
    pub to: Email,
    /// Until when it lasts.
    pub expires_at: Timestamp,
}

/// Makes break-glass for an active admin of a team; what was made for them before ends. They get the link, the other
/// admins are told.
pub fn make(
    tx: &mut Tx<'_>,
    keys: &KeyRing,
    clerk: Clerk<'_>,
    operator: &Operator,
    team_id: &TeamId,
    person: &PersonId,
) -> Result<Made, GlassError> {
    teams::lock_roles(tx, team_id)?;
    let tenant = teams::find(tx, team_id)?.ok_or_else(|| GlassError::Unknown(team_id.clone()))?;
    if tenant.team.status != Status::Active {
        return Err(GlassError::Suspended(team_id.clone()));
    }
    let Some(person) = admin::active(tx, team_id, person)? else {
        return Err(GlassError::NotAdmin(team_id.clone(), admin::all_named(tx, team_id)?));
    };
    let Some(to) = person.email.clone() else {
        return Err(GlassError::NoEmail(admin::all_named(tx, team_id)?));
    };
    end_of_person(tx, team_id, &person.id)?;
    let token = OpaqueToken::mint(TokenPrefix::BreakGlass, clerk.chance);
    let (id, code) = (random_id(clerk.chance), Code::random(clerk.chance));
    let (now, expires_at) = (tx.now(), tx.now().plus(LASTS));
    let row = (
        break_glass::id.eq(&id),
        break_glass::hash.eq(token.hash().as_str().to_owned()),
        break_glass::code_hash.eq(code.hash(keys, &id)),
        break_glass::team_id.eq(team_id.as_str()),
        break_glass::person_id.eq(person.id.as_str()),
        break_glass::wrong_codes.eq(0),
        break_glass::made_at.eq(now.millis()),
        break_glass::expires_at.eq(expires_at.millis()),
    );
    each!(&mut **tx, c => diesel::insert_into(break_glass::table).values(row).execute(c))
        .map_err(StorageError::from)?;
    write_link(tx, clerk, &tenant, &to, &token)?;
    tell_others(tx, clerk, &tenant, &person)?;
    record(tx, team_id, operator.actor(), Act::BreakGlassMade, Some(&person.id), nothing())?;
    Ok(Made { code, to, expires_at })
}

fn write_link(
    tx: &mut Tx<'_>,
    clerk: Clerk<'_>,
    tenant: &Tenant,
    to: &Email,
    token: &OpaqueToken,
) -> Result<(), StorageError> {
    let (team_name, minutes) = (tenant.team.name.clone(), LASTS.as_secs() / 60);
    let occasion = Occasion::BreakGlass { team_name, path: path(token), minutes };
    let letter = Letter { to: to.clone(), team_id: Some(tenant.team.team_id.clone()), occasion };
    clerk.desk.write(tx, clerk.chance, &letter)
}

fn tell_others(
    tx: &mut Tx<'_>,
    clerk: Clerk<'_>,
    tenant: &Tenant,
    person: &Person,
) -> Result<(), StorageError> {
    let team_id = &tenant.team.team_id;
    for (id, to) in roles::admins(tx, team_id)? {
        if id == person.id {
            continue;
        }
        let (team_name, person_name) = (tenant.team.name.clone(), person.shown_name().to_owned());
        let occasion = Occasion::BreakGlassMade { team_name, person_name };
        clerk.desk.write(tx, clerk.chance, &Letter { to, team_id: Some(team_id.clone()), occasion })?;
    }
    Ok(())
}
