//! `/t/{team_id}/logout`: ends this team's session in this browser, and what else its form says.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pages::words::failures;
use pages::{Ended, Idps};
use sessions::SignedIn;
use signout::{Asking, AtIdp, Leaving, Reach};
use teams::OpenTeam;

use crate::answer::see_other_with;
use crate::app::App;
use crate::cookies::{self, Jar};
use crate::csrf;
use crate::failed::{Failed, database, failed};
use crate::mark::{Mark, There};
use crate::request::Form;
use crate::visitor::{open_team, session, sessions_of};

pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
    form: Form,
) -> Result<HttpResponse, Failed> {
    // Another site's form carries no Lax cookie, yet the answer to it could take the session's cookie away.
    if !csrf::is_same_site(&app, &request) {
        return Err(failed(&app, StatusCode::FORBIDDEN, "csrf", failures::csrf()));
    }
    let team = open_team(&app, &request, &path).await?;
    let team_id = &team.team.team_id;
    let signed_out = format!("/t/{team_id}/signed-out");
    let jar = Jar::of(&app, &request);
    let Some(who) = session(&app, &request, team_id).await? else {
        // A session that ended a moment ago, by the first of two clicks, say, is gone all the same.
        let ended = if jar.shows_a_session_of(team_id) { Ended::ThisTeam } else { Ended::Nothing };
        let mark = Mark { ended, there: There::NotWanted };
        return Ok(see_other_with(&signed_out, cookies::go_out(&jar, team_id, &mark)));
    };
    csrf::check(&app, &request, &who, &form)?;
    let leaving = leaving(&app, &jar, who, &form).await?;
    let mut mark = Mark { ended: ended(&leaving), there: There::NotWanted };
    let others = if leaving.beside.is_some() { jar.every_team() } else { Vec::new() };
    let mut kept: Vec<String> = Vec::new();
    for other in others.iter().filter(|other| *other != team_id) {
        kept.extend(cookies::go_out(&jar, other, &mark));
    }
    let asking = signout::leave(&app.door, leaving).await.map_err(|error| database(&app, &error))?;
    let (location, there) = depart(&app, &team, asking).await;
    mark.there = there;
    kept.extend(cookies::go_out(&jar, team_id, &mark));
    Ok(see_other_with(location.as_deref().unwrap_or(&signed_out), kept))
}

/// What the form says.
async fn leaving(app: &App, jar: &Jar<'_>, who: SignedIn, form: &Form) -> Result<Leaving, Failed> {
    let says = |name| form.first(name) == Some("1");
    let beside = if says("browser") {
        let mut open = sessions_of(app, jar, &jar.every_team()).await?;
        open.retain(|other| other.hash != who.hash);
        Some(open)
    } else {
        None
    };
    Ok(Leaving {
        who,
        reach: if says("everywhere") { Reach::EveryBrowser } else { Reach::ThisBrowser },
        beside,
        at_idp: if says("at_idp") { AtIdp::Too } else { AtIdp::Not },
    })
}

fn ended(leaving: &Leaving) -> Ended {
    let Some(beside) = &leaving.beside else {
        return match leaving.reach {
            Reach::ThisBrowser => Ended::ThisTeam,
            Reach::EveryBrowser => Ended::Everywhere,
        };
    };
    let issuer = &leaving.who.team.connection.issuer;
    let elsewhere = beside.iter().any(|other| other.team.connection.issuer != *issuer);
    let idps = if elsewhere { Idps::Several } else { Idps::One };
    match leaving.reach {
        Reach::ThisBrowser => Ended::ThisBrowser(idps),
        Reach::EveryBrowser => Ended::EverywhereAndThisBrowser(idps),
    }
}

/// Where the browser goes when the identity provider is to be asked, and what it remembers of that.
async fn depart(app: &App, team: &OpenTeam, asking: Option<Asking>) -> (Option<String>, There) {
    let Some(asking) = asking else {
        return (None, There::NotWanted);
    };
    match signout::depart(&app.door, team, asking).await {
        Some(departure) => (Some(departure.location), There::Gone(departure.errand)),
        None => (None, There::NotAsked),
    }
}
