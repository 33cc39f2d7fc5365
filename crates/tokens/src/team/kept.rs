//! Values that are kept: sealed, beside the hash, of the product's shared tokens alone, while the team allows it.

use diesel::prelude::*;
use sealing::{KeyRing, Label, OpaqueToken, Purpose};
use storage::schema::team_tokens;
use storage::{StorageError, Tx, each};
use vocabulary::{Chance, TeamId};

use super::Row;
use crate::Limits;

/// What giving a token a value needs at hand.
#[derive(Clone, Copy)]
pub struct Mint<'a> {
    /// Seals what is kept.
    pub keys: &'a KeyRing,
    /// Makes values and ids.
    pub chance: &'a dyn Chance,
    /// How long tokens last without their person.
    pub limits: Limits,
}

fn label(id: &str) -> Label<'_> {
    Label { purpose: Purpose::TeamToken, context: id }
}

/// A value as its row keeps it.
pub(super) fn seal(mint: Mint<'_>, id: &str, value: &OpaqueToken) -> String {
    mint.keys.seal(mint.chance, &label(id), value.reveal().as_bytes())
}

/// The value that a row keeps, if it is the very one whose hash stands beside it.
pub(super) fn open(keys: &KeyRing, row: &Row) -> Option<OpaqueToken> {
    let opened = keys.open(&label(&row.id), row.value.as_deref()?).ok()?;
    let value = OpaqueToken::parse(std::str::from_utf8(&opened).ok()?)?;
    (value.hash().as_str() == row.hash).then_some(value)
}

/// Forgets every value of a team; its tokens work on.
pub(super) fn forget(tx: &mut Tx<'_>, team: &TeamId) -> Result<(), StorageError> {
    let all = team_tokens::table.filter(team_tokens::team_id.eq(team.as_str()));
    each!(&mut **tx, c => diesel::update(all).set(team_tokens::value.eq(None::<String>)).execute(c))?;
    Ok(())
}
