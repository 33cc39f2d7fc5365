//! An authorization request that was read: everything about it is as it may be.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use apps::{App, RedirectUri};
use url::form_urlencoded;
use vocabulary::{PersonId, ReturnTo, ReturnToError, TeamId, Timestamp};

use super::asked_claims::AskedClaims;
use super::prompt::Prompt;
use crate::scope::AppScopes;

/// What an app asks for (`OpenID` Connect Core §3.1.2.1). `Debug` tells whose it is, nothing it carries.
#[derive(Clone)]
pub struct AuthorizationRequest {
    /// Whose request it is.
    pub app: Arc<App>,
    /// Where the answer goes, one of the app's own.
    pub redirect_uri: RedirectUri,
    /// What is to be asked of the person.
    pub prompt: Prompt,
    /// How long ago the person may have signed in.
    pub max_age: Option<Duration>,
    /// Who is probably signing in, for the identity provider.
    pub login_hint: Option<String>,
    /// For which team: said (`team_id`), or that of the `id_token_hint`.
    pub team: Option<TeamId>,
    /// Who it has to be, by `id_token_hint` or the `claims` parameter.
    pub hint: Option<PersonId>,
    pub(crate) state: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) code_challenge: Option<String>,
    pub(crate) scopes: AppScopes,
    pub(crate) claims: AskedClaims,
    /// When the person was sent to sign in for this very request.
    pub(crate) since: Option<Timestamp>,
}

/// A parameter of ours in the request that a person comes back to: when they were sent to sign in. Whoever writes it
/// themselves could as well leave out what it answers, `prompt` or `max_age`.
pub(super) const SINCE: &str = "td_since";
/// The same for who it has to be: an `id_token_hint` is too long to be carried through a sign-in.
pub(super) const HINT: &str = "td_hint";

impl AuthorizationRequest {
    /// The request as a path of ours, to come back to after a sign-in.
    pub fn path(&self) -> Result<ReturnTo, ReturnToError> {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let max_age = self.max_age.map(|age| age.as_secs().to_string());
        let scopes = self.scopes.to_string();
        let since = self.since.map(|since| since.millis().to_string());
        let said = [
            ("client_id", Some(self.app.id.as_str())),
            ("redirect_uri", Some(self.redirect_uri.as_str())),
            ("response_type", Some("code")),
            ("scope", Some(scopes.as_str())),
            ("state", self.state.as_deref()),
            ("nonce", self.nonce.as_deref()),
            ("code_challenge", self.code_challenge.as_deref()),
            ("code_challenge_method", self.code_challenge.as_ref().map(|_| "S256")),
            ("prompt", self.prompt.as_str()),
            ("max_age", max_age.as_deref()),
            ("login_hint", self.login_hint.as_deref()),
            ("claims", self.claims.as_str()),
            ("team_id", self.team.as_ref().map(TeamId::as_str)),
            (HINT, self.hint.as_ref().map(PersonId::as_str)),
            (SINCE, since.as_deref()),
        ];
        for (name, value) in said {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        ReturnTo::parse(&format!("/oauth2/authorize?{}", query.finish()))
    }

    /// The same for this team, which the person chose.
    #[must_use]
    pub fn of_team(&self, team: &TeamId) -> Self {
        Self { team: Some(team.clone()), prompt: self.prompt.with_team_chosen(), ..self.clone() }
    }

    /// The same for a person who is sent to sign in now: a session that is opened from now on is what was asked for.
    #[must_use]
    pub fn asked_again(&self, now: Timestamp) -> Self {
        Self { since: Some(now), ..self.clone() }
    }
}

impl fmt::Debug for AuthorizationRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationRequest")
            .field("app", &self.app.id)
            .field("redirect_uri", &self.redirect_uri)
            .finish_non_exhaustive()
    }
}
