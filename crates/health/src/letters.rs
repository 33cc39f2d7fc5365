//! Telling a team's admins of a turn: once when people can't sign in any more, once when they come in again. Written in
//! the transaction that notes the turn, so that of several nodes one writes.

use std::time::Duration;

use diesel::prelude::*;
use mail::{Letter, Occasion, SignInTrouble};
use roles::Clerk;
use storage::schema::health_letters;
use storage::{Connection, StorageError, Tx, each};
use vocabulary::{TeamId, Timestamp};

use crate::judgement::Judgement;
use crate::row::Row;

/// A connection that turns again and again is told of no oftener than this.
const PAUSE: Duration = Duration::from_hours(6);

/// Causes that a callback alone brings about: somebody cancelled, or made it up.
const ANYBODYS: [&str; 4] = ["idp_refused", "idp_not_assigned", "code_rejected", "issuer_param_mismatch"];

/// What letters are written with.
#[derive(Clone, Copy)]
pub struct Herald<'a> {
    /// Writes them.
    pub clerk: Clerk<'a>,
    /// Says in a sentence what the stable code of a cause means.
    pub plain: fn(&str) -> &'static str,
}

/// What admins were told last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Unwell,
    Well,
}

impl Told {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Unwell => "unwell",
            Self::Well => "well",
        }
    }
}

/// Writes to the active admins when they don't know yet how it stands. The caller holds the connection's row, and with
/// it the team's row here.
pub(crate) fn tell(
    tx: &mut Tx<'_>,
    herald: Herald<'_>,
    team: &TeamId,
    row: &Row,
    judgement: Judgement,
) -> Result<(), StorageError> {
    let (last, now) = (last(tx, team)?, tx.now());
    let they_know = last.is_some_and(|(told, _)| told == Told::Unwell);
    // That nothing speaks against it any more is no news yet: somebody has to have come in.
    let healed = judgement == Judgement::Well && row.bad_in_a_row == 0;
    match trouble(herald, row, judgement) {
        Some(_) if they_know => Ok(()),
        Some(_) if last.is_some_and(|(_, at)| now.since(at) < PAUSE) => Ok(()),
        Some(trouble) => {
            let last_good = row.last_good_at.map(Timestamp::from_millis);
            let reference = row.last_bad_reference.clone();
            write(tx, herald, team, Told::Unwell, |team_name| {
                let (trouble, reference) = (trouble.clone(), reference.clone());
                Occasion::SignInsFail { team_name, trouble, last_good, reference }
            })
        }
        None if they_know && healed => {
            write(tx, herald, team, Told::Well, |team_name| Occasion::SignInsWork { team_name })
        }
        None => Ok(()),
    }
}

fn trouble(herald: Herald<'_>, row: &Row, judgement: Judgement) -> Option<SignInTrouble> {
    match judgement {
        Judgement::Well | Judgement::Quiet => None,
        Judgement::NobodyComesBack => Some(SignInTrouble::NobodyComesBack),
        Judgement::Failing => {
            let cause = row.last_bad_cause.as_deref().unwrap_or_default();
            // What anybody can bring about with a link of their own is no alarm; the page shows it all the same.
            (!ANYBODYS.contains(&cause))
                .then(|| SignInTrouble::Refused { in_a_row: row.bad_in_a_row, cause: (herald.plain)(cause) })
        }
        Judgement::Unreachable => Some(SignInTrouble::Unreachable),
    }
}

/// Writes to everybody it concerns; with nobody there, nobody was told.
fn write(
    tx: &mut Tx<'_>,
    herald: Herald<'_>,
    team: &TeamId,
    told: Told,
    occasion: impl Fn(String) -> Occasion,
) -> Result<(), StorageError> {
    let Some(there) = teams::find(tx, team)? else {
        return Ok(());
    };
    let readers = roles::admins(tx, team)?;
    if readers.is_empty() {
        return Ok(());
    }
    for (_, to) in readers {
        let letter = Letter { to, team_id: Some(team.clone()), occasion: occasion(there.team.name.clone()) };
        herald.clerk.desk.write(tx, herald.clerk.chance, &letter)?;
    }
    note(tx, team, told)
}

fn note(tx: &mut Tx<'_>, team: &TeamId, told: Told) -> Result<(), StorageError> {
    let what = (health_letters::told.eq(told.as_str()), health_letters::told_at.eq(tx.now().millis()));
    let known = health_letters::table.find(team.as_str());
    if each!(&mut **tx, c => diesel::update(known).set(what).execute(c))? == 0 {
        let new = (health_letters::team_id.eq(team.as_str()), what);
        each!(&mut **tx, c => diesel::insert_into(health_letters::table).values(new).execute(c))?;
    }
    Ok(())
}

fn last(connection: &mut Connection, team: &TeamId) -> Result<Option<(Told, Timestamp)>, StorageError> {
    let query =
        health_letters::table.find(team.as_str()).select((health_letters::told, health_letters::told_at));
    let found: Option<(String, i64)> = each!(connection, c => query.get_result(c).optional())?;
    Ok(found.map(|(told, at)| {
        let told = if told == Told::Unwell.as_str() { Told::Unwell } else { Told::Well };
        (told, Timestamp::from_millis(at))
    }))
}

/// Whether the team's admins had a letter that people can't sign in, and none since that they can.
pub fn admins_know(connection: &mut Connection, team: &TeamId) -> Result<bool, StorageError> {
    Ok(last(connection, team)?.is_some_and(|(told, _)| told == Told::Unwell))
}

/// Forgets what a team was told.
pub(crate) fn forget(tx: &mut Tx<'_>, team: &TeamId) -> Result<(), StorageError> {
    let told = health_letters::table.find(team.as_str());
    each!(&mut **tx, c => diesel::delete(told).execute(c))?;
    Ok(())
}
