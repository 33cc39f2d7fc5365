//! What a sign-in needs at hand.

use std::sync::Arc;
use std::time::Duration;

use health::Ledger;
use mail::Desk;
use sealing::KeyRing;
use sessions::Sessions;
use storage::Database;
use teams::{Registry, Requirement, TeamAndConnection};
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
    /// How long ago somebody may have signed in at their provider; none when it does not matter.
    pub max_auth_age: Option<Duration>,
    /// Counts failed callbacks.
    pub failures: Failures,
    /// Counts the traces that refused sign-ins leave.
    pub traces: Failures,
    /// Counts how each connection fares.
    pub health: Ledger,
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
            aliases: connection.options.aliases.clone(),
            tenant: match &connection.options.requirement {
                Some(Requirement::Tid(tenant)) => Some(tenant.clone()),
                Some(Requirement::Hd(_)) | None => None,
            },
            client_id: connection.client_id.clone(),
            client_auth: connection.options.client_auth,
            scopes: connection.options.scopes.clone(),
            redirect_uri: self.address(connection.callback_path.as_str()),
            email_trust: connection.options.email_trust,
            max_auth_age: self.max_auth_age,
        }
    }
}
