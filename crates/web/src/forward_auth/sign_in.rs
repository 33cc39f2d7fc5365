//! `/.teamdoor/sign-in` on an app's host: to the authorization endpoint, as the app itself would go.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pages::words::forward_auth as say;
use provider::forward_auth::{Demand, depart, may_pass};
use vocabulary::{ReturnTo, Role, TeamId};

use super::cookies;
use super::host::{self, Host};
use super::refusal::{Ground, refuse, unavailable};
use crate::answer::{nothing, see_other, see_other_with};
use crate::app::App;
use crate::request::{first, is_navigation, is_own_click, query};

pub(crate) async fn get(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    match host::here(&app, &request).await {
        Ok(here) => start(&app, &request, &here).await,
        Err(answer) => answer,
    }
}

/// Whoever may use the app already goes straight on. No link of a stranger's changes with which team an app is used:
/// another team than the present one takes a click on this very host.
async fn start(app: &App, request: &HttpRequest, here: &Host) -> HttpResponse {
    if !is_navigation(request) {
        return nothing(request);
    }
    let Host { host, app: product } = here;
    let query = query(request);
    let team = first(&query, "team").and_then(|team| TeamId::parse(team).ok());
    let way = host::way(first(&query, "return_to"));
    let there = way.as_ref().map_or("/", ReturnTo::as_str);
    let who = match host::session(app, request, product, host).await {
        Ok(who) => who,
        Err(error) => return unavailable(app, Ground::Of(host), &error),
    };
    let nothing_more = Demand { team: None, min_role: Role::Member };
    if let Some(who) = who.filter(|who| may_pass(who, Some(product), &nothing_more).is_ok()) {
        let present = &who.team.team;
        let Some(other) = team.as_ref().filter(|team| **team != present.team_id) else {
            return see_other(there);
        };
        if !is_own_click(request) {
            let told = ("team_in_use", say::team_in_use(&product.name, &present.name));
            let go_on = (say::USE_DIFFERENT_TEAM, host::sign_in_address(host, Some(other), way.as_ref()));
            return refuse(app, Ground::Of(host), StatusCode::CONFLICT, told, go_on);
        }
    }
    match depart(&app.provider, product, host, team.as_ref(), way.as_ref()) {
        Ok(departure) => see_other_with(&departure.location, cookies::begin(request, host, &departure)),
        Err(error) => unavailable(app, Ground::Of(host), &error),
    }
}
