//! Pages for whoever is stopped. Some proxies show them on the host of an app, where nothing of ours stands: such a
//! page names our own address as its base, and its policy lets it load from there.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use apps::AppHost;
use pages::words::failures::{self, Telling};
use pages::words::{forward_auth as say, oauth2};
use provider::forward_auth::Stopped;
use sessions::SignedIn;
use storage::StorageError;

use crate::app::{App, DATABASE_RETRY};
use crate::failed::noted;

/// Two years; of the hosts below an app's we know nothing.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// On whose host a page is shown.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ground<'a> {
    Ours,
    Of(&'a AppHost),
}

/// A failure page with a reference of its own, which the log gets too.
pub(super) fn refuse(
    app: &App,
    ground: Ground<'_>,
    status: StatusCode,
    (code, telling): (&'static str, Telling),
    (label, address): (&str, String),
) -> HttpResponse {
    let page = noted(app, code, telling).with_button(label, address);
    let mut response = HttpResponse::build(status);
    response.content_type("text/html; charset=utf-8");
    match ground {
        Ground::Ours => response.body(page.render(&app.face)),
        Ground::Of(host) => {
            let ours = app.door.public_url.origin().ascii_serialization();
            let policy = format!(
                "default-src 'none'; style-src {ours}; img-src {ours} https:; form-action 'none'; \
                 frame-ancestors 'none'; base-uri {ours}"
            );
            response.insert_header((header::CONTENT_SECURITY_POLICY, policy));
            if host.is_https() {
                response.insert_header((header::STRICT_TRANSPORT_SECURITY, HSTS));
            }
            response.body(page.based(app.door.public_url.as_str()).render(&app.face))
        }
    }
}

/// Whom the app or the proxy does not let through. `elsewhere` is where they can sign in with another team.
pub(super) fn stopped(
    app: &App,
    ground: Ground<'_>,
    place: &str,
    who: &SignedIn,
    (why, elsewhere): (Stopped, &str),
) -> HttpResponse {
    use apps::NotAdmitted::{Role, Team};
    let team = &who.team.team.name;
    let (to_start, other_team) =
        ((failures::TO_START, app.door.address("/")), (say::USE_DIFFERENT_TEAM, elsewhere.to_owned()));
    let (told, way_on) = match why {
        Stopped::OtherTeam => (("wrong_team", say::wrong_team(place, team)), other_team),
        Stopped::TooLittle => (("not_admin", say::admins_alone(place, team)), to_start),
        Stopped::NotAdmitted(Team) => (("app_team", oauth2::app_team(place, team)), other_team),
        Stopped::NotAdmitted(Role) => (("app_role", oauth2::app_role(place, team)), to_start),
    };
    refuse(app, ground, StatusCode::FORBIDDEN, told, way_on)
}

/// The database cannot be asked.
pub(super) fn unavailable(app: &App, ground: Ground<'_>, error: &StorageError) -> HttpResponse {
    tracing::error!(%error, "the database failed");
    let home = match ground {
        Ground::Ours => app.door.address("/"),
        Ground::Of(host) => format!("{}/", host.origin()),
    };
    let told = ("database_unavailable", failures::database_unavailable());
    let mut answer = refuse(app, ground, StatusCode::SERVICE_UNAVAILABLE, told, (failures::TRY_AGAIN, home));
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(DATABASE_RETRY.as_secs()));
    answer
}

/// The proxy asks wrongly.
pub(super) fn question_invalid(app: &App) -> HttpResponse {
    bad_request(app, ("question_invalid", say::question_invalid()))
}

/// The proxy contradicts itself.
pub(super) fn forwarded_invalid(app: &App) -> HttpResponse {
    bad_request(app, ("forwarded_invalid", say::forwarded_invalid()))
}

fn bad_request(app: &App, told: (&'static str, Telling)) -> HttpResponse {
    let to_start = (failures::TO_START, app.door.address("/"));
    refuse(app, Ground::Ours, StatusCode::BAD_REQUEST, told, to_start)
}

/// No app lives on this host.
pub(super) fn host_unknown(app: &App) -> HttpResponse {
    let to_start = (failures::TO_START, app.door.address("/"));
    let told = ("host_unknown", say::host_unknown());
    refuse(app, Ground::Ours, StatusCode::FORBIDDEN, told, to_start)
}
