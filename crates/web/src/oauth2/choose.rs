//! `/oauth2/choose`: with which of the teams open in this browser an app is to be used. The browser remembers it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pages::words::failures;
use pages::{ChooseTeam, TeamChoice};
use provider::AuthorizationRequest;
use sessions::SignedIn;
use url::Url;
use vocabulary::{ReturnTo, TeamId};

use super::authorize::{decide, too_long};
use super::wanted;
use crate::answer::{self, with_cookies};
use crate::app::App;
use crate::cookies;
use crate::csrf;
use crate::failed::{Failed, database, failed, failed_with};
use crate::headers;
use crate::request::Form;
use crate::visitor::{login_address, session};

/// The page that asks.
pub(super) fn page(
    app: &App,
    request: &HttpRequest,
    wanted: &AuthorizationRequest,
    open: &[SignedIn],
) -> HttpResponse {
    let Ok(place) = wanted.path() else { return too_long(app, wanted) };
    let choice = |who: &SignedIn| TeamChoice {
        team_id: who.team.team.team_id.clone(),
        name: who.team.team.name.clone(),
        role: who.role,
        csrf: csrf::token(app, who),
    };
    headers::forms_may_end_at(request, &ends(wanted));
    let teams = open.iter().map(choice).collect();
    answer::page(ChooseTeam { app_name: wanted.app.name.clone(), teams, request: place }.render(&app.face))
}

/// Where the page's form may end: at the app, and at the pages it is known to go on to. None where a sign-in may
/// stand between.
fn ends(wanted: &AuthorizationRequest) -> Vec<String> {
    let Some(back) = wanted.redirect_uri.origin() else { return Vec::new() };
    if wanted.prompt.asks_to_sign_in() || wanted.max_age.is_some() {
        return Vec::new();
    }
    let options = &wanted.app.options;
    let pages = [&options.home_url, &options.initiate_login_uri].into_iter().flatten();
    let mut ends = vec![back];
    ends.extend(pages.map(|page| origin(page.as_url())));
    ends.sort();
    ends.dedup();
    ends
}

fn origin(address: &Url) -> String {
    address.origin().ascii_serialization()
}

pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse, Failed> {
    if !csrf::is_same_site(&app, &request) {
        return Err(failed(&app, StatusCode::FORBIDDEN, "csrf", failures::csrf()));
    }
    let invalid = || failed(&app, StatusCode::UNPROCESSABLE_ENTITY, "form_invalid", failures::form_invalid());
    let place = form.first("request").and_then(|place| ReturnTo::parse(place).ok()).ok_or_else(invalid)?;
    let team = form.first("team_id").and_then(|id| TeamId::parse(id).ok()).ok_or_else(invalid)?;
    let wanted = wanted::at(&app, &place).await.map_err(|error| database(&app, &error))?;
    let wanted = wanted.ok_or_else(invalid)?.of_team(&team);
    let Some(who) = session(&app, &request, &team).await? else {
        let again = (failures::TO_SIGN_IN, login_address(&team, wanted.path().ok().as_ref()));
        let telling = failures::session_required(team.as_str());
        return Err(failed_with(&app, StatusCode::UNAUTHORIZED, "session_required", telling, again));
    };
    csrf::check(&app, &request, &who, &form)?;
    let mut answer = decide(&app, &request, &wanted, &who).await?;
    with_cookies(&mut answer, [cookies::use_with(&app, &wanted.app.id, &team)]);
    Ok(answer)
}
