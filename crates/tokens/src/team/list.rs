//! Reading a team's tokens: a page of them, one of them, and the one that came with a request.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::Bool;
use sealing::TokenHash;
use storage::schema::{connections, memberships, people, team_tokens};
use storage::{Connection, StorageError, Tx, each};
use vocabulary::{PersonId, Role, TeamId, Timestamp};

use super::{Known, Row, Seen, TeamToken, is_id, unreadable};
use crate::recognise::NOTED_EVERY;
use crate::{Limits, Scope};

/// Which part of a list is meant.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// What comes after the token of this id; the beginning without one. It may have been revoked meanwhile.
    pub after: Option<&'a str>,
    /// How many at most.
    pub limit: i64,
}

/// The tokens of a team that were not revoked, the latest first.
pub fn list(
    connection: &mut Connection,
    team: &TeamId,
    seen: &Seen,
    page: Page<'_>,
    limits: Limits,
    now: Timestamp,
) -> Result<Vec<TeamToken>, StorageError> {
    let (made_at, id) = place(connection, team, page.after)?;
    let (all, me) = match seen {
        Seen::All => (true, ""),
        Seen::Member(person) => (false, person.as_str()),
    };
    let ours = team_tokens::personal.eq(false).or(team_tokens::maker.eq(me));
    let theirs = all.into_sql::<Bool>().or(team_tokens::scope.eq(Scope::Product.as_str()).and(ours));
    let query = team_tokens::table
        .filter(team_tokens::team_id.eq(team.as_str()))
        .filter(team_tokens::revoked_at.is_null())
        .filter(
            team_tokens::made_at.lt(made_at).or(team_tokens::made_at.eq(made_at).and(team_tokens::id.gt(id))),
        )
        .filter(theirs)
        .order((team_tokens::made_at.desc(), team_tokens::id))
        .limit(page.limit);
    let rows: Vec<Row> = each!(connection, c => query.select(Row::as_select()).load(c))?;
    let makers = present(connection, team, rows.iter().filter_map(|row| row.maker.as_deref()))?;
    let maker = |row: &Row| row.maker.as_ref().and_then(|id| makers.get(id));
    rows.iter().map(|row| row.shown(maker(row), limits, now)).collect()
}

/// Where the token of this id stands in the list.
fn place(
    connection: &mut Connection,
    team: &TeamId,
    after: Option<&str>,
) -> Result<(i64, String), StorageError> {
    let beginning = (i64::MAX, String::new());
    let Some(id) = after.filter(|id| is_id(id)) else {
        return Ok(beginning);
    };
    let query = team_tokens::table
        .filter(team_tokens::id.eq(id))
        .filter(team_tokens::team_id.eq(team.as_str()))
        .select((team_tokens::made_at, team_tokens::id));
    let found: Option<(i64, String)> = each!(connection, c => query.get_result(c).optional())?;
    Ok(found.unwrap_or(beginning))
}

/// One of them.
pub fn find(
    connection: &mut Connection,
    team: &TeamId,
    seen: &Seen,
    id: &str,
    limits: Limits,
    now: Timestamp,
) -> Result<Option<TeamToken>, StorageError> {
    let Some(row) = live(connection, team, id)? else {
        return Ok(None);
    };
    if !seen.has(&row, row.scope()?) {
        return Ok(None);
    }
    shown(connection, team, &row, limits, now).map(Some)
}

/// A row as it is shown now.
pub(super) fn shown(
    connection: &mut Connection,
    team: &TeamId,
    row: &Row,
    limits: Limits,
    now: Timestamp,
) -> Result<TeamToken, StorageError> {
    let makers = present(connection, team, row.maker.as_deref().into_iter())?;
    row.shown(row.maker.as_ref().and_then(|id| makers.get(id)), limits, now)
}

/// The row of a token that was not revoked.
pub(super) fn live(
    connection: &mut Connection,
    team: &TeamId,
    id: &str,
) -> Result<Option<Row>, StorageError> {
    if !is_id(id) {
        return Ok(None);
    }
    let query = team_tokens::table
        .filter(team_tokens::id.eq(id))
        .filter(team_tokens::team_id.eq(team.as_str()))
        .filter(team_tokens::revoked_at.is_null());
    Ok(each!(connection, c => query.select(Row::as_select()).get_result(c).optional())?)
}

/// The names of a team's tokens by id, of revoked ones too, for whoever reads the record. What a personal one is called
/// is told to nobody but its person and the admins.
pub fn names(
    connection: &mut Connection,
    team: &TeamId,
    seen: &Seen,
    ids: &[String],
) -> Result<HashMap<String, String>, StorageError> {
    let query =
        team_tokens::table.filter(team_tokens::team_id.eq(team.as_str())).filter(team_tokens::id.eq_any(ids));
    let rows: Vec<Row> = each!(connection, c => query.select(Row::as_select()).load(c))?;
    let told = rows.into_iter().filter(|row| match seen {
        Seen::All => true,
        Seen::Member(person) => !row.personal || row.is_of(person),
    });
    Ok(told.map(|row| (row.id, row.name)).collect())
}

/// How a maker stands who can still come in.
pub(super) struct Maker {
    pub(super) role: Role,
    pub(super) last_sign_in: Timestamp,
}

/// How those of these people stand who can still come in: active, and of the live connection.
fn present<'a>(
    connection: &mut Connection,
    team: &TeamId,
    ids: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, Maker>, StorageError> {
    let ids: Vec<&str> = ids.collect();
    let query = memberships::table
        .inner_join(people::table.on(people::id.eq(memberships::person_id)))
        .inner_join(connections::table.on(connections::id.eq(people::connection_id)))
        .filter(connections::live)
        .filter(memberships::team_id.eq(team.as_str()))
        .filter(memberships::active)
        .filter(memberships::person_id.eq_any(ids))
        .select((memberships::person_id, memberships::role, people::last_sign_in));
    let rows: Vec<(String, String, i64)> = each!(connection, c => query.load(c))?;
    let standing = |(id, role, last): (String, String, i64)| {
        let maker = Maker { role: Role::parse(&role)?, last_sign_in: Timestamp::from_millis(last) };
        Some((id, maker))
    };
    Ok(rows.into_iter().filter_map(standing).collect())
}

/// The token with this hash, if it was not revoked, and when it was last used.
pub(crate) fn known(
    connection: &mut Connection,
    hash: &TokenHash,
) -> Result<Option<(Known, Option<Timestamp>)>, StorageError> {
    let query = team_tokens::table
        .left_join(people::table.on(people::id.nullable().eq(team_tokens::maker)))
        .filter(team_tokens::hash.eq(hash.as_str()))
        .filter(team_tokens::revoked_at.is_null());
    let row: Option<(Row, Option<String>)> = each!(connection, c => query
        .select((Row::as_select(), people::connection_id.nullable()))
        .get_result(c)
        .optional())?;
    let Some((row, maker_connection)) = row else {
        return Ok(None);
    };
    let known = Known {
        hash: hash.clone(),
        team_id: TeamId::parse(&row.team_id).map_err(|_not_one| unreadable())?,
        scope: row.scope()?,
        personal: row.personal,
        maker: row.maker()?,
        maker_connection,
        expires_at: row.expires_at.map(Timestamp::from_millis),
        id: row.id,
        name: row.name,
    };
    Ok(Some((known, row.used_at.map(Timestamp::from_millis))))
}

/// Notes that a token is used now, unless another node has done so within the minute. Caches may keep their copies.
pub(crate) fn note_use(tx: &mut Tx<'_>, hash: &TokenHash) -> Result<(), StorageError> {
    let (now, minute_ago) = (tx.now().millis(), tx.now().minus(NOTED_EVERY).millis());
    let is_due = team_tokens::used_at.is_null().or(team_tokens::used_at.le(minute_ago));
    let row = team_tokens::table.filter(team_tokens::hash.eq(hash.as_str())).filter(is_due);
    each!(&mut **tx, c => diesel::update(row).set(team_tokens::used_at.eq(now)).execute(c))?;
    Ok(())
}

/// How many a team has that count against its bound: shared ones, or the personal ones of `owner`.
pub(super) fn count(tx: &mut Tx<'_>, team: &TeamId, owner: Option<&PersonId>) -> Result<i64, StorageError> {
    let live = team_tokens::table
        .filter(team_tokens::team_id.eq(team.as_str()))
        .filter(team_tokens::revoked_at.is_null())
        .filter(team_tokens::personal.eq(owner.is_some()));
    match owner {
        Some(person) => {
            let theirs = live.filter(team_tokens::maker.eq(person.as_str()));
            Ok(each!(&mut **tx, c => theirs.count().get_result(c))?)
        }
        None => Ok(each!(&mut **tx, c => live.count().get_result(c))?),
    }
}
