//! Grants and their tokens as they are kept.

use diesel::prelude::*;
use sealing::TokenHash;
use storage::schema::{grant_tokens, grants};
use storage::{Connection, StorageError, Tx, each};
use vocabulary::{ClientId, PersonId, TeamId, Timestamp};

use super::Grant;
use crate::authorization::AskedClaims;
use crate::scope::AppScopes;

/// How many grants without a session somebody may have of one app at once; with one more the oldest ends.
const PER_PERSON_AND_APP: i64 = 50;

#[derive(Queryable, Selectable)]
#[diesel(table_name = grants)]
pub(super) struct Row {
    id: String,
    client_id: String,
    team_id: String,
    person_id: String,
    session_hash: Option<String>,
    sid: String,
    scopes: String,
    claims: String,
    auth_time: i64,
}

impl TryFrom<Row> for Grant {
    type Error = StorageError;
    fn try_from(row: Row) -> Result<Self, StorageError> {
        let unreadable = || StorageError::Unavailable("a row of grants cannot be read".to_owned());
        // A session that cannot be read must not pass for none: that would outlive everything.
        let session = match &row.session_hash {
            Some(hash) => Some(TokenHash::parse(hash).ok_or_else(unreadable)?),
            None => None,
        };
        Ok(Self {
            client: ClientId::parse(&row.client_id).map_err(|_no_id| unreadable())?,
            team: TeamId::parse(&row.team_id).map_err(|_no_id| unreadable())?,
            person: PersonId::parse(&row.person_id).ok_or_else(unreadable)?,
            session,
            scopes: AppScopes::parse(&row.scopes),
            claims: AskedClaims::parse_kept(&row.claims),
            auth_time: Timestamp::from_millis(row.auth_time),
            id: row.id,
            sid: row.sid,
        })
    }
}

pub(crate) fn find(connection: &mut Connection, id: &str) -> Result<Option<Grant>, StorageError> {
    let query = grants::table.find(id);
    let row: Option<Row> = each!(connection, c => query.select(Row::as_select()).get_result(c).optional())?;
    row.map(TryInto::try_into).transpose()
}

/// Keeps a new grant.
pub(crate) fn insert(tx: &mut Tx<'_>, grant: &Grant, expires_at: Timestamp) -> Result<(), StorageError> {
    let row = (
        grants::id.eq(&grant.id),
        grants::client_id.eq(grant.client.as_str()),
        grants::team_id.eq(grant.team.as_str()),
        grants::person_id.eq(grant.person.as_str()),
        grants::session_hash.eq(grant.session.as_ref().map(TokenHash::as_str)),
        grants::sid.eq(&grant.sid),
        grants::scopes.eq(grant.scopes.to_string()),
        grants::claims.eq(grant.claims.as_str().unwrap_or_default()),
        grants::auth_time.eq(grant.auth_time.millis()),
        grants::made_at.eq(tx.now().millis()),
        grants::expires_at.eq(expires_at.millis()),
    );
    each!(&mut **tx, c => diesel::insert_into(grants::table).values(row).execute(c))?;
    // What ends with a session or in minutes needs no other bound.
    if grant.session.is_some() { Ok(()) } else { end_surplus(tx, grant) }
}

fn end_surplus(tx: &mut Tx<'_>, grant: &Grant) -> Result<(), StorageError> {
    let theirs = grants::table
        .filter(grants::person_id.eq(grant.person.as_str()))
        .filter(grants::client_id.eq(grant.client.as_str()))
        .filter(grants::session_hash.is_null());
    // Counted first: SQLite plans a statement with a bound LIMIT anew at every call.
    let count: i64 = each!(&mut **tx, c => theirs.count().get_result(c))?;
    if count <= PER_PERSON_AND_APP {
        return Ok(());
    }
    let surplus = theirs
        .filter(grants::id.ne(&grant.id))
        .order(grants::made_at.desc())
        .offset(PER_PERSON_AND_APP - 1)
        .limit(i64::MAX)
        .select(grants::id);
    let surplus: Vec<String> = each!(&mut **tx, c => surplus.load(c))?;
    surplus.iter().try_for_each(|id| super::end_grant(tx, id).map(|_was_there| ()))
}

/// Keeps a grant for longer, and holds it until the transaction ends: whoever ends it waits. Says whether it is there.
pub(crate) fn prolong(tx: &mut Tx<'_>, id: &str, expires_at: Timestamp) -> Result<bool, StorageError> {
    let later = grants::expires_at.eq(expires_at.millis());
    Ok(each!(&mut **tx, c => diesel::update(grants::table.find(id)).set(later).execute(c))? == 1)
}

/// What a token of a grant is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Access,
    Refresh,
}

impl TokenKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }
}

/// A token about to be kept.
pub(crate) struct NewToken<'a> {
    pub(crate) hash: TokenHash,
    pub(crate) grant: &'a str,
    pub(crate) kind: TokenKind,
    pub(crate) scopes: &'a AppScopes,
    pub(crate) expires_at: Timestamp,
}

pub(crate) fn insert_token(tx: &mut Tx<'_>, new: &NewToken<'_>) -> Result<(), StorageError> {
    let row = (
        grant_tokens::hash.eq(new.hash.as_str()),
        grant_tokens::grant_id.eq(new.grant),
        grant_tokens::kind.eq(new.kind.as_str()),
        grant_tokens::scopes.eq(new.scopes.to_string()),
        grant_tokens::made_at.eq(tx.now().millis()),
        grant_tokens::expires_at.eq(new.expires_at.millis()),
    );
    each!(&mut **tx, c => diesel::insert_into(grant_tokens::table).values(row).execute(c))?;
    Ok(())
}

/// Forgets the access tokens of a grant that have expired, and says whether fewer than `most` tokens are left.
pub(crate) fn has_room(tx: &mut Tx<'_>, grant: &str, most: i64) -> Result<bool, StorageError> {
    let over = grant_tokens::table
        .filter(grant_tokens::grant_id.eq(grant))
        .filter(grant_tokens::kind.eq(TokenKind::Access.as_str()))
        .filter(grant_tokens::expires_at.lt(tx.now().millis()));
    each!(&mut **tx, c => diesel::delete(over).execute(c))?;
    let theirs = grant_tokens::table.filter(grant_tokens::grant_id.eq(grant));
    let count: i64 = each!(&mut **tx, c => theirs.count().get_result(c))?;
    Ok(count < most)
}

/// An opaque access token that is there.
#[derive(Clone, Debug)]
pub(crate) struct KnownToken {
    pub(crate) grant: String,
    pub(crate) scopes: AppScopes,
    pub(crate) expires_at: Timestamp,
}

pub(super) fn access_token(
    connection: &mut Connection,
    hash: &TokenHash,
) -> Result<Option<KnownToken>, StorageError> {
    let query = grant_tokens::table
        .find(hash.as_str())
        .filter(grant_tokens::kind.eq(TokenKind::Access.as_str()))
        .select((grant_tokens::grant_id, grant_tokens::scopes, grant_tokens::expires_at));
    let found: Option<(String, String, i64)> = each!(connection, c => query.get_result(c).optional())?;
    Ok(found.map(|(grant, scopes, expires_at)| KnownToken {
        grant,
        scopes: AppScopes::parse(&scopes),
        expires_at: Timestamp::from_millis(expires_at),
    }))
}

/// A refresh token as it is kept.
pub(crate) struct RefreshToken {
    pub(crate) grant: Grant,
    pub(crate) expires_at: Timestamp,
    pub(crate) is_used: bool,
}

pub(crate) fn refresh_token(
    connection: &mut Connection,
    hash: &TokenHash,
) -> Result<Option<RefreshToken>, StorageError> {
    let query = grant_tokens::table
        .find(hash.as_str())
        .filter(grant_tokens::kind.eq(TokenKind::Refresh.as_str()))
        .select((grant_tokens::grant_id, grant_tokens::expires_at, grant_tokens::used_at));
    let found: Option<(String, i64, Option<i64>)> = each!(connection, c => query.get_result(c).optional())?;
    let Some((grant, expires_at, used_at)) = found else { return Ok(None) };
    let grant = find(connection, &grant)?;
    Ok(grant.map(|grant| RefreshToken {
        grant,
        expires_at: Timestamp::from_millis(expires_at),
        is_used: used_at.is_some(),
    }))
}

/// Uses a refresh token up; says whether this was the one call that did.
pub(crate) fn spend_refresh_token(tx: &mut Tx<'_>, hash: &TokenHash) -> Result<bool, StorageError> {
    let unused = grant_tokens::table.find(hash.as_str()).filter(grant_tokens::used_at.is_null());
    let used = grant_tokens::used_at.eq(tx.now().millis());
    Ok(each!(&mut **tx, c => diesel::update(unused).set(used).execute(c))? == 1)
}
