//! Break-glass: while nobody can sign in, an operator lets one named admin of a team come to its sign-in settings, and
//! to nothing else. The link goes to the admin by mail, the code is told by the operator; each alone opens nothing.
//!
//! Both are kept as hashes. Break-glass lasts half an hour from its making, opens in one browser, ends with the fifth
//! wrong code, and counts as long as its person is an active admin of a team that is not suspended.

mod admin;
mod code;
mod end;
mod make;
mod open;

pub use admin::{AdminNames, admin_named};
pub use code::Code;
pub use end::{end, end_all, revoke, tidy};
pub use make::{Made, make};
pub use open::{Opened, open};

use std::marker::PhantomData;
use std::time::Duration;

use audit::{Act, Actor, Deed};
use diesel::prelude::*;
use people::Person;
use sealing::{OpaqueToken, TokenPrefix};
use serde_json::{Value, json};
use storage::schema::break_glass;
use storage::{Connection, StorageError, Tx, each};
use teams::{Status, Tenant};
use vocabulary::{PersonId, TeamId, Timestamp};

/// How long it lasts, from the moment it is made.
pub const LASTS: Duration = Duration::from_mins(30);
/// With the last of so many wrong codes it is over.
pub const WRONG_CODES: i64 = 5;

/// Why there is no break-glass to be had.
#[derive(Debug, thiserror::Error)]
pub enum GlassError {
    /// There is no such team.
    #[error("There is no team called {0}.")]
    Unknown(TeamId),
    /// The team is suspended.
    #[error("{0} is suspended. Open it again first.")]
    Suspended(TeamId),
    /// Whoever was named is no active admin of the team at present.
    #[error("Break-glass is for an active admin of {0}. {1}")]
    NotAdmin(TeamId, AdminNames),
    /// Several active admins have the email that was named.
    #[error("Several admins of {0} have this email. Say whom you mean by id. {1}")]
    SeveralAdmins(TeamId, AdminNames),
    /// Nobody can write to them.
    #[error("We know no email of this admin, so that the link can't be mailed. {0}")]
    NoEmail(AdminNames),
    /// It is over, was opened in another browser, or there never was such a link.
    #[error("This break-glass link can't be used any more.")]
    Gone,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The path of a link.
#[must_use]
pub fn path(token: &OpaqueToken) -> String {
    format!("/break-glass/{}", token.reveal())
}

/// Reads the token of a link.
#[must_use]
pub fn token(said: &str) -> Option<OpaqueToken> {
    OpaqueToken::parse(said).filter(|token| token.prefix() == TokenPrefix::BreakGlass)
}

/// Break-glass that counts at this moment.
#[derive(Clone, Debug)]
pub struct Glass {
    /// Its key; no secret.
    pub id: String,
    /// The team whose settings it opens.
    pub tenant: Tenant,
    /// The admin who comes by it.
    pub person: Person,
    /// Until when.
    pub expires_at: Timestamp,
}

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = break_glass)]
struct Row {
    id: String,
    code_hash: String,
    team_id: String,
    person_id: String,
    wrong_codes: i64,
    expires_at: i64,
}

/// What a link leads to that nobody has opened yet.
pub fn at_link(
    connection: &mut Connection,
    token: &OpaqueToken,
    now: Timestamp,
) -> Result<Glass, GlassError> {
    let row = unopened(connection, token, now)?;
    standing(connection, &row)
}

/// What was opened under this id.
pub fn find(connection: &mut Connection, id: &str, now: Timestamp) -> Result<Glass, GlassError> {
    let query = break_glass::table
        .find(id)
        .filter(break_glass::ended_at.is_null())
        .filter(break_glass::opened_at.is_not_null())
        .filter(break_glass::expires_at.gt(now.millis()));
    let row: Option<Row> = each!(connection, c => query.select(Row::as_select()).get_result(c).optional())
        .map_err(StorageError::from)?;
    standing(connection, &row.ok_or(GlassError::Gone)?)
}

/// Whose a link was and its id, whatever became of it.
pub fn place(
    connection: &mut Connection,
    token: &OpaqueToken,
) -> Result<Option<(TeamId, String)>, StorageError> {
    let query = break_glass::table
        .filter(break_glass::hash.eq(token.hash().as_str().to_owned()))
        .select((break_glass::team_id, break_glass::id));
    let row: Option<(String, String)> = each!(connection, c => query.get_result(c).optional())?;
    Ok(row.and_then(|(team, id)| Some((TeamId::parse(&team).ok()?, id))))
}

fn unopened(connection: &mut Connection, token: &OpaqueToken, now: Timestamp) -> Result<Row, GlassError> {
    let query = break_glass::table
        .filter(break_glass::hash.eq(token.hash().as_str().to_owned()))
        .filter(break_glass::ended_at.is_null())
        .filter(break_glass::opened_at.is_null())
        .filter(break_glass::expires_at.gt(now.millis()));
    let row: Option<Row> = each!(connection, c => query.select(Row::as_select()).get_result(c).optional())
        .map_err(StorageError::from)?;
    row.ok_or(GlassError::Gone)
}

/// A row with its team and its person, who must be an active admin of it now. What became of them is nobody's business
/// who merely has a link.
fn standing(connection: &mut Connection, row: &Row) -> Result<Glass, GlassError> {
    let ids = TeamId::parse(&row.team_id).ok().zip(PersonId::parse(&row.person_id));
    let (team, person) = ids.ok_or(GlassError::Gone)?;
    let tenant = teams::find(connection, &team)?.filter(|tenant| tenant.team.status == Status::Active);
    let (Some(tenant), Some(person)) = (tenant, admin::active(connection, &team, &person)?) else {
        return Err(GlassError::Gone);
    };
    let expires_at = Timestamp::from_millis(row.expires_at);
    Ok(Glass { id: row.id.clone(), tenant, person, expires_at })
}

/// Proof that an admin came by break-glass which counts, as the database says under the team's lock.
#[derive(Debug)]
pub struct Breaker<'tx> {
    glass: Glass,
    brand: PhantomData<fn(&'tx ()) -> &'tx ()>,
}

impl Breaker<'_> {
    pub(crate) fn actor(&self) -> Actor {
        Actor::BreakGlass(self.glass.person.id.clone())
    }

    pub(crate) const fn team(&self) -> &TeamId {
        &self.glass.tenant.team.team_id
    }
}

/// Finds out whether what was opened under this id counts, under the lock of its team.
pub fn breaker<'tx>(tx: &mut Tx<'tx>, id: &str) -> Result<Breaker<'tx>, GlassError> {
    let now = tx.now();
    let found = find(tx, id, now)?;
    teams::lock_roles(tx, &found.tenant.team.team_id)?;
    // Once more under the lock: ending and revoking it, and every change of roles, take the same.
    Ok(Breaker { glass: find(tx, id, now)?, brand: PhantomData })
}

fn record(
    tx: &mut Tx<'_>,
    team: &TeamId,
    actor: &Actor,
    act: Act,
    person: Option<&PersonId>,
    detail: Value,
) -> Result<(), StorageError> {
    audit::record(tx, &Deed { team: Some(team), actor, act, target: person, detail, reference: None })
}

/// A detail that says nothing.
fn nothing() -> Value {
    json!({})
}
