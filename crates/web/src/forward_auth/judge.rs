//! `/forward-auth`: on our own host the session answers, on an app's host the cookie there.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use apps::AppHost;
use pages::words::forward_auth as say;
use provider::forward_auth::{Stopped, may_pass, person};
use sessions::SignedIn;
use storage::StorageError;
use vocabulary::{ReturnTo, TeamId};

use super::answer::{naming, pass, redirect_to, with_identity};
use super::forwarded::{Place, place};
use super::host;
use super::question::{Nobody, Question};
use super::refusal::{
    Ground, forwarded_invalid, host_unknown, question_invalid, refuse, stopped, unavailable,
};
use crate::app::App;
use crate::cookies::Jar;
use crate::visitor::returning;

pub(crate) async fn get(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    with_identity(judge(&app, &request).await)
}

async fn judge(app: &App, request: &HttpRequest) -> HttpResponse {
    let Some(question) = Question::read(request.query_string()) else {
        return question_invalid(app);
    };
    match place(app, request) {
        Err(_unreadable) => forwarded_invalid(app),
        Ok(Place::Nowhere) => host_unknown(app),
        Ok(Place::Here(way)) => here(app, request, &question, way.as_ref())
            .await
            .unwrap_or_else(|error| unavailable(app, Ground::Ours, &error)),
        Ok(Place::Elsewhere(host, way)) => on_app_host(app, request, &question, (&host, way.as_ref()))
            .await
            .unwrap_or_else(|error| unavailable(app, Ground::Of(&host), &error)),
    }
}

/// On our own host.
async fn here(
    app: &App,
    request: &HttpRequest,
    question: &Question,
    way: Option<&ReturnTo>,
) -> Result<HttpResponse, StorageError> {
    let (jar, product) = (Jar::of(app, request), app.face.product_name.as_str());
    let team = question.demand.team.as_ref();
    let there = match team {
        Some(team) => Found::of(session(app, &jar, team).await?),
        None => chosen(app, &jar).await?,
    };
    let there = match (there, team) {
        (Found::Nobody, Some(_)) => Found::stranger(open(app, &jar).await?),
        (there, _) => there,
    };
    let sign_in = || sign_in_address(app, &jar, team, way);
    match there {
        Found::One(who) => match may_pass(&who, None, &question.demand) {
            Ok(()) => match person(&app.provider, &who).await? {
                Some(person) => Ok(pass(&who, &person)),
                None => Ok(nobody(app, Ground::Ours, product, question, &sign_in())),
            },
            Err(why) => Ok(stopped(app, Ground::Ours, product, &who, (why, &sign_in()))),
        },
        Found::Stranger(who) => {
            Ok(stopped(app, Ground::Ours, product, &who, (Stopped::OtherTeam, &sign_in())))
        }
        Found::Nobody => Ok(nobody(app, Ground::Ours, product, question, &sign_in())),
    }
}

/// Whom the cookies of our own host name.
enum Found {
    /// Them, of the team that counts.
    One(SignedIn),
    /// Nobody of the team that was asked for; but somebody.
    Stranger(SignedIn),
    /// Nobody; or several, and no team was asked for or chosen.
    Nobody,
}

impl Found {
    fn of(who: Option<SignedIn>) -> Self {
        who.map_or(Self::Nobody, Self::One)
    }

    fn stranger(open: Vec<SignedIn>) -> Self {
        open.into_iter().next().map_or(Self::Nobody, Self::Stranger)
    }
}

async fn session(app: &App, jar: &Jar<'_>, team: &TeamId) -> Result<Option<SignedIn>, StorageError> {
    match jar.session(team) {
        Some(token) => app.door.sessions.recognise(team, token, app.now()).await,
        None => Ok(None),
    }
}

/// Every session of this browser that is alive.
async fn open(app: &App, jar: &Jar<'_>) -> Result<Vec<SignedIn>, StorageError> {
    let mut open = Vec::new();
    for team in jar.teams() {
        open.extend(session(app, jar, &team).await?);
    }
    Ok(open)
}

/// The session of the team that this browser opens by default, which no other steps in for; without such a team the
/// only one there is.
async fn chosen(app: &App, jar: &Jar<'_>) -> Result<Found, StorageError> {
    if let Some(team) = jar.default_team() {
        return Ok(Found::of(session(app, jar, &team).await?));
    }
    let mut open = open(app, jar).await?;
    let last = open.pop();
    Ok(if open.is_empty() { Found::of(last) } else { Found::Nobody })
}

/// Where somebody signs in to come back; after a sign-out in this browser, the page that says so, so that nothing signs
/// in again by itself. Where several teams are open, it is the page on which one of them is chosen by a click.
fn sign_in_address(app: &App, jar: &Jar<'_>, team: Option<&TeamId>, way: Option<&ReturnTo>) -> String {
    let path = match team {
        Some(team) if jar.mark(team).is_some() => format!("/t/{team}/signed-out"),
        Some(team) => format!("/t/{team}/login"),
        None => "/login".to_owned(),
    };
    app.door.address(&returning(&path, way))
}

/// On the host of an app.
async fn on_app_host(
    app: &App,
    request: &HttpRequest,
    question: &Question,
    (host, way): (&AppHost, Option<&ReturnTo>),
) -> Result<HttpResponse, StorageError> {
    let Some(product) = app.provider.apps.on_host(host).await? else {
        return Ok(host_unknown(app));
    };
    let ground = Ground::Of(host);
    let sign_in = || host::sign_in_address(host, question.demand.team.as_ref(), way);
    let Some(who) = host::session(app, request, &product, host).await? else {
        return Ok(nobody(app, ground, &product.name, question, &sign_in()));
    };
    if let Err(why) = may_pass(&who, Some(&product), &question.demand) {
        return Ok(stopped(app, ground, &product.name, &who, (why, &sign_in())));
    }
    // Somebody who was erased a moment ago is nobody.
    Ok(match person(&app.provider, &who).await? {
        Some(person) => pass(&who, &person),
        None => nobody(app, ground, &product.name, question, &sign_in()),
    })
}

fn nobody(app: &App, ground: Ground<'_>, product: &str, question: &Question, sign_in: &str) -> HttpResponse {
    match question.nobody {
        Nobody::Redirected => redirect_to(sign_in),
        Nobody::Told => {
            let told = ("session_required", say::session_required(product));
            let way_on = (say::SIGN_IN, sign_in.to_owned());
            naming(sign_in, refuse(app, ground, StatusCode::UNAUTHORIZED, told, way_on))
        }
    }
}
