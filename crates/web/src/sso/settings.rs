//! `/t/{team_id}/settings/sso`: a team's sign-in settings, for its admins.

use actix_web::{HttpRequest, HttpResponse, web};
use vocabulary::Role;

use super::act;
use super::seat::{Seat, Who, not_admin};
use super::shown;
use crate::app::App;
use crate::failed::{Failed, not_found};
use crate::request::{Form, query};
use crate::visitor::{Visitor, visitor};

pub(crate) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failed> {
    let who = match visitor(&app, &request, &path).await? {
        Visitor::SignedIn(who) => who,
        Visitor::Nobody(answer) => return Ok(answer),
    };
    let team = who.team.team.team_id.clone();
    if who.role != Role::Admin {
        return Err(not_admin(&app, &team));
    }
    let seat = Seat { team, who: Who::Admin(who) };
    shown::page(&app, &request, &seat, shown::done(&query(&request))).await
}

pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
    form: Form,
) -> Result<HttpResponse, Failed> {
    let who = match visitor(&app, &request, &path).await? {
        Visitor::SignedIn(who) => who,
        Visitor::Nobody(_) => return Err(not_found(&app)),
    };
    let seat = Seat { team: who.team.team.team_id.clone(), who: Who::Admin(who.clone()) };
    seat.check(&app, &request, &form)?;
    if who.role != Role::Admin {
        return Err(not_admin(&app, &seat.team));
    }
    act::act(&app, &request, &seat, &form).await
}
