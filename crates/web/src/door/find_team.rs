//! `/find_team`: somebody who doesn't know their Team ID gets it by mail. Whatever email is typed, the answer is the same.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pages::words::{failures, find_team as say};
use pages::{FieldProblem, FindTeam, FindTeamSent};
use signin::Verdict;
use vocabulary::Email;

use crate::answer::{self, see_other};
use crate::app::App;
use crate::csrf::is_same_site;
use crate::failed::{Failed, failed, too_many};
use crate::request::{Form, first, query};

/// How much of what was typed comes back, in characters.
const KEPT: usize = 254;

pub(crate) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Failed> {
    let is_sent = first(&query(&request), "sent").is_some();
    let page = if is_sent { FindTeamSent.render(&app.face) } else { FindTeam::default().render(&app.face) };
    Ok(answer::page(page))
}

pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse, Failed> {
    if !is_same_site(&app, &request) {
        return Err(failed(&app, StatusCode::FORBIDDEN, "csrf", failures::csrf()));
    }
    let typed = form.first("email").unwrap_or_default().trim();
    let Ok(email) = Email::parse(typed) else {
        return Ok(wrong(&app, typed));
    };
    let address = app.address(&request);
    if let Verdict::Wait(wait) = app.lookups_by_address.verdict(address, "") {
        return Err(too_many(&app, wait));
    }
    app.lookups_by_address.note(address, "");
    app.lookups.ask(email);
    Ok(see_other("/find_team?sent=1"))
}

fn wrong(app: &App, typed: &str) -> HttpResponse {
    let (code, reference) = ("email_invalid", app.reference());
    tracing::info!(%reference, code, "a lookup of Team IDs was refused");
    let problem = Some(FieldProblem { text: say::EMAIL_WRONG.to_owned(), code, reference });
    let page = FindTeam { typed: typed.chars().take(KEPT).collect(), problem };
    answer::page_with(StatusCode::UNPROCESSABLE_ENTITY, page.render(&app.face))
}
