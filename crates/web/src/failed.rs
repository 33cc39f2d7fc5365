//! Requests that end otherwise: the one place where an error becomes a status.

use std::fmt;
use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use pages::Failure;
use pages::words::failures::{self, Telling};
use pages::words::find_team;
use pages::words::tokens as say;
use roles::RoleError;
use signin::Verdict;
use tokens::team::TeamTokenError;
use vocabulary::TeamId;

use crate::app::{App, DATABASE_RETRY};

/// An answer that is not what was asked for.
pub struct Failed {
    status: StatusCode,
    page: String,
    retry_after: Option<Duration>,
}

impl Failed {
    pub(crate) const fn page(status: StatusCode, page: String) -> Self {
        Self { status, page, retry_after: None }
    }

    pub(crate) const fn retry_after(mut self, wait: Option<Duration>) -> Self {
        self.retry_after = wait;
        self
    }

    /// For a service that was put together wrongly; no page can be made.
    pub(crate) const fn bare() -> Self {
        Self { status: StatusCode::SERVICE_UNAVAILABLE, page: String::new(), retry_after: None }
    }
}

impl fmt::Debug for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Failed({})", self.status)
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)
    }
}

impl ResponseError for Failed {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if let Some(wait) = self.retry_after {
            response.insert_header((header::RETRY_AFTER, wait.as_secs().max(1).to_string()));
        }
        response.content_type("text/html; charset=utf-8").body(self.page.clone())
    }
}

/// A failure page with a reference of its own, which the log gets too, and the way to the start.
pub(crate) fn failed(app: &App, status: StatusCode, code: &'static str, telling: Telling) -> Failed {
    failed_with(app, status, code, telling, (failures::TO_START, "/".to_owned()))
}

/// The same with another way on.
pub(crate) fn failed_with(
    app: &App,
    status: StatusCode,
    code: &'static str,
    telling: Telling,
    (label, address): (&str, String),
) -> Failed {
    let page = noted(app, code, telling).with_button(label, address);
    Failed::page(status, page.render(&app.face))
}

/// A failure page with a reference of its own, which the log gets too.
pub(crate) fn noted(app: &App, code: &'static str, telling: Telling) -> Failure {
    let reference = app.reference();
    tracing::info!(%reference, code, "a request was refused");
    Failure::new(code, telling, reference)
}

/// The database cannot be asked.
pub(crate) fn database(app: &App, error: &impl fmt::Display) -> Failed {
    let reference = app.reference();
    tracing::error!(%reference, %error, "the database failed");
    let page = Failure::new("database_unavailable", failures::database_unavailable(), reference);
    Failed::page(StatusCode::SERVICE_UNAVAILABLE, page.render(&app.face)).retry_after(Some(DATABASE_RETRY))
}

/// Nothing is here, or nothing of this team's.
pub(crate) fn not_found(app: &App) -> Failed {
    failed(app, StatusCode::NOT_FOUND, "not_found", failures::not_found())
}

/// No open team of this name; one body for unknown, draft, suspended and removed ones.
pub(crate) fn team_unknown(app: &App, request: &HttpRequest, said: &str) -> Failed {
    let said: String = said.chars().take(63).collect();
    no_such_team(app, request, failures::team_unknown(&said))
}

/// The same in other words; 429 for whoever asked for too many.
pub(crate) fn no_such_team(app: &App, request: &HttpRequest, telling: Telling) -> Failed {
    let way_on = (failures::TO_SIGN_IN, "/login_sso".to_owned());
    match app.may_guess(request) {
        Verdict::GoOn => {
            let (label, address) = way_on;
            let page = noted(app, "team_unknown", telling)
                .with_button(label, address)
                .with_button(find_team::DONT_KNOW, "/find_team");
            Failed::page(StatusCode::NOT_FOUND, page.render(&app.face))
        }
        Verdict::Wait(wait) => too_many(app, wait),
    }
}

/// Too many guesses.
pub(crate) fn too_many(app: &App, wait: Duration) -> Failed {
    let way_on = (failures::TO_SIGN_IN, "/login_sso".to_owned());
    failed_with(app, StatusCode::TOO_MANY_REQUESTS, "rate_limited", failures::rate_limited(), way_on)
        .retry_after(Some(wait))
}

/// A change of people that was refused, in the order of docs/reference/http.md; `name` is the person's.
pub(crate) fn role(app: &App, team: &teams::OpenTeam, name: &str, error: &RoleError) -> Failed {
    let back = (failures::BACK_TO_TEAM, format!("/t/{}/team", team.team.team_id));
    match error {
        RoleError::NotAdmin => {
            failed_with(app, StatusCode::FORBIDDEN, "not_admin", failures::not_admin_roles(), back)
        }
        RoleError::Unknown => not_found(app),
        RoleError::Stale(now) => {
            let fresh = failures::stands_as(name, now.role);
            failed_with(
                app,
                StatusCode::CONFLICT,
                "version_conflict",
                failures::version_conflict(&fresh),
                back,
            )
        }
        RoleError::LastAdmin(_) => {
            failed_with(app, StatusCode::CONFLICT, "last_admin", failures::last_admin(&team.team.name), back)
        }
        RoleError::Storage(error) => database(app, error),
    }
}

/// A change of API tokens that was refused.
pub(crate) fn token(app: &App, team: &TeamId, error: &TeamTokenError) -> Failed {
    let back = (say::BACK, format!("/t/{team}/tokens"));
    let conflict = StatusCode::CONFLICT;
    match error {
        TeamTokenError::NotAdmin => {
            failed_with(app, StatusCode::FORBIDDEN, "not_admin", say::not_admin(), back)
        }
        TeamTokenError::TooMany => {
            failed_with(app, conflict, "token_limit", say::limit(tokens::team::MOST), back)
        }
        TeamTokenError::TooManyOfOne => {
            failed_with(app, conflict, "token_limit", say::limit_of_one(tokens::team::MOST_PERSONAL), back)
        }
        TeamTokenError::NotYours | TeamTokenError::PersonalOnly => {
            failed_with(app, StatusCode::FORBIDDEN, "token_personal", say::not_yours(), back)
        }
        TeamTokenError::NotKept => failed_with(app, conflict, "token_not_kept", say::not_kept(), back),
        TeamTokenError::SignedOut => {
            let again = (say::BACK, format!("/t/{team}/tokens"));
            let telling = failures::session_required(team.as_str());
            failed_with(app, StatusCode::UNAUTHORIZED, "session_required", telling, again)
        }
        TeamTokenError::Stale => failed_with(app, conflict, "version_conflict", say::stale(), back),
        TeamTokenError::Expired => failed_with(app, conflict, "token_expired", say::expired(), back),
        TeamTokenError::Name | TeamTokenError::EndsBefore => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            failed_with(app, status, "form_invalid", failures::form_invalid(), back)
        }
        TeamTokenError::Unknown | TeamTokenError::CallerRevoked | TeamTokenError::TeamUnknown => {
            not_found(app)
        }
        TeamTokenError::Storage(error) => database(app, error),
    }
}
