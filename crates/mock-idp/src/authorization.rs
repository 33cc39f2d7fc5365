//! The authorization request (OpenID Connect Core §3.1.2), checked, and the answer to it.

use vocabulary::Timestamp;

use crate::{
    config::IssParameter,
    issuer::{Grant, Issuer, Session},
    misbehaviour::AuthorizeFault,
    parameters::{Doubled, Parameters, with_parameters},
    provider::Provider,
};

/// A request whose client and redirect URI are known and whose parameters are in order.
pub(crate) struct AuthorizationRequest {
    pub(crate) client_id: String,
    pub(crate) prompt: Prompt,
    pub(crate) max_age: Option<i64>,
    pub(crate) login_hint: Option<String>,
    redirect_uri: String,
    state: Option<String>,
    scope: String,
    nonce: Option<String>,
    code_challenge: String,
}

/// Whether the person is asked (Core §3.1.2.1).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// When there is no session.
    AsNeeded,
    Always,
    Never,
}

/// Why a request goes no further.
pub(crate) enum Refusal {
    /// Shown on a page of our own: there is no redirect URI that could be trusted.
    Shown(String),
    /// Sent back to the client, at this address.
    Sent(String),
}

type Answered = Vec<(&'static str, String)>;

impl AuthorizationRequest {
    /// Reads a query or form.
    pub(crate) fn parse(text: &str, issuer: &Issuer) -> Result<Self, Refusal> {
        let parameters = Parameters::parse(text);
        let shown = |Doubled(name)| Refusal::Shown(format!("The parameter {name} stands there twice."));
        let client_id = parameters.one("client_id").map_err(shown)?.unwrap_or_default();
        let client = issuer.client(client_id).ok_or_else(|| {
            Refusal::Shown(format!(
                "No application with the client id \u{201c}{client_id}\u{201d} is registered here."
            ))
        })?;
        let redirect_uri = parameters.one("redirect_uri").map_err(shown)?.unwrap_or_default();
        if !client.redirect_uris.iter().any(|registered| registered == redirect_uri) {
            return Err(Refusal::Shown(format!(
                "The redirect URI \u{201c}{redirect_uri}\u{201d} is not registered for {}, letter by letter.",
                client.label
            )));
        }
        let state = parameters.one("state").map_err(shown)?;
        rest(&parameters, client_id, redirect_uri, state).map_err(|(error, description)| {
            let mut answer = vec![("error", error.to_owned()), ("error_description", description)];
            if let Some(state) = state {
                answer.push(("state", state.to_owned()));
            }
            if issuer.iss_parameter == IssParameter::Sent {
                answer.push(("iss", issuer.address.clone()));
            }
            Refusal::Sent(with_parameters(redirect_uri, &answer))
        })
    }

    /// The address that tells the client of an error.
    pub(crate) fn refuse(&self, issuer: &Issuer, error: &str, description: &str) -> String {
        let mut answer = Answered::new();
        fail(&mut answer, error, description);
        self.address(issuer, answer)
    }

    /// The address that carries the code, or the error, or what is switched on, back to the client.
    pub(crate) fn answer(&self, provider: &Provider, issuer: &mut Issuer, session: &Session) -> String {
        let open = match (issuer.client(&self.client_id), issuer.person(&session.subject)) {
            (Some(client), Some(person)) => client.is_open_to(person),
            _ => false,
        };
        if !open {
            return self.refuse(issuer, "access_denied", NOT_ASSIGNED);
        }
        let code = self.give_code(provider, issuer, session);
        self.address(issuer, vec![("code", code)])
    }

    fn give_code(&self, provider: &Provider, issuer: &mut Issuer, session: &Session) -> String {
        let mut code = provider.random();
        if issuer.faults.authorize == Some(AuthorizeFault::LongCode) {
            code.push_str(&"x".repeat(1_000));
        }
        let grant = Grant {
            client_id: self.client_id.clone(),
            redirect_uri: self.redirect_uri.clone(),
            code_challenge: self.code_challenge.clone(),
            nonce: self.nonce.clone(),
            scope: self.scope.clone(),
            session: session.clone(),
        };
        issuer.codes.put(provider.now(), code.clone(), grant);
        code
    }

    fn address(&self, issuer: &Issuer, mut answer: Answered) -> String {
        if let Some(state) = &self.state {
            answer.push(("state", state.clone()));
        }
        if issuer.iss_parameter == IssParameter::Sent {
            answer.push(("iss", issuer.address.clone()));
        }
        if let Some(fault) = issuer.faults.authorize {
            spoil(&mut answer, fault, issuer);
        }
        with_parameters(&self.redirect_uri, &answer)
    }
}

/// A session for someone who was not there: made when they are chosen.
pub(crate) fn new_session(provider: &Provider, subject: &str, now: Timestamp) -> Session {
    Session { subject: subject.to_owned(), sid: provider.random(), since: now }
}

type Wrong = (&'static str, String);

/// Everything behind client and redirect URI, whose errors go back to the client.
fn rest(
    parameters: &Parameters,
    client_id: &str,
    redirect_uri: &str,
    state: Option<&str>,
) -> Result<AuthorizationRequest, Wrong> {
    let one = |name| {
        let value = parameters.one(name);
        value
            .map_err(|Doubled(name)| ("invalid_request", format!("The parameter {name} stands there twice.")))
    };
    if one("request")?.is_some() || one("request_uri")?.is_some() {
        return Err(("request_not_supported", "Request objects are not supported.".to_owned()));
    }
    if one("response_type")? != Some("code") {
        return Err(("unsupported_response_type", "Only response_type=code is supported.".to_owned()));
    }
    if one("response_mode")?.is_some_and(|mode| mode != "query") {
        return Err(("invalid_request", "Only response_mode=query is supported.".to_owned()));
    }
    let scope = one("scope")?.unwrap_or_default();
    if !scope.split(' ').any(|word| word == "openid") {
        return Err(("invalid_scope", "The scope openid is required.".to_owned()));
    }
    let challenge = one("code_challenge")?.unwrap_or_default();
    if one("code_challenge_method")? != Some("S256") || challenge.len() != 43 {
        return Err(("invalid_request", "PKCE with S256 is required (RFC 7636).".to_owned()));
    }
    Ok(AuthorizationRequest {
        client_id: client_id.to_owned(),
        prompt: prompt(one("prompt")?)?,
        max_age: one("max_age")?.and_then(|seconds| seconds.parse().ok()),
        login_hint: one("login_hint")?.map(str::to_owned),
        redirect_uri: redirect_uri.to_owned(),
        state: state.map(str::to_owned),
        scope: scope.to_owned(),
        nonce: one("nonce")?.map(str::to_owned),
        code_challenge: challenge.to_owned(),
    })
}

fn prompt(value: Option<&str>) -> Result<Prompt, Wrong> {
    let words: Vec<&str> = value.unwrap_or_default().split_whitespace().collect();
    match words.as_slice() {
        ["none"] => Ok(Prompt::Never),
        words if words.contains(&"none") => {
            Err(("invalid_request", "prompt=none stands alone or not at all.".to_owned()))
        }
        words if words.contains(&"login") || words.contains(&"select_account") => Ok(Prompt::Always),
        _ => Ok(Prompt::AsNeeded),
    }
}

/// Okta's own words for someone without the application.
const NOT_ASSIGNED: &str = "User is not assigned to the client application.";

fn spoil(answer: &mut Answered, fault: AuthorizeFault, issuer: &Issuer) {
    match fault {
        AuthorizeFault::AccessDenied => {
            fail(answer, "access_denied", "The resource owner denied the request.");
        }
        AuthorizeFault::NotAssigned => fail(answer, "access_denied", NOT_ASSIGNED),
        AuthorizeFault::HostileDescription => fail(answer, "access_denied", HOSTILE),
        AuthorizeFault::LongDescription => fail(answer, "access_denied", &"long ".repeat(410)),
        AuthorizeFault::UnknownError => fail(answer, "practice_error", "No specification names this."),
        AuthorizeFault::ServerError => fail(answer, "server_error", "Something went wrong."),
        AuthorizeFault::CodeAndError => answer.push(("error", "access_denied".to_owned())),
        AuthorizeFault::OtherIss => {
            remove(answer, "iss");
            answer.push(("iss", "https://evil.test".to_owned()));
        }
        AuthorizeFault::IssMissing => remove(answer, "iss"),
        AuthorizeFault::IssTwice => {
            remove(answer, "iss");
            answer.push(("iss", issuer.address.clone()));
            answer.push(("iss", "https://evil.test".to_owned()));
        }
        AuthorizeFault::StateMissing => remove(answer, "state"),
        AuthorizeFault::StateOther => {
            remove(answer, "state");
            answer.push(("state", "a-state-that-nobody-sent".to_owned()));
        }
        AuthorizeFault::StateTwice => answer.push(("state", "a-state-that-nobody-sent".to_owned())),
        AuthorizeFault::CodeMissing => remove(answer, "code"),
        AuthorizeFault::CodeEmpty => {
            remove(answer, "code");
            answer.push(("code", String::new()));
        }
        AuthorizeFault::CodeTwice => answer.push(("code", "another-code".to_owned())),
        AuthorizeFault::CodeMadeUp => {
            remove(answer, "code");
            answer.push(("code", "a-code-that-was-never-given-out".to_owned()));
        }
        AuthorizeFault::UnknownParameters => {
            answer.push(("session_state", "practice".to_owned()));
            answer.push(("practice", "<b>&=%".to_owned()));
        }
        // Already done where the code is made, and where the person would be asked.
        AuthorizeFault::LongCode | AuthorizeFault::ApprovesByItself | AuthorizeFault::DeafToMaxAge => {}
    }
}

/// Markup, quotes, line breaks, control characters and an escape sequence for terminals.
pub(crate) const HOSTILE: &str =
    "<script>alert(1)</script><img src=x onerror=alert(2)>\"'\r\nSet-Cookie: a=b\u{0}\u{7}\u{1b}[31m\u{202e}";

fn remove(answer: &mut Answered, name: &str) {
    answer.retain(|(key, _)| *key != name);
}

fn fail(answer: &mut Answered, error: &str, description: &str) {
    remove(answer, "code");
    remove(answer, "error");
    remove(answer, "error_description");
    answer.push(("error", error.to_owned()));
    answer.push(("error_description", description.to_owned()));
}
