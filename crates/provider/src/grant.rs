//! What apps were granted: one grant for each code that was redeemed, with the tokens that came of it.

mod end;
mod known;
mod row;

pub(crate) use end::{Reused, end_grant, end_reused, end_token, tidy};
pub use end::{end_grants_of, end_grants_of_app, end_grants_of_team};
pub use known::Grants;
pub(crate) use row::{
    NewToken, TokenKind, find, has_room, insert, insert_token, prolong, refresh_token, spend_refresh_token,
};

use sealing::TokenHash;
use vocabulary::{ClientId, PersonId, TeamId, Timestamp};

use crate::authorization::AskedClaims;
use crate::scope::AppScopes;

/// What an app was granted. Nothing of it ever changes: it stands until it ends.
#[derive(Clone, Debug)]
pub struct Grant {
    pub(crate) id: String,
    /// To which app.
    pub client: ClientId,
    /// For which team.
    pub team: TeamId,
    /// By whom.
    pub person: PersonId,
    /// The session that it ends with; none when it was to outlive it (`offline_access`).
    pub session: Option<TokenHash>,
    /// What the app calls the session (`sid`).
    pub sid: String,
    pub(crate) scopes: AppScopes,
    pub(crate) claims: AskedClaims,
    pub(crate) auth_time: Timestamp,
}
