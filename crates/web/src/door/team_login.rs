//! `/t/{team_id}/login`: starts a team's sign-in; a link to keep.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use people::CameBy;
use signin::{Refused, Trace, Wish};
use teams::OpenTeam;
use upstream::{Hints, Prompt};
use vocabulary::ReturnTo;

use crate::answer::{nothing, see_other_with};
use crate::app::App;
use crate::cookies::{self, Jar};
use crate::door::refused;
use crate::failed::{Failed, database};
use crate::oauth2::wanted;
use crate::request::{first, is_navigation, is_own_click, query};
use crate::team::apps;
use crate::visitor::{open_team, session};

pub(crate) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failed> {
    let team = open_team(&app, &request, &path).await?;
    if !is_navigation(&request) {
        return Ok(nothing(&request));
    }
    let query = query(&request);
    let return_to = first(&query, "return_to").and_then(|place| ReturnTo::parse(place).ok());
    let login_hint = first(&query, "login_hint").and_then(signin::login_hint);
    let prompt = match first(&query, "prompt") {
        Some("login") => Some(Prompt::Login),
        Some("select_account") => Some(Prompt::SelectAccount),
        Some(_) | None => None,
    };
    let hints = Hints { login_hint, prompt, max_age: None };
    start(&app, &request, &team, Wish { return_to, hints, came_by: CameBy::TeamId }).await
}

/// Whoever has a session of this team goes straight on; everybody else goes to the identity provider.
pub(crate) async fn start(
    app: &App,
    request: &HttpRequest,
    team: &Arc<OpenTeam>,
    wish: Wish,
) -> Result<HttpResponse, Failed> {
    let team_id = &team.team.team_id;
    let wish = wanted::on_behalf(app, team_id, wish).await.map_err(|error| database(app, &error))?;
    if wish.hints.prompt.is_none()
        && let Some(who) = session(app, request, team_id).await?
    {
        let there = apps::way_on(app, team_id, who.role, wish.return_to.as_ref()).await?;
        // The page that asks which team is one of ours, and only a click chooses (docs/decisions/0010).
        let chosen = is_own_click(request) && !there.starts_with("/oauth2/");
        let default = chosen.then(|| cookies::open_by_default(app, team_id));
        return Ok(see_other_with(&there, default.into_iter().collect()));
    }
    begin(app, request, team, wish).await
}

/// To the identity provider.
pub(crate) async fn begin(
    app: &App,
    request: &HttpRequest,
    team: &Arc<OpenTeam>,
    wish: Wish,
) -> Result<HttpResponse, Failed> {
    match signin::begin(&app.door, team, &wish).await {
        Ok(begun) => {
            Ok(see_other_with(&begun.location, cookies::begin(&Jar::of(app, request), begun.cookie)))
        }
        Err(error) => {
            let team = Some(Arc::clone(team));
            let (reference, return_to) = (app.reference(), wish.return_to);
            let refused = Refused { error, reference, team, return_to, trace: Trace::default() };
            let kept = signin::remember(&app.door, &refused, app.address(request)).await;
            Err(refused::page(app, &refused, kept).await)
        }
    }
}
