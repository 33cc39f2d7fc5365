//! Operator tokens: made at the command line, shown once.

use diesel::prelude::*;
use sealing::{OpaqueToken, TokenPrefix};
use storage::schema::tokens;
use storage::{Connection, StorageError, Subject, Tx, each};
use vocabulary::{Chance, Timestamp, random_id};

use crate::named;

/// An operator token without its value.
#[derive(Clone, Debug, serde::Serialize)]
pub struct OperatorToken {
    /// Its key.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Why no operator token is made.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The name is empty, too long or not printable.
    #[error("A token's name has 1 to 60 letters, digits, dashes, dots or blanks, for example deploy.")]
    Name,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Makes an operator token and returns it with its value, which is nowhere else.
pub fn add_operator_token(
    tx: &mut Tx<'_>,
    chance: &dyn Chance,
    name: &str,
) -> Result<(OpaqueToken, OperatorToken), TokenError> {
    let name = named(name).ok_or(TokenError::Name)?;
    let token = OpaqueToken::mint(TokenPrefix::Operator, chance);
    let made = OperatorToken { id: random_id(chance), name, created_at: tx.now(), revoked_at: None };
    let row = (
        tokens::id.eq(&made.id),
        tokens::hash.eq(token.hash().as_str().to_owned()),
        tokens::name.eq(&made.name),
        tokens::created_at.eq(made.created_at.millis()),
    );
    each!(&mut **tx, c => diesel::insert_into(tokens::table).values(row).execute(c))
        .map_err(StorageError::from)?;
    Ok((token, made))
}

/// Revokes an operator token; says whether there was one to revoke.
pub fn revoke(tx: &mut Tx<'_>, id: &str) -> Result<bool, StorageError> {
    let live = tokens::table.find(id).filter(tokens::revoked_at.is_null());
    let now = tokens::revoked_at.eq(tx.now().millis());
    let hash: Option<String> = each!(&mut **tx, c => diesel::update(live).set(now).returning(tokens::hash).get_result(c).optional())?;
    if let Some(hash) = &hash {
        tx.changed(Subject::Token, hash);
    }
    Ok(hash.is_some())
}

/// All operator tokens, oldest first.
pub fn list(connection: &mut Connection) -> Result<Vec<OperatorToken>, StorageError> {
    let query = tokens::table
        .select((tokens::id, tokens::name, tokens::created_at, tokens::revoked_at))
        .order(tokens::created_at);
    let rows: Vec<(String, String, i64, Option<i64>)> = each!(connection, c => query.load(c))?;
    let token = |(id, name, created_at, revoked_at): (String, String, i64, Option<i64>)| OperatorToken {
        id,
        name,
        created_at: Timestamp::from_millis(created_at),
        revoked_at: revoked_at.map(Timestamp::from_millis),
    };
    Ok(rows.into_iter().map(token).collect())
}
