//! Signing out here: of a team, of a team in every browser, of every team in one browser.

use audit::{Act, Actor, Deed};
use serde_json::json;
use sessions::{End, SignedIn};
use signin::Deps;
use storage::{StorageError, Tx};

use crate::at_idp::{self, Asking};
use crate::everywhere::{Ended, end_all_of};

/// Somebody who signs out of a team, and what else ends with it.
#[derive(Clone, Debug)]
pub struct Leaving {
    /// Who, and of which team.
    pub who: SignedIn,
    /// Their sessions with this team.
    pub reach: Reach,
    /// The other sessions of this browser, when they end too.
    pub beside: Option<Vec<SignedIn>>,
    /// Their session at the identity provider.
    pub at_idp: AtIdp,
}

/// How far a sign-out of a team reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// This browser.
    ThisBrowser,
    /// Every browser in which this person is signed in to the team.
    EveryBrowser,
}

/// Whether somebody wants to be signed out at their identity provider too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtIdp {
    /// They do.
    Too,
    /// They stay signed in there.
    Not,
}

/// Ends the sessions, all or none. What the identity provider is to be asked comes back, when somebody wants
/// that and it is offered to them: it needs the ID token, which ends with its session.
pub async fn leave(deps: &Deps, leaving: Leaving) -> Result<Option<Asking>, StorageError> {
    let (deps, now) = (deps.clone(), deps.clock.now());
    storage::blocking(move || {
        deps.database.write(now, |tx| {
            let asking = match leaving.at_idp {
                AtIdp::Too => at_idp::asking(tx, &deps, &leaving.who)?,
                AtIdp::Not => None,
            };
            end(tx, &leaving.who, leaving.reach, &leaving, asking.as_ref())?;
            for other in leaving.beside.iter().flatten() {
                end(tx, other, Reach::ThisBrowser, &leaving, None)?;
            }
            Ok(asking)
        })
    })
    .await
}

/// Ends somebody's session, or all of them, and records it; what had ended already is not told twice.
fn end(
    tx: &mut Tx<'_>,
    who: &SignedIn,
    reach: Reach,
    leaving: &Leaving,
    asking: Option<&Asking>,
) -> Result<(), StorageError> {
    let (team_id, actor) = (&who.team.team.team_id, Actor::Person(who.person.clone()));
    let ended = match reach {
        Reach::ThisBrowser => Ended { sessions: sessions::end(tx, End::One(&who.hash))?, ..Ended::default() },
        Reach::EveryBrowser => end_all_of(tx, team_id, &who.person, &actor)?,
    };
    if ended == Ended::default() {
        return Ok(());
    }
    let detail = json!({
        "sessions": ended.sessions,
        "tokens": ended.tokens,
        "grants": ended.grants,
        "everywhere": reach == Reach::EveryBrowser,
        "browser": leaving.beside.is_some(),
        "at_idp": asking.is_some(),
    });
    let (team, actor) = (Some(team_id), &actor);
    audit::record(tx, &Deed { team, actor, act: Act::SignedOut, target: None, detail, reference: None })
}
