//! What happens to a membership at a sign-in: it comes into being, and once per team somebody is promoted.

use audit::{Act, Actor, Deed};
use diesel::prelude::*;
use people::{EmailStanding, Person};
use serde_json::json;
use storage::schema::memberships;
use storage::{StorageError, Tx, each};
use teams::Team;
use vocabulary::{Role, TeamId};

use crate::change::{Clerk, store};
use crate::letters;
use crate::membership::{self, Membership};

/// Finds somebody's membership, or makes them a member.
pub fn admit(tx: &mut Tx<'_>, team: &TeamId, person: &Person) -> Result<Membership, StorageError> {
    if let Some(standing) = membership::find(tx, team, &person.id)? {
        return Ok(standing);
    }
    let row = (
        memberships::person_id.eq(person.id.as_str()),
        memberships::team_id.eq(team.as_str()),
        memberships::role.eq(Role::Member.as_str()),
        memberships::active.eq(true),
        memberships::version.eq(1),
        memberships::changed_at.eq(tx.now().millis()),
    );
    each!(&mut **tx, c => diesel::insert_into(memberships::table).values(row).on_conflict_do_nothing().execute(c))?;
    membership::find(tx, team, &person.id)?
        .ok_or_else(|| StorageError::Unavailable("a membership vanished as it was made".to_owned()))
}

/// What became of the promotion at this sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Promotion {
    /// Not theirs, or spent before.
    NotDue,
    /// Theirs, but the email is not believed; the promotion stays open.
    EmailNotTrusted,
    /// Theirs, but their account came into being with another email; it stays open.
    EmailChanged,
    /// They are an admin from now on.
    Promoted(Membership),
}

impl Promotion {
    /// The role of somebody who had another before it.
    #[must_use]
    pub const fn role_after(&self, before: Role) -> Role {
        match self {
            Self::Promoted(now) => now.role,
            Self::NotDue | Self::EmailNotTrusted | Self::EmailChanged => before,
        }
    }
}

/// Promotes the person whose trusted email is the configured admin email, once per team, provided that their
/// account came into being with that email. Concurrent candidates: the database lets one win.
pub fn promote_if_due(
    tx: &mut Tx<'_>,
    clerk: Clerk<'_>,
    team: &Team,
    person: &Person,
    standing: &Membership,
) -> Result<Promotion, StorageError> {
    let wanted = &team.admin_email;
    if team.promotion_spent_by.is_some() || person.email.as_ref() != Some(wanted) {
        return Ok(Promotion::NotDue);
    }
    if person.standing != EmailStanding::Trusted {
        return Ok(Promotion::EmailNotTrusted);
    }
    if person.email_at_creation.as_ref() != Some(wanted) {
        return Ok(Promotion::EmailChanged);
    }
    let team_id = &team.team_id;
    teams::lock_roles(tx, team_id)?;
    if !teams::spend_promotion(tx, team_id, wanted, &person.id)? {
        return Ok(Promotion::NotDue);
    }
    let fresh = membership::find(tx, team_id, &person.id)?.unwrap_or_else(|| standing.clone());
    let now = store(tx, &fresh, Role::Admin, fresh.active)?;
    let actor = Actor::Teamdoor;
    let (act, target, detail) =
        (Act::Promoted, Some(&person.id), json!({ "from": fresh.role, "to": Role::Admin }));
    audit::record(tx, &Deed { team: Some(team_id), actor: &actor, act, target, detail, reference: None })?;
    letters::promoted(tx, clerk, team_id, person)?;
    Ok(Promotion::Promoted(now))
}
