//! How grants end. What was granted is gone with its row; every node lets go of it.
//!
//! Whoever ends somebody's sessions as well ends them first: a code that is being redeemed holds its session, so that
//! the grant that comes of it is there to be found.

use audit::{Act, Actor, Deed};
use diesel::prelude::*;
use sealing::TokenHash;
use serde_json::json;
use storage::schema::{grant_tokens, grants};
use storage::{StorageError, Subject, Tx, each};
use vocabulary::{ClientId, PersonId, TeamId};

use super::Grant;

/// Ends everything that apps were granted by somebody, what was to outlive their sessions too, and says how much.
pub fn end_grants_of(tx: &mut Tx<'_>, person: &PersonId) -> Result<usize, StorageError> {
    let rows = grants::table.filter(grants::person_id.eq(person.as_str()));
    let gone: Vec<String> = each!(&mut **tx, c => diesel::delete(rows).returning(grants::id).get_results(c))?;
    forget_tokens(tx, &gone)
}

/// The same for everybody of a team.
pub fn end_grants_of_team(tx: &mut Tx<'_>, team: &TeamId) -> Result<usize, StorageError> {
    let rows = grants::table.filter(grants::team_id.eq(team.as_str()));
    let gone: Vec<String> = each!(&mut **tx, c => diesel::delete(rows).returning(grants::id).get_results(c))?;
    forget_tokens(tx, &gone)
}

/// The same for everything that one app was granted.
pub fn end_grants_of_app(tx: &mut Tx<'_>, client: &ClientId) -> Result<usize, StorageError> {
    let rows = grants::table.filter(grants::client_id.eq(client.as_str()));
    let gone: Vec<String> = each!(&mut **tx, c => diesel::delete(rows).returning(grants::id).get_results(c))?;
    forget_tokens(tx, &gone)
}

/// Ends one grant and says whether it was there.
pub(crate) fn end_grant(tx: &mut Tx<'_>, id: &str) -> Result<bool, StorageError> {
    let gone = each!(&mut **tx, c => diesel::delete(grants::table.find(id)).execute(c))?;
    forget_tokens(tx, &[id.to_owned()])?;
    Ok(gone == 1)
}

/// What was used a second time.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reused {
    Code,
    RefreshToken,
}

/// Ends a grant of which something was used twice, and puts that on the record of its team.
pub(crate) fn end_reused(tx: &mut Tx<'_>, grant: &Grant, what: Reused) -> Result<(), StorageError> {
    if !end_grant(tx, &grant.id)? {
        return Ok(());
    }
    let what = match what {
        Reused::Code => "code",
        Reused::RefreshToken => "refresh_token",
    };
    let deed = Deed {
        team: Some(&grant.team),
        actor: &Actor::Teamdoor,
        act: Act::GrantReused,
        target: Some(&grant.person),
        detail: json!({ "app": grant.client, "reused": what }),
        reference: None,
    };
    audit::record(tx, &deed)
}

/// Ends one access token; its grant stands.
pub(crate) fn end_token(tx: &mut Tx<'_>, hash: &TokenHash) -> Result<(), StorageError> {
    each!(&mut **tx, c => diesel::delete(grant_tokens::table.find(hash.as_str())).execute(c))?;
    tx.changed(Subject::Token, hash.as_str());
    Ok(())
}

fn forget_tokens(tx: &mut Tx<'_>, grants: &[String]) -> Result<usize, StorageError> {
    for id in grants {
        let tokens = grant_tokens::table.filter(grant_tokens::grant_id.eq(id));
        each!(&mut **tx, c => diesel::delete(tokens).execute(c))?;
        tx.changed(Subject::Grant, id);
    }
    Ok(grants.len())
}

/// Forgets tokens and grants that have expired anyway.
pub(crate) fn tidy(tx: &mut Tx<'_>) -> Result<usize, StorageError> {
    let now = tx.now().millis();
    let over = grants::table.filter(grants::expires_at.lt(now));
    let ended = each!(&mut **tx, c => diesel::delete(over).execute(c))?;
    let tokens = grant_tokens::table.filter(grant_tokens::expires_at.lt(now));
    Ok(ended + each!(&mut **tx, c => diesel::delete(tokens).execute(c))?)
}
