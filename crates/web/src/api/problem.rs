//! Requests to the API that end otherwise: the one place where an error becomes a problem document.

use std::time::Duration;

use ::onboarding::glass::GlassError;
use ::onboarding::request::RequestError;
use ::onboarding::{LinkError, SettingsError};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, ResponseError, web};
use apps::AppError;
use roles::RoleError;
use serde::Serialize;
use storage::StorageError;
use teams::TeamError;
use tokens::Scope;
use tokens::team::TeamTokenError;
use utoipa::{IntoResponses, ToSchema};

use crate::app::{App, DATABASE_RETRY};

mod onboarding;

/// Why a request is not answered as it was meant.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error("This address needs a token.")]
    TokenMissing,
    #[error("The token is mistyped, expired, revoked or of another kind.")]
    TokenInvalid,
    #[error(
        "A token counts in the header Authorization alone, never in an address. Revoke this one: it stands in logs now."
    )]
    TokenInAddress,
    #[error("This needs a token with the scope {}.", .0.as_str())]
    ScopeMissing(Scope),
    #[error("This is for operators alone; no token of a team opens it.")]
    OperatorAlone,
    #[error("There is nothing at this address.")]
    Nothing,
    #[error("This address takes {allow}.")]
    Method { allow: String },
    #[error("The body must be JSON.")]
    ContentType,
    #[error("The body is over 64 KiB.")]
    TooLarge,
    /// The body, in words.
    #[error("{0}")]
    Json(String),
    /// The query, in words.
    #[error("{0}")]
    Parameter(String),
    #[error("This change needs the header If-Match.")]
    IfMatchMissing,
    #[error("The header If-Match is neither * nor a list of entity tags.")]
    IfMatchUnreadable,
    #[error("Somebody else changed this a moment ago.")]
    Stale,
    #[error("This was asked for too often.")]
    TooMany(Duration),
    #[error("There is no such team.")]
    TeamUnknown,
    #[error("There is no such person in this team.")]
    PersonUnknown,
    #[error("There is no such app.")]
    AppUnknown,
    #[error(transparent)]
    Team(#[from] TeamError),
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error(transparent)]
    Glass(#[from] GlassError),
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Role(#[from] RoleError),
    #[error(transparent)]
    Token(#[from] TeamTokenError),
    #[error(transparent)]
    App(#[from] AppError),
    #[error(transparent)]
    Request(#[from] RequestError),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A problem document (RFC 9457).
#[derive(Serialize, ToSchema, IntoResponses)]
#[response(status = "default", description = "A problem", content_type = "application/problem+json")]
pub(crate) struct Problem {
    /// Always `about:blank`: the code says which problem it is.
    #[schema(example = "about:blank")]
    r#type: &'static str,
    /// The status in words.
    #[schema(example = "Conflict")]
    title: &'static str,
    /// The status.
    #[schema(example = 409)]
    status: u16,
    /// What is wrong, a sentence.
    detail: String,
    /// The stable code.
    #[schema(example = "last_admin")]
    code: &'static str,
    /// By which the log knows this answer.
    #[schema(example = "7K2F-9QXM")]
    reference: String,
    /// What to do about it, where it can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<&'static str>,
}

/// What a fault means to whoever asked. Where the fault's own words are not for them, `detail` has others.
struct Meaning {
    status: StatusCode,
    code: &'static str,
    detail: Option<&'static str>,
    remedy: Option<&'static str>,
}

impl Meaning {
    const fn new(status: StatusCode, code: &'static str) -> Self {
        Self { status, code, detail: None, remedy: None }
    }

    const fn saying(mut self, detail: &'static str) -> Self {
        self.detail = Some(detail);
        self
    }

    const fn remedy(mut self, remedy: &'static str) -> Self {
        self.remedy = Some(remedy);
        self
    }
}

const NO_TEAM: Meaning = Meaning::new(StatusCode::NOT_FOUND, "team_unknown").saying("There is no such team.");
const NO_PERSON: Meaning = Meaning::new(StatusCode::NOT_FOUND, "person_unknown");
const NO_APP: Meaning = Meaning::new(StatusCode::NOT_FOUND, "app_unknown").saying("There is no such app.");
const NO_TOKEN: Meaning = Meaning::new(StatusCode::UNAUTHORIZED, "token_invalid").remedy(
    "Send the header “Authorization: Bearer …” with an operator's token (tdo_…) or a team's (tdt_…).",
);
const NO_SCOPE: Meaning = Meaning::new(StatusCode::FORBIDDEN, "scope_missing");
const STALE: Meaning = Meaning::new(StatusCode::PRECONDITION_FAILED, "version_conflict")
    .remedy("GET it again, decide again, and send the new ETag as If-Match.");
const TAG: &str = "Send the ETag of the last GET as If-Match, or * to change whatever stands there.";

fn meaning(fault: &Fault) -> Meaning {
    match fault {
        Fault::TokenMissing | Fault::TokenInvalid | Fault::TokenInAddress => NO_TOKEN,
        Fault::ScopeMissing(_) | Fault::OperatorAlone => NO_SCOPE,
        Fault::Nothing => Meaning::new(StatusCode::NOT_FOUND, "not_found")
            .remedy("/api/v1/openapi.json lists all addresses."),
        Fault::Method { .. } => Meaning::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
        Fault::ContentType => Meaning::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_type_unsupported")
            .remedy("Send the header “Content-Type: application/json”."),
        Fault::TooLarge => Meaning::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"),
        Fault::Json(_) => Meaning::new(StatusCode::UNPROCESSABLE_ENTITY, "json_invalid"),
        Fault::Parameter(_) => Meaning::new(StatusCode::UNPROCESSABLE_ENTITY, "parameter_invalid"),
        Fault::IfMatchMissing => {
            Meaning::new(StatusCode::PRECONDITION_REQUIRED, "if_match_required").remedy(TAG)
        }
        Fault::IfMatchUnreadable => Meaning::new(StatusCode::BAD_REQUEST, "if_match_invalid").remedy(TAG),
        Fault::Stale => STALE,
        Fault::TooMany(_) => Meaning::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited")
            .remedy("Wait as long as the header Retry-After says."),
        Fault::TeamUnknown => NO_TEAM,
        Fault::PersonUnknown => NO_PERSON,
        Fault::AppUnknown => NO_APP,
        Fault::Team(error) => team(error),
        Fault::Link(error) => onboarding::link(error),
        Fault::Glass(error) => onboarding::glass(error),
        Fault::Settings(error) => onboarding::settings(error),
        Fault::Role(error) => role(error),
        Fault::Token(error) => token(error),
        Fault::App(error) => app(error),
        Fault::Request(error) => onboarding::request(error),
        Fault::Storage(error) => storage(error),
    }
}

/// The status and the stable code of a fault, for pages that refuse the same.
pub(crate) fn told(fault: &Fault) -> (StatusCode, &'static str) {
    let Meaning { status, code, .. } = meaning(fault);
    (status, code)
}

fn team(error: &TeamError) -> Meaning {
    const CONFLICT: StatusCode = StatusCode::CONFLICT;
    const INVALID: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
    match error {
        TeamError::Exists(_) => Meaning::new(CONFLICT, "team_exists")
            .saying("This Team ID is taken.")
            .remedy("Choose another Team ID, or change the team that has it."),
        TeamError::UsedBefore(_) => Meaning::new(CONFLICT, "team_id_used_before"),
        TeamError::CallbackPathTaken(_) => Meaning::new(CONFLICT, "callback_path_taken"),
        TeamError::Unknown(_) => NO_TEAM,
        TeamError::Reserved(_) => Meaning::new(INVALID, "team_id_reserved"),
        TeamError::SharedIssuer(_) => Meaning::new(INVALID, "requirement_needed")
            .saying("This issuer is shared by many organisations.")
            .remedy(
                "Say whose people are meant: a “requirement” of hd=DOMAIN at Google, tid=TENANT at Entra.",
            ),
        TeamError::SecretNeeded => Meaning::new(INVALID, "client_secret_needed")
            .saying("An enabled connection needs a client secret.")
            .remedy("Send client_secret too."),
        TeamError::SecretNeededAgain => {
            Meaning::new(INVALID, "client_secret_needed").remedy("Send client_secret too.")
        }
        TeamError::ConnectionMissing => Meaning::new(INVALID, "connection_missing")
            .saying("The team has no connection yet.")
            .remedy("Send issuer and client_id together, or make a setup link for its own admin."),
        TeamError::NotTested => Meaning::new(CONFLICT, "not_tested")
            .saying("These settings have not passed a test sign-in.")
            .remedy("Test them on the settings page, or enable them on your word by PUT …/connection."),
        TeamError::NoSuchVersion => Meaning::new(CONFLICT, "version_conflict")
            .saying("There are no such settings, or they changed a moment ago."),
        TeamError::SecretExpiry => Meaning::new(INVALID, "client_secret_expires_invalid"),
        TeamError::SecretIsCurrent => Meaning::new(INVALID, "client_secret_is_current"),
        TeamError::NoNextSecret => Meaning::new(CONFLICT, "next_secret_missing")
            .remedy("Send next_client_secret by PUT …/connection."),
        TeamError::NextNotTested => Meaning::new(CONFLICT, "next_secret_not_tested")
            .saying("The next client secret has not passed a test sign-in.")
            .remedy("Test it on the settings page."),
        TeamError::SecretIsClientId => Meaning::new(INVALID, "client_secret_is_client_id"),
        TeamError::PlainHttp(_) => Meaning::new(INVALID, "issuer_plain_http"),
        TeamError::AdminOutsideDomains(_) => Meaning::new(INVALID, "admin_email_outside_domains"),
        TeamError::PostLogoutRedirectUri => Meaning::new(INVALID, "post_logout_redirect_uri_invalid"),
        TeamError::Name => Meaning::new(INVALID, "name_invalid"),
        TeamError::Storage(error) => storage(error),
    }
}

fn role(error: &RoleError) -> Meaning {
    match error {
        RoleError::NotAdmin => Meaning::new(StatusCode::FORBIDDEN, "not_admin"),
        RoleError::Unknown => NO_PERSON,
        RoleError::Stale(_) => STALE,
        RoleError::LastAdmin(_) => Meaning::new(StatusCode::CONFLICT, "last_admin"),
        RoleError::Storage(error) => storage(error),
    }
}

fn token(error: &TeamTokenError) -> Meaning {
    match error {
        TeamTokenError::Name => Meaning::new(StatusCode::UNPROCESSABLE_ENTITY, "name_invalid"),
        TeamTokenError::EndsBefore => Meaning::new(StatusCode::UNPROCESSABLE_ENTITY, "json_invalid"),
        TeamTokenError::TooMany | TeamTokenError::TooManyOfOne => {
            Meaning::new(StatusCode::CONFLICT, "token_limit")
        }
        TeamTokenError::NotAdmin => Meaning::new(StatusCode::FORBIDDEN, "not_admin"),
        TeamTokenError::PersonalOnly | TeamTokenError::NotYours => {
            Meaning::new(StatusCode::FORBIDDEN, "token_personal")
        }
        TeamTokenError::NotKept => Meaning::new(StatusCode::CONFLICT, "token_not_kept"),
        TeamTokenError::Unknown => Meaning::new(StatusCode::NOT_FOUND, "token_unknown"),
        TeamTokenError::Stale => Meaning::new(StatusCode::CONFLICT, "version_conflict"),
        TeamTokenError::Expired => Meaning::new(StatusCode::CONFLICT, "token_expired"),
        TeamTokenError::CallerRevoked | TeamTokenError::SignedOut => NO_TOKEN,
        TeamTokenError::TeamUnknown => NO_TEAM,
        TeamTokenError::Storage(error) => storage(error),
    }
}

fn app(error: &AppError) -> Meaning {
    const INVALID: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
    match error {
        AppError::Name => Meaning::new(INVALID, "name_invalid"),
        AppError::NoAddress => Meaning::new(INVALID, "app_address_needed")
            .saying("An app needs redirect_uris, a host, an initiate_login_uri or a home_url."),
        AppError::TooMany => Meaning::new(INVALID, "app_limit"),
        AppError::PublicWithoutPkce => Meaning::new(INVALID, "app_pkce_needed"),
        AppError::Address { .. } | AppError::OwnHost(_) => Meaning::new(INVALID, "json_invalid"),
        AppError::TeamUnknown(_) => Meaning::new(INVALID, "app_team_unknown")
            .saying("teams names one that is not there.")
            .remedy("GET /api/v1/teams lists them all."),
        AppError::HostTaken(_) => Meaning::new(StatusCode::CONFLICT, "host_taken"),
        AppError::NoSecret => Meaning::new(StatusCode::CONFLICT, "app_public"),
        AppError::Unknown(_) => NO_APP,
        AppError::Changed => STALE,
        AppError::Storage(error) => storage(error),
    }
}

/// Every trouble of the database is one to whoever asks; the log knows more.
const fn storage(error: &StorageError) -> Meaning {
    match error {
        StorageError::Duplicate(_) | StorageError::Unavailable(_) => {
            Meaning::new(StatusCode::SERVICE_UNAVAILABLE, "database_unavailable")
                .saying("The database cannot be asked now.")
                .remedy("Try again in a moment.")
        }
    }
}

impl ResponseError for Fault {
    fn status_code(&self) -> StatusCode {
        meaning(self).status
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// Middleware that tells faults: to whoever asked as a problem document, to the log with the same reference.
pub(crate) async fn answer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let app = request.app_data::<web::Data<App>>().cloned();
    let response = next.call(request).await?.map_into_boxed_body();
    let fault = response.response().error().and_then(Error::as_error::<Fault>);
    match (app, fault) {
        (Some(app), Some(fault)) => {
            let told = tell(&app, fault);
            Ok(response.into_response(told))
        }
        (_, _) => Ok(response),
    }
}

fn tell(app: &App, fault: &Fault) -> HttpResponse {
    let Meaning { status, code, detail, remedy } = meaning(fault);
    let reference = app.reference();
    if status.is_server_error() {
        tracing::error!(%reference, code, error = %fault, "a request to the API failed");
    } else {
        tracing::info!(%reference, code, "a request to the API was refused");
    }
    let mut response = HttpResponse::build(status);
    match fault {
        Fault::TokenMissing => response.insert_header((header::WWW_AUTHENTICATE, "Bearer")),
        Fault::ScopeMissing(scope) => {
            let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{}\"", scope.as_str());
            response.insert_header((header::WWW_AUTHENTICATE, challenge))
        }
        Fault::OperatorAlone => {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer error=\"insufficient_scope\""))
        }
        Fault::TokenInvalid | Fault::TokenInAddress | Fault::Token(TeamTokenError::CallerRevoked) => {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""))
        }
        Fault::Method { allow } => response.insert_header((header::ALLOW, allow.as_str())),
        Fault::TooMany(wait) => {
            let seconds = wait.as_millis().div_ceil(1000).max(1);
            response.insert_header((header::RETRY_AFTER, seconds.to_string()))
        }
        Fault::Nothing
        | Fault::ContentType
        | Fault::TooLarge
        | Fault::Json(_)
        | Fault::Parameter(_)
        | Fault::IfMatchMissing
        | Fault::IfMatchUnreadable
        | Fault::Stale
        | Fault::TeamUnknown
        | Fault::PersonUnknown
        | Fault::AppUnknown
        | Fault::Team(_)
        | Fault::Link(_)
        | Fault::Glass(_)
        | Fault::Settings(_)
        | Fault::Role(_)
        | Fault::Token(_)
        | Fault::App(_)
        | Fault::Request(_)
        | Fault::Storage(_) => &mut response,
    };
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.insert_header((header::RETRY_AFTER, DATABASE_RETRY.as_secs().max(1).to_string()));
    }
    response.insert_header((header::CONTENT_TYPE, "application/problem+json")).json(Problem {
        r#type: "about:blank",
        title: status.canonical_reason().unwrap_or_default(),
        status: status.as_u16(),
        detail: detail.map_or_else(|| fault.to_string(), str::to_owned),
        code,
        reference: reference.to_string(),
        remedy,
    })
}
