//! A sign-in under way: sealed into a cookie of its own, so that a thousand unfinished ones cost nothing.

use people::CameBy;
use sealing::{KeyRing, Label, Purpose, random_token};
use serde::{Deserialize, Serialize};
use vocabulary::{Chance, ReturnTo, TeamId};

use crate::state::State;

/// What an attempt carries: everything its end must agree with. "Bound to this browser" means: it holds the
/// cookie.
#[derive(Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) team: TeamId,
    /// Connection and version of its settings.
    pub(crate) settings: String,
    pub(crate) redirect_uri: String,
    pub(crate) nonce: String,
    pub(crate) code_verifier: String,
    return_to: Option<String>,
    by_tile: bool,
    /// Whose rehearsal it is, as the record names them; none in a sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rehearsed_by: Option<String>,
    /// Of which next client secret the rehearsal is; none when it is of the settings as they are worked on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) next_secret: Option<String>,
}

/// The cookie of one attempt. The name's part behind the prefix sorts by age.
#[derive(Clone, Debug)]
pub struct AttemptCookie {
    /// What comes after the prefix of attempt cookies.
    pub key: String,
    /// The sealed attempt.
    pub value: String,
}

impl Attempt {
    pub(crate) fn new(
        chance: &dyn Chance,
        team: TeamId,
        settings: String,
        redirect_uri: String,
        return_to: Option<&ReturnTo>,
        came_by: CameBy,
    ) -> Self {
        Self {
            team,
            settings,
            redirect_uri,
            nonce: random_token(chance, 16),
            code_verifier: random_token(chance, 32),
            return_to: return_to.map(|place| place.as_str().to_owned()),
            by_tile: came_by == CameBy::Tile,
            rehearsed_by: None,
            next_secret: None,
        }
    }

    /// Where they were going; checked again on arrival.
    pub(crate) fn return_to(&self) -> Option<ReturnTo> {
        self.return_to.as_deref().and_then(|place| ReturnTo::parse(place).ok())
    }

    pub(crate) const fn came_by(&self) -> CameBy {
        if self.by_tile { CameBy::Tile } else { CameBy::TeamId }
    }

    pub(crate) fn seal(&self, keys: &KeyRing, chance: &dyn Chance, state: State) -> AttemptCookie {
        let key = state.key();
        let plain = serde_json::to_vec(self).unwrap_or_default();
        let value = keys.seal(chance, &Label { purpose: Purpose::Attempt, context: &key }, &plain);
        AttemptCookie { key, value }
    }

    /// Opens the cookie of this very state.
    pub(crate) fn open(keys: &KeyRing, state: State, sealed: &str) -> Option<Self> {
        let key = state.key();
        let plain = keys.open(&Label { purpose: Purpose::Attempt, context: &key }, sealed).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}
