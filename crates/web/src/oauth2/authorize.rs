//! `/oauth2/authorize`: an app asks who is there (`OpenID` Connect Core §3.1.2).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use apps::NotAdmitted;
use pages::words::apps::needs_admin;
use pages::words::oauth2 as say;
use provider::{AuthorizationError, AuthorizationRequest, Decision, PageFault, Unreadable};
use sessions::SignedIn;

use super::{choose, sign_in};
use crate::answer::{nothing, see_other};
use crate::app::App;
use crate::cookies::Jar;
use crate::failed::{Failed, database, failed, failed_with};
use crate::request::{Form, is_frame, is_navigation, query};
use crate::team::apps::admins;
use crate::visitor::{session, sessions_of};

pub(crate) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Failed> {
    let wanted = match read(&app, &query(&request)).await? {
        Read::Wanted(wanted) => wanted,
        Read::Answered(answer) => return Ok(answer),
    };
    // A page is for somebody who navigates here. Without one, a hidden frame of the app may ask.
    let silent = wanted.prompt.is_silent();
    let may_ask = is_navigation(&request) || (silent && is_frame(&request));
    if !may_ask {
        return Ok(nothing(&request));
    }
    match who_of(&app, &request, &wanted).await? {
        Who::Somebody(who) => decide(&app, &request, &wanted, &who).await,
        Who::Nobody if silent => Ok(refuse(&app, &wanted, AuthorizationError::LoginRequired)),
        Who::Nobody => sign_in::begin(&app, &request, &wanted).await,
        Who::Several(_) if silent => Ok(refuse(&app, &wanted, AuthorizationError::AccountSelectionRequired)),
        Who::Several(open) => Ok(choose::page(&app, &request, &wanted, &open)),
    }
}

/// Read and answered with the GET twin: a cross-site POST carries no Lax cookies.
pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse, Failed> {
    match read(&app, &form.0).await? {
        Read::Answered(answer) => Ok(answer),
        Read::Wanted(_) if !is_navigation(&request) => Ok(nothing(&request)),
        Read::Wanted(wanted) => Ok(match wanted.path() {
            Ok(twin) => see_other(twin.as_str()),
            Err(_too_long) => too_long(&app, &wanted),
        }),
    }
}

enum Read {
    /// A request that somebody can answer.
    Wanted(AuthorizationRequest),
    /// One that the app is told about at once.
    Answered(HttpResponse),
}

async fn read(app: &App, said: &[(String, String)]) -> Result<Read, Failed> {
    match provider::read(&app.provider, said).await {
        Ok(wanted) => Ok(Read::Wanted(wanted)),
        Err(Unreadable::Back(answer)) => Ok(Read::Answered(see_other(&answer.location))),
        Err(Unreadable::Page(fault)) => Err(refused(app, &fault)),
        Err(Unreadable::Storage(error)) => Err(database(app, &error)),
    }
}

/// Nobody is sent anywhere when it is not certain whose request this is (RFC 6749 §4.1.2.1).
fn refused(app: &App, fault: &PageFault) -> Failed {
    match fault {
        PageFault::Client => failed(app, StatusCode::BAD_REQUEST, "client_unknown", say::client_unknown()),
        PageFault::RedirectUri(of) => {
            let telling = say::redirect_uri_mismatch(&of.name);
            failed(app, StatusCode::BAD_REQUEST, "redirect_uri_mismatch", telling)
        }
    }
}

/// Who in this browser may answer a request.
enum Who {
    /// This one.
    Somebody(SignedIn),
    /// Nobody is signed in, or not to the team that is named.
    Nobody,
    /// These; which of them, the person says.
    Several(Vec<SignedIn>),
}

/// The team that the request names; else the one that this browser uses the app with; else the only one. A link from
/// anywhere may name a team, so a name does not take an app away from the team that was chosen by a click; nor does
/// another team step in for that one when its session has ended.
async fn who_of(app: &App, request: &HttpRequest, wanted: &AuthorizationRequest) -> Result<Who, Failed> {
    let (jar, asks) = (Jar::of(app, request), wanted.prompt.asks_which_team());
    let chosen = jar.team_for(&wanted.app.id);
    if let Some(team) = &wanted.team {
        let named = if asks { None } else { session(app, request, team).await? };
        let Some(named) = named else { return Ok(Who::Nobody) };
        let other = chosen.filter(|chosen| chosen != team && !wanted.prompt.is_silent());
        let mut open = sessions_of(app, &jar, other.as_slice()).await?;
        open.retain(|who| is_for(wanted, who));
        if open.is_empty() {
            return Ok(Who::Somebody(named));
        }
        open.push(named);
        return Ok(Who::Several(open));
    }
    let mut teams = jar.teams();
    teams.extend(chosen.clone().filter(|chosen| !teams.contains(chosen)));
    let mut open = sessions_of(app, &jar, &teams).await?;
    open.retain(|who| is_for(wanted, who));
    let at = open.iter().position(|who| Some(&who.team.team.team_id) == chosen.as_ref());
    Ok(match (at, open.len()) {
        (_, 0) => Who::Nobody,
        (Some(at), _) if !asks => Who::Somebody(open.swap_remove(at)),
        (None, 1) if !asks && chosen.is_none() => Who::Somebody(open.swap_remove(0)),
        (_, _) => Who::Several(open),
    })
}

/// Whether the app is for the team of this session.
fn is_for(wanted: &AuthorizationRequest, who: &SignedIn) -> bool {
    apps::admits(&wanted.app, &who.team.team.team_id, who.role) != Err(NotAdmitted::Team)
}

/// The answer for somebody who is signed in.
pub(super) async fn decide(
    app: &App,
    request: &HttpRequest,
    wanted: &AuthorizationRequest,
    who: &SignedIn,
) -> Result<HttpResponse, Failed> {
    let decision = provider::authorize(&app.provider, wanted, who).await;
    match decision.map_err(|error| database(app, &error))? {
        Decision::Answer(answer) => Ok(see_other(&answer.location)),
        Decision::SignInAgain(again) => sign_in::again(app, request, wanted, &who.team, again).await,
        Decision::NotAdmitted(why) => Err(not_admitted(app, wanted, who, why).await?),
    }
}

/// Somebody who may not use the app reads so here: the app could say no more than that it failed.
async fn not_admitted(
    app: &App,
    wanted: &AuthorizationRequest,
    who: &SignedIn,
    why: NotAdmitted,
) -> Result<Failed, Failed> {
    let (name, team) = (&wanted.app.name, &who.team.team);
    let (code, telling) = match why {
        NotAdmitted::Team => ("app_team", say::app_team(name, &team.name)),
        NotAdmitted::Role => ("app_role", needs_admin(name, &team.name, &admins(app, who).await?)),
    };
    let to_team = (say::to_team(&team.name), format!("/t/{}", team.team_id));
    Ok(failed_with(app, StatusCode::FORBIDDEN, code, telling, (&to_team.0, to_team.1)))
}

/// Back to the app without a code.
pub(super) fn refuse(app: &App, wanted: &AuthorizationRequest, error: AuthorizationError) -> HttpResponse {
    see_other(&provider::refuse(&app.provider, wanted, error).location)
}

/// The same for a request that cannot be come back to; reading it has seen to that before.
pub(super) fn too_long(app: &App, wanted: &AuthorizationRequest) -> HttpResponse {
    refuse(app, wanted, AuthorizationError::InvalidRequest("The request is too long."))
}
