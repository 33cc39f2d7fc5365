//! Reading an authorization request: whose it is first, since only then there is somebody to tell what is wrong with
//! the rest.

use std::sync::Arc;
use std::time::Duration;

use apps::{App, Pkce, RedirectUri};
use serde::Deserialize;
use vocabulary::{ClientId, PersonId, TeamId, Timestamp};

use super::answer::Answer;
use super::asked_claims::AskedClaims;
use super::fault::{AuthorizationError, PageFault, Unreadable};
use super::prompt::Prompt;
use super::request::{AuthorizationRequest, HINT, SINCE};
use crate::deps::{Deps, own_trouble};
use crate::jwt::TokenType;
use crate::parameters::{Doubled, one};
use crate::scope::{AppScopes, Scope};

/// Longer hints help nobody.
const LONGEST_LOGIN_HINT: usize = 320;
/// A nonce travels in the code and in the ID token.
const LONGEST_NONCE: usize = 512;

type Pairs = [(String, String)];

/// Reads a request from its query or form. Parameters that mean nothing here are ignored.
pub async fn read(deps: &Deps, pairs: &Pairs) -> Result<AuthorizationRequest, Unreadable> {
    let app = whose(deps, pairs).await?;
    let said = one(pairs, "redirect_uri").ok().flatten();
    let redirect_uri = said
        .and_then(|said| app.redirect_uri(said))
        .ok_or_else(|| Unreadable::Page(PageFault::RedirectUri(Arc::clone(&app))))?;
    let state = one(pairs, "state").ok().flatten();
    let back = |error| Unreadable::Back(Answer::refused(deps, &redirect_uri, state, error));
    let mut request = parse(&app, &redirect_uri, pairs).map_err(back)?;
    if let Some(hint) = one(pairs, "id_token_hint").map_err(|doubled| back(doubled.into()))? {
        let named = of_hint(deps, &app, hint).await?.ok_or_else(|| back(NOT_OURS))?;
        if request.hint.as_ref().is_some_and(|demanded| *demanded != named.person) {
            return Err(back(AuthorizationError::LoginRequired));
        }
        request.team = request.team.or(Some(named.team));
        request.hint = Some(named.person);
    }
    // What comes back to us after a sign-in names the team and the time besides.
    let longest = TeamId::parse(&"t".repeat(63)).map(|team| request.of_team(&team));
    let longest = longest.unwrap_or_else(|_never| request.clone()).asked_again(deps.now());
    longest.path().map_err(|_too_long| back(TOO_LONG))?;
    Ok(request)
}

const NOT_OURS: AuthorizationError =
    AuthorizationError::InvalidRequest("id_token_hint is no ID token that this app got from here.");
const TOO_LONG: AuthorizationError =
    AuthorizationError::InvalidRequest("The request is too long: state, nonce and redirect_uri together.");

impl From<Doubled> for AuthorizationError {
    fn from(Doubled: Doubled) -> Self {
        Self::InvalidRequest("A parameter is there twice.")
    }
}

async fn whose(deps: &Deps, pairs: &Pairs) -> Result<Arc<App>, Unreadable> {
    let unknown = || Unreadable::Page(PageFault::Client);
    let id = one(pairs, "client_id").map_err(|_doubled| unknown())?.ok_or_else(unknown)?;
    let id = ClientId::parse(id).map_err(|_no_id| unknown())?;
    deps.apps.find(&id).await?.ok_or_else(unknown)
}

/// Everything of a request that needs no look at anything else.
fn parse(
    app: &Arc<App>,
    redirect_uri: &RedirectUri,
    pairs: &Pairs,
) -> Result<AuthorizationRequest, AuthorizationError> {
    let text = |name| one(pairs, name).map(|found| found.map(str::to_owned));
    refuse_unsupported(pairs)?;
    let state = text("state")?;
    let scopes = AppScopes::parse(one(pairs, "scope")?.unwrap_or_default());
    if !scopes.has(Scope::OpenId) {
        return Err(AuthorizationError::InvalidScope);
    }
    let nonce = text("nonce")?;
    if nonce.as_ref().is_some_and(|nonce| nonce.len() > LONGEST_NONCE) {
        return Err(AuthorizationError::InvalidRequest("nonce has at most 512 bytes."));
    }
    let prompt = Prompt::parse(one(pairs, "prompt")?.unwrap_or_default()).map_err(|_contradiction| {
        AuthorizationError::InvalidRequest("prompt none goes with nothing else.")
    })?;
    let (claims, demands) = match one(pairs, "claims")? {
        None => (AskedClaims::default(), None),
        Some(text) => {
            let (claims, demands) = AskedClaims::parse(text)
                .map_err(|_no_claims| AuthorizationError::InvalidRequest("claims cannot be read."))?;
            (claims, Some(demands))
        }
    };
    if demands.as_ref().is_some_and(|demands| demands.acr) {
        return Err(AuthorizationError::UnmetAuthenticationRequirements);
    }
    let hint = one(pairs, HINT)?.and_then(PersonId::parse);
    Ok(AuthorizationRequest {
        app: Arc::clone(app),
        redirect_uri: redirect_uri.clone(),
        prompt,
        max_age: max_age(one(pairs, "max_age")?)?,
        login_hint: one(pairs, "login_hint")?.filter(|hint| is_hint(hint)).map(str::to_owned),
        team: team(one(pairs, "team_id")?)?,
        hint: demands.and_then(|demands| demands.sub).or(hint),
        state,
        nonce,
        code_challenge: code_challenge(app, pairs)?,
        scopes,
        claims,
        since: one(pairs, SINCE)?.and_then(|since| since.parse().ok()).map(Timestamp::from_millis),
    })
}

/// What has an error of its own, and what can be nothing but one thing here.
fn refuse_unsupported(pairs: &Pairs) -> Result<(), AuthorizationError> {
    for (name, error) in [
        ("request", AuthorizationError::RequestNotSupported),
        ("request_uri", AuthorizationError::RequestUriNotSupported),
        ("registration", AuthorizationError::RegistrationNotSupported),
    ] {
        if one(pairs, name)?.is_some() {
            return Err(error);
        }
    }
    match one(pairs, "response_type")? {
        None => return Err(AuthorizationError::InvalidRequest("response_type is missing.")),
        Some("code") => {}
        Some(_) => return Err(AuthorizationError::UnsupportedResponseType),
    }
    match one(pairs, "response_mode")? {
        None | Some("query") => Ok(()),
        Some(_) => Err(AuthorizationError::InvalidRequest("The one response_mode is query.")),
    }
}

fn max_age(said: Option<&str>) -> Result<Option<Duration>, AuthorizationError> {
    let no_age = AuthorizationError::InvalidRequest("max_age is a number of seconds.");
    said.map(|said| said.parse::<u32>().map_err(|_no_number| no_age))
        .transpose()
        .map(|seconds| seconds.map(|seconds| Duration::from_secs(seconds.into())))
}

fn team(said: Option<&str>) -> Result<Option<TeamId>, AuthorizationError> {
    let no_team = AuthorizationError::InvalidRequest("team_id is no Team ID.");
    said.map(|said| TeamId::parse(said).map_err(|_no_team_id| no_team)).transpose()
}

fn is_hint(text: &str) -> bool {
    text.len() <= LONGEST_LOGIN_HINT && !text.contains(char::is_control)
}

/// The challenge of PKCE (RFC 7636 §4.3): S256 or none at all, and none only for an app that may.
fn code_challenge(app: &App, pairs: &Pairs) -> Result<Option<String>, AuthorizationError> {
    let wrong = |what| Err(AuthorizationError::InvalidRequest(what));
    match (one(pairs, "code_challenge")?, one(pairs, "code_challenge_method")?) {
        (None, None) => match app.options.pkce {
            Pkce::Required => wrong("code_challenge is missing: this app has to use PKCE."),
            Pkce::Optional => Ok(None),
        },
        (None, Some(_)) => wrong("code_challenge is missing."),
        (Some(challenge), Some("S256")) => {
            let good = challenge.len() == 43
                && challenge.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
            if good {
                Ok(Some(challenge.to_owned()))
            } else {
                wrong("code_challenge is no SHA-256 in base64url.")
            }
        }
        (Some(_), None | Some(_)) => wrong("The one code_challenge_method is S256."),
    }
}

/// Whom an ID token of ours names.
struct Named {
    person: PersonId,
    team: TeamId,
}

/// The members of an ID token that say who somebody was, for whom.
#[derive(Deserialize)]
struct Hint {
    iss: String,
    aud: String,
    sub: String,
    team_id: TeamId,
}

/// Whom an `id_token_hint` names, which may well have expired; none when this app did not get it from us.
async fn of_hint(deps: &Deps, app: &App, hint: &str) -> Result<Option<Named>, Unreadable> {
    let now = deps.now();
    let read: Option<Hint> = deps.signing.verify(hint, TokenType::Id, now).await.map_err(own_trouble)?;
    let of_this_app = read.filter(|hint| hint.iss == deps.issuer() && hint.aud == app.id.as_str());
    Ok(of_this_app.and_then(|hint| Some(Named { person: PersonId::parse(&hint.sub)?, team: hint.team_id })))
}
