//! An app as the API and the command line show it: all of it but its secret, and that once.

use sealing::OpaqueToken;
use serde::{Serialize, Serializer};
use vocabulary::{ClientId, Role, SigningAlgorithm, TeamId, Timestamp, Version};

use crate::app::App;
use crate::uri::{AppHost, RedirectUri, WebUri};
use crate::words::{AccessTokens, Pkce, Place};

#[derive(Serialize)]
struct Shown<'a> {
    id: &'a ClientId,
    client_id: &'a ClientId,
    name: &'a str,
    public: bool,
    redirect_uris: &'a [RedirectUri],
    post_logout_redirect_uris: &'a [RedirectUri],
    teams: Option<&'a [TeamId]>,
    min_role: Role,
    require_pkce: bool,
    id_token_alg: SigningAlgorithm,
    access_tokens: AccessTokens,
    host: Option<&'a str>,
    initiate_login_uri: Option<&'a WebUri>,
    home_url: Option<&'a WebUri>,
    backchannel_logout_uri: Option<&'a WebUri>,
    place: Place,
    version: Version,
    created_at: Timestamp,
    old_secret_until: Option<Timestamp>,
}

impl Serialize for App {
    /// The app as the API shows it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let options = &self.options;
        let shown = Shown {
            id: &self.id,
            client_id: &self.id,
            name: &self.name,
            public: self.is_public(),
            redirect_uris: &options.redirect_uris,
            post_logout_redirect_uris: &options.post_logout_redirect_uris,
            teams: options.teams.as_deref(),
            min_role: options.min_role,
            require_pkce: options.pkce == Pkce::Required,
            id_token_alg: options.id_token_alg,
            access_tokens: options.access_tokens,
            host: self.host.as_ref().map(AppHost::as_str),
            initiate_login_uri: options.initiate_login_uri.as_ref(),
            home_url: options.home_url.as_ref(),
            backchannel_logout_uri: options.backchannel_logout_uri.as_ref(),
            place: options.place,
            version: self.version,
            created_at: self.created_at,
            old_secret_until: self.old_secret_until(),
        };
        shown.serialize(serializer)
    }
}

/// An app with the secret it has just got, which is shown this once; a public one has none.
#[derive(Serialize)]
pub struct Made<'a> {
    client_secret: Option<&'a str>,
    #[serde(flatten)]
    app: &'a App,
}

impl<'a> Made<'a> {
    /// What whoever asked for the secret is shown.
    #[must_use]
    pub fn new(app: &'a App, secret: Option<&'a OpaqueToken>) -> Self {
        Self { client_secret: secret.map(OpaqueToken::reveal), app }
    }
}
