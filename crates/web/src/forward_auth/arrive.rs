//! `/.teamdoor/arrive` on an app's host: the end of a sign-in, for the browser that began it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pages::words::failures;
use pages::words::forward_auth as say;
use provider::forward_auth::{Arrival, ArrivalError, arrive};
use vocabulary::ReturnTo;

use super::cookies;
use super::host::{self, Host};
use super::refusal::{Ground, refuse, unavailable};
use crate::answer::{nothing, see_other, see_other_with};
use crate::app::App;
use crate::request::{is_navigation, query};

pub(crate) async fn get(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    match host::here(&app, &request).await {
        Ok(here) => finish(&app, &request, &here).await,
        Err(answer) => answer,
    }
}

async fn finish(app: &App, request: &HttpRequest, here: &Host) -> HttpResponse {
    if !is_navigation(request) {
        return nothing(request);
    }
    let query = query(request);
    let Some(arrival) = read(&query) else {
        return stale(app, here, "state_unknown", None);
    };
    let Some(key) = arrival.key() else {
        let code = if arrival.state.is_empty() { "state_missing" } else { "state_unknown" };
        return stale(app, here, code, None);
    };
    let kept = cookies::under_way(request, &here.host, key);
    match arrive(&app.provider, &here.app, &here.host, arrival, kept).await {
        Ok(arrived) => {
            let come_in = cookies::come_in(&here.host, &arrived.cookie, arrived.lasts);
            see_other_with(arrived.return_to.as_str(), vec![come_in, cookies::ended(&here.host, key)])
        }
        Err(error) => refused(app, request, here, &error).await,
    }
}

/// The response's parameters, each at most once.
fn read(query: &[(String, String)]) -> Option<Arrival<'_>> {
    let one = |name| {
        let mut values = query.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let first = values.next();
        values.next().is_none().then_some(first)
    };
    Some(Arrival {
        state: one("state")?.unwrap_or_default(),
        iss: one("iss")?,
        code: one("code")?,
        error: one("error")?,
    })
}

/// A browser without the cookie of this sign-in. One that went back after it came in goes on; any other begins again.
async fn lost(app: &App, request: &HttpRequest, here: &Host) -> HttpResponse {
    match host::session(app, request, &here.app, &here.host).await {
        Ok(Some(_)) => see_other("/"),
        Ok(None) => {
            let told = ("attempt_cookie_missing", failures::attempt_cookie_missing());
            again(app, here, StatusCode::BAD_REQUEST, told, None)
        }
        Err(error) => unavailable(app, Ground::Of(&here.host), &error),
    }
}

async fn refused(app: &App, request: &HttpRequest, here: &Host, error: &ArrivalError) -> HttpResponse {
    let place = &here.app.name;
    match error {
        ArrivalError::CookieMissing => lost(app, request, here).await,
        ArrivalError::StateUnknown => stale(app, here, "state_unknown", None),
        ArrivalError::Expired(way) => stale(app, here, "state_expired", Some(way)),
        ArrivalError::NotOurs(way) => {
            let told = ("issuer_param_mismatch", failures::wrong_answer());
            again(app, here, StatusCode::BAD_REQUEST, told, Some(way))
        }
        ArrivalError::Refused(why, way) => {
            tracing::info!(%why, app = %here.app.id, "a sign-in on an app's host was refused");
            let told = ("sign_in_refused", say::sign_in_refused(place));
            again(app, here, StatusCode::FORBIDDEN, told, Some(way))
        }
        ArrivalError::Code(why, way) => {
            tracing::info!(%why, app = %here.app.id, "a code was refused on an app's host");
            let told = ("code_rejected", say::code_rejected(place));
            again(app, here, StatusCode::BAD_REQUEST, told, Some(way))
        }
        ArrivalError::Storage(error) => unavailable(app, Ground::Of(&here.host), error),
    }
}

fn stale(app: &App, here: &Host, code: &'static str, way: Option<&ReturnTo>) -> HttpResponse {
    again(app, here, StatusCode::BAD_REQUEST, (code, failures::stale_link()), way)
}

/// A page from which the sign-in begins again and keeps where the person was going.
fn again(
    app: &App,
    here: &Host,
    status: StatusCode,
    told: (&'static str, failures::Telling),
    way: Option<&ReturnTo>,
) -> HttpResponse {
    let address = host::sign_in_address(&here.host, None, way);
    refuse(app, Ground::Of(&here.host), status, told, (failures::START_AGAIN, address))
}
