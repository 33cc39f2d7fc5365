//! `/forget`: this browser forgets a team it used.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pages::words::failures;
use vocabulary::{ReturnTo, TeamId};

use crate::answer::see_other_with;
use crate::app::App;
use crate::cookies::{self, Jar};
use crate::csrf::is_same_site;
use crate::failed::{Failed, failed};
use crate::request::Form;
use crate::visitor::returning;

pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse, Failed> {
    if !is_same_site(&app, &request) {
        return Err(failed(&app, StatusCode::FORBIDDEN, "csrf", failures::csrf()));
    }
    let invalid = || failed(&app, StatusCode::UNPROCESSABLE_ENTITY, "form_invalid", failures::form_invalid());
    let team = form.first("team_id").and_then(|id| TeamId::parse(id).ok()).ok_or_else(invalid)?;
    let return_to = form.first("return_to").and_then(|place| ReturnTo::parse(place).ok());
    let there = returning("/login", return_to.as_ref());
    Ok(see_other_with(&there, vec![cookies::forget(&Jar::of(&app, &request), &team)]))
}
