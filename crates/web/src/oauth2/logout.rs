//! `/oauth2/logout`: an app signs somebody out (`OpenID` Connect RP-Initiated Logout 1.0). With an ID token of this
//! browser's own session it does so at once; otherwise the person is asked.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pages::words::{failures, oauth2 as say};
use pages::{ConfirmSignOut, Ended, OpenTeamHere};
use provider::logout::{LogoutFault, LogoutRequest};
use sessions::SignedIn;
use signout::{AtIdp, Leaving, Reach};
use url::{Url, form_urlencoded};
use vocabulary::TeamId;

use crate::answer::{self, nothing, see_other, see_other_with};
use crate::app::App;
use crate::cookies::{self, Jar};
use crate::csrf;
use crate::failed::{Failed, database, failed};
use crate::headers;
use crate::mark::{Mark, There};
use crate::request::{Form, first, is_navigation, query};
use crate::visitor::{session, sessions_of};

/// What an app may say; `ui_locales` and what else there is means nothing here.
const SAID: [&str; 4] = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state"];

pub(crate) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Failed> {
    if !is_navigation(&request) {
        return Ok(nothing(&request));
    }
    let said = query(&request);
    let asked = read(&app, &said).await?;
    let open = open_sessions(&app, &request, &asked).await?;
    let proven = open.iter().find(|who| asked.is_about(who));
    match (proven, open.is_empty()) {
        (Some(who), _) => leave(&app, &request, &asked, who.clone()).await,
        (None, true) => Ok(gone(&app, &asked)),
        (None, false) => Ok(confirm(&app, &request, &asked, &said, &open)),
    }
}

/// The form of the page that asks; or an app's, which is answered with its GET twin: a cross-site POST carries no Lax
/// cookies.
pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse, Failed> {
    let asked = read(&app, &form.0).await?;
    // No app says a team: that is our own form's.
    let Some(team) = form.first("team_id") else {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept(&form.0)).finish();
        return Ok(see_other(&format!("/oauth2/logout?{query}")));
    };
    if !csrf::is_same_site(&app, &request) {
        return Err(failed(&app, StatusCode::FORBIDDEN, "csrf", failures::csrf()));
    }
    let invalid = || failed(&app, StatusCode::UNPROCESSABLE_ENTITY, "form_invalid", failures::form_invalid());
    let team = TeamId::parse(team).map_err(|_no_team_id| invalid())?;
    let Some(who) = session(&app, &request, &team).await? else { return Ok(gone(&app, &asked)) };
    csrf::check(&app, &request, &who, &form)?;
    leave(&app, &request, &asked, who).await
}

async fn read(app: &App, said: &[(String, String)]) -> Result<LogoutRequest, Failed> {
    provider::logout::read(&app.provider, said).await.map_err(|fault| {
        let (code, telling) = match fault {
            LogoutFault::Doubled | LogoutFault::Hint => {
                ("logout_request_invalid", say::logout_request_invalid())
            }
            LogoutFault::Client => ("client_unknown", say::client_unknown()),
            LogoutFault::Address => {
                ("post_logout_redirect_uri_mismatch", say::post_logout_redirect_uri_mismatch())
            }
            LogoutFault::Storage(error) => return database(app, &error),
        };
        failed(app, StatusCode::BAD_REQUEST, code, telling)
    })
}

/// What an app said, without what else stands there.
fn kept(said: &[(String, String)]) -> impl Iterator<Item = (&'static str, &str)> {
    SAID.into_iter().filter_map(|name| Some((name, first(said, name)?)))
}

/// The sessions in this browser that may be meant: of the team that the ID token names, or all.
async fn open_sessions(
    app: &App,
    request: &HttpRequest,
    asked: &LogoutRequest,
) -> Result<Vec<SignedIn>, Failed> {
    let jar = Jar::of(app, request);
    let teams = asked.session.as_ref().map_or_else(|| jar.teams(), |(team, _)| vec![team.clone()]);
    sessions_of(app, &jar, &teams).await
}

/// Ends a session as its own sign-out form does, and goes where the app says.
async fn leave(
    app: &App,
    request: &HttpRequest,
    asked: &LogoutRequest,
    who: SignedIn,
) -> Result<HttpResponse, Failed> {
    let team = who.team.team.team_id.clone();
    let leaving = Leaving { who, reach: Reach::ThisBrowser, beside: None, at_idp: AtIdp::Not };
    signout::leave(&app.door, leaving).await.map_err(|error| database(app, &error))?;
    let mark = Mark { ended: Ended::ThisTeam, there: There::NotWanted };
    let there = asked.back.clone().unwrap_or_else(|| format!("/t/{team}/signed-out"));
    Ok(see_other_with(&there, cookies::go_out(&Jar::of(app, request), &team, &mark)))
}

/// Nothing is there to end.
fn gone(app: &App, asked: &LogoutRequest) -> HttpResponse {
    match (&asked.back, &asked.session) {
        (Some(back), _) => see_other(back),
        (None, Some((team, _))) => see_other(&format!("/t/{team}/signed-out")),
        (None, None) => {
            let nobody = ConfirmSignOut { app_name: None, teams: Vec::new(), fields: Vec::new() };
            answer::page(nobody.render(&app.face))
        }
    }
}

fn confirm(
    app: &App,
    request: &HttpRequest,
    asked: &LogoutRequest,
    said: &[(String, String)],
    open: &[SignedIn],
) -> HttpResponse {
    if let Some(back) = &asked.back {
        let origin = Url::parse(back).ok().map(|back| back.origin()).filter(url::Origin::is_tuple);
        let origin: Vec<String> = origin.map(|origin| origin.ascii_serialization()).into_iter().collect();
        headers::forms_may_end_at(request, &origin);
    }
    let here = |who: &SignedIn| OpenTeamHere {
        team_id: who.team.team.team_id.clone(),
        name: who.team.team.name.clone(),
        csrf: csrf::token(app, who),
    };
    let page = ConfirmSignOut {
        app_name: asked.app.as_ref().map(|of| of.name.clone()),
        teams: open.iter().map(here).collect(),
        fields: kept(said).map(|(name, value)| (name, value.to_owned())).collect(),
    };
    answer::page(page.render(&app.face))
}
