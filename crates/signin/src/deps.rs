//! What a sign-in needs at hand.

use std::sync::Arc;

use mail::Desk;
use sealing::KeyRing;
use sessions::Sessions;
use storage::Database;
use teams::{Registry, TeamAndConnection};
use upstream::{RelyingParty, Upstream};
use url::Url;
use vocabulary::{Chance, Clock};

use crate::failures::Failures;

/// The rooms below, put together once at the start; clones share everything.
#[derive(Clone)]
pub struct Deps {
    /// The database.
    pub database: Database,
    /// Open teams.
    pub registry: Registry,
    /// Sessions.
    pub sessions: Sessions,
    /// Identity providers.
    pub upstream: Upstream,
    /// Seals and authenticates.
    pub keys: Arc<KeyRing>,
    /// Makes secrets and ids.
    pub chance: Arc<dyn Chance>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Writes letters.
    pub desk: Arc<Desk>,
    /// Where we are: every link and redirect URI is made from it.
    pub public_url: Url,
    /// Counts failed callbacks.
    pub failures: Failures,
    /// Counts the traces that refused sign-ins leave.
    pub traces: Failures,
}

impl Deps {
    /// A whole address of ours for a path that begins with `/`.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_str().trim_end_matches('/'))
    }

    /// Who we are at a team's identity provider.
    #[must_use]
    pub fn party(&self, team: &TeamAndConnection) -> RelyingParty {
        let connection = &team.connection;
        RelyingParty {
            connection: connection.settings_key(),
            issuer: connection.issuer.clone(),
            client_id: connection.client_id.clone(),
            client_auth: connection.options.client_auth,
            scopes: connection.options.scopes.clone(),
            redirect_uri: self.address(connection.callback_path.as_str()),
            email_trust: connection.options.email_trust,
        }
    }
}
