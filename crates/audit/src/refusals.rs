//! Sign-ins that were refused: the reference id on the person's screen leads to stage and cause.

use std::time::Duration;

use diesel::prelude::*;
use serde_json::json;
use storage::schema::sign_ins;
use storage::{Connection, StorageError, Tx, each};
use vocabulary::{ReferenceId, TeamId, Timestamp};

use crate::timings::Timings;

/// How many refused sign-ins a team keeps.
const PER_TEAM: i64 = 1000;
/// For how long.
const KEPT: Duration = Duration::from_hours(14 * 24);

/// A genuine attempt of a known team that was refused.
#[derive(Clone, Debug)]
pub struct Refused {
    /// What the person's screen shows.
    pub reference: ReferenceId,
    /// Whose door it was.
    pub team: TeamId,
    /// How far it came, for example `callback`, `token`, `id_token`.
    pub stage: &'static str,
    /// The stable code (docs/reference/http.md).
    pub cause: &'static str,
    /// What the log knows; bounded, without secrets, tokens or codes.
    pub detail: String,
    /// The names of the claims that came; bounded, never their values.
    pub claims: Vec<String>,
    /// How long its stages took.
    pub timings: Timings,
}

/// Keeps a refused attempt; beyond the team's bound the oldest goes.
pub fn refused(tx: &mut Tx<'_>, refused: &Refused) -> Result<(), StorageError> {
    let team = refused.team.as_str();
    let kept = sign_ins::table.filter(sign_ins::team_id.eq(team));
    let count: i64 = each!(&mut **tx, c => kept.count().get_result(c))?;
    if count >= PER_TEAM {
        let oldest: i64 = each!(&mut **tx, c => kept.select(sign_ins::at).order(sign_ins::at).first(c))?;
        let going = sign_ins::table.filter(sign_ins::team_id.eq(team)).filter(sign_ins::at.le(oldest));
        each!(&mut **tx, c => diesel::delete(going).execute(c))?;
    }
    let row = (
        sign_ins::reference.eq(refused.reference.as_str()),
        sign_ins::team_id.eq(team),
        sign_ins::stage.eq(refused.stage),
        sign_ins::cause.eq(refused.cause),
        sign_ins::detail.eq(refused.detail.chars().take(500).collect::<String>()),
        sign_ins::claims.eq(json!(refused.claims).to_string()),
        sign_ins::timings.eq(json!(refused.timings).to_string()),
        sign_ins::at.eq(tx.now().millis()),
    );
    each!(&mut **tx, c => diesel::insert_into(sign_ins::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// A refused attempt as it is kept.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = sign_ins)]
pub struct Kept {
    /// What the person's screen showed.
    pub reference: String,
    /// Whose door it was.
    pub team_id: String,
    /// How far it came.
    pub stage: String,
    /// The stable code.
    pub cause: String,
    /// What the log knew.
    pub detail: String,
    claims: String,
    timings: String,
    at: i64,
}

impl Kept {
    /// When it was refused.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        Timestamp::from_millis(self.at)
    }

    /// The names of the claims that came; those of ID tokens that were not believed are not among them.
    #[must_use]
    pub fn claims(&self) -> Vec<String> {
        serde_json::from_str(&self.claims).unwrap_or_default()
    }

    /// How long its stages took, as far as it is known.
    #[must_use]
    pub fn timings(&self) -> Timings {
        serde_json::from_str(&self.timings).unwrap_or_default()
    }
}

/// Where a page of refused sign-ins ends: the moment and the reference id of its last row.
pub type Last = (Timestamp, ReferenceId);

/// A team's refused sign-ins, latest first: those beyond `last`, at most `limit`.
pub fn refusals_of_team(
    connection: &mut Connection,
    team: &TeamId,
    last: Option<&Last>,
    limit: i64,
) -> Result<Vec<Kept>, StorageError> {
    let (at, reference) = beyond(last);
    let query = sign_ins::table
        .filter(sign_ins::team_id.eq(team.as_str()))
        .filter(sign_ins::at.lt(at).or(sign_ins::at.eq(at).and(sign_ins::reference.lt(reference))))
        .order((sign_ins::at.desc(), sign_ins::reference.desc()))
        .limit(limit);
    Ok(each!(connection, c => query.select(Kept::as_select()).load(c))?)
}

/// The refused sign-ins of all teams, in the same way.
pub fn refusals(
    connection: &mut Connection,
    last: Option<&Last>,
    limit: i64,
) -> Result<Vec<Kept>, StorageError> {
    let (at, reference) = beyond(last);
    let query = sign_ins::table
        .filter(sign_ins::at.lt(at).or(sign_ins::at.eq(at).and(sign_ins::reference.lt(reference))))
        .order((sign_ins::at.desc(), sign_ins::reference.desc()))
        .limit(limit);
    Ok(each!(connection, c => query.select(Kept::as_select()).load(c))?)
}

fn beyond(last: Option<&Last>) -> (i64, &str) {
    last.map_or((i64::MAX, ""), |(at, reference)| (at.millis(), reference.as_str()))
}

/// The refused sign-in with this reference id.
pub fn by_reference(
    connection: &mut Connection,
    reference: &ReferenceId,
) -> Result<Option<Kept>, StorageError> {
    let query = sign_ins::table.find(reference.as_str());
    Ok(each!(connection, c => query.select(Kept::as_select()).first(c).optional())?)
}

/// Forgets refused sign-ins older than 14 days.
pub fn tidy(tx: &mut Tx<'_>) -> Result<usize, StorageError> {
    let old = sign_ins::table.filter(sign_ins::at.lt(tx.now().minus(KEPT).millis()));
    Ok(each!(&mut **tx, c => diesel::delete(old).execute(c))?)
}
