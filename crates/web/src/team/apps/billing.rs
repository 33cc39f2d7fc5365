//! `/t/{team_id}/billing`: the product's billing, for admins.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use apps::{App as Registered, Place, admits};
use pages::words::apps as say;
use vocabulary::{Role, TeamId};

use super::{Opening, admins, back, go, opening};
use crate::answer::nothing;
use crate::app::App;
use crate::failed::{Failed, database, failed_with};
use crate::request::{is_navigation, query};
use crate::visitor::{Visitor, visitor};

pub(crate) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failed> {
    if !is_navigation(&request) {
        return Ok(nothing(&request));
    }
    let who = match visitor(&app, &request, &path).await? {
        Visitor::SignedIn(who) => who,
        Visitor::Nobody(answer) => return Ok(answer),
    };
    let team = &who.team.team;
    if who.role == Role::Member {
        let telling = say::billing_needs_admin(&team.name, &admins(&app, &who).await?);
        return Err(failed_with(&app, StatusCode::FORBIDDEN, "not_admin", telling, back(&team.team_id)));
    }
    if let Some(found) = of_team(&app, &team.team_id).await?
        && let Opening::At { app: opened, place } =
            opening(&app, &team.team_id, who.role, found.id.as_str(), &query(&request)).await?
    {
        return Ok(go(&app, &request, &team.team_id, &opened, &place));
    }
    let telling = say::billing_missing(&app.face.product_name, &team.name);
    Err(failed_with(&app, StatusCode::NOT_FOUND, "billing_missing", telling, back(&team.team_id)))
}

/// The app that is a team's billing: the first by name that is on the web.
pub(crate) async fn of_team(app: &App, team: &TeamId) -> Result<Option<Arc<Registered>>, Failed> {
    let all = app.apps.all().await.map_err(|error| database(app, &error))?;
    let is_billing = |found: &&Arc<Registered>| {
        let is_there = found.options.place == Place::Billing && found.shown_host().is_some();
        is_there && admits(found, team, Role::Admin).is_ok()
    };
    Ok(all.iter().find(is_billing).map(Arc::clone))
}
