//! The page of a request.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use audit::Actor;
use onboarding::KeptCheck;
use onboarding::request::{self, Look, Request};
use pages::words::console::requests as say;
use pages::words::sso;
use pages::{Compared, ConsoleRequest, ConsoleTab, Finding, FindingState, RequestChecks, RequestDeeds};
use serde_json::Value;
use storage::{Connection, StorageError};
use upstream::Difference;
use vocabulary::{PersonId, TeamId, Timestamp};

use crate::answer;
use crate::api::requests::is_id;
use crate::app::App;
use crate::console::deeds;
use crate::console::desk::{AtDesk, Desk, desk};
use crate::console::look::read;
use crate::console::requests::row;
use crate::failed::{Failed, failed_with};
use crate::request::{first, query};

/// How many rivals are read; the page says how many of them there are.
const RIVALS: usize = 100;

pub(crate) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failed> {
    let desk = match desk(&app, &request).await? {
        AtDesk::Operator(desk) => desk,
        AtDesk::Nobody(answer) => return Ok(answer),
    };
    let notice = match first(&query(&request), "done") {
        Some("asked") => Some(say::DONE_ASKED),
        Some("rejected") => Some(say::DONE_REJECTED),
        Some("checked") => Some(say::DONE_CHECKED),
        Some(_) | None => None,
    };
    let page = page(&app, &desk, path.into_inner(), notice, RequestDeeds::default()).await?;
    Ok(answer::page(page.render(&app.face)))
}

/// The page again, with what was typed and what is wrong with it.
pub(super) async fn again(
    app: &web::Data<App>,
    desk: &Desk,
    id: String,
    typed: RequestDeeds,
) -> Result<HttpResponse, Failed> {
    let page = page(app, desk, id, None, typed).await?;
    Ok(answer::page_with(StatusCode::UNPROCESSABLE_ENTITY, page.render(&app.face)))
}

/// The request with this id; what is no id names none.
pub(super) async fn look(app: &web::Data<App>, id: String) -> Result<Look, Failed> {
    Ok(find(app, id).await?.look)
}

pub(super) fn unknown(app: &App) -> Failed {
    let all = (say::TO_ALL, "/operator/requests".to_owned());
    failed_with(app, StatusCode::NOT_FOUND, "request_unknown", say::unknown(), all)
}

struct Found {
    look: Look,
    rivals: Vec<Look>,
    names: HashMap<PersonId, String>,
}

async fn find(app: &web::Data<App>, id: String) -> Result<Found, Failed> {
    if !is_id(&id) {
        return Err(unknown(app));
    }
    let operators = app.operators.clone();
    let found = read(app, move |connection| {
        let Some(look) = request::find(connection, &id)? else { return Ok(None) };
        let rivals = look.rivals.iter().take(RIVALS).map(|id| request::find(connection, id));
        let rivals = rivals.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        let names = decided_by(connection, &look.request, operators.as_ref())?;
        Ok(Some(Found { look, rivals, names }))
    });
    found.await?.ok_or_else(|| unknown(app))
}

/// The name of the operator who decided in the console.
fn decided_by(
    connection: &mut Connection,
    request: &Request,
    operators: Option<&TeamId>,
) -> Result<HashMap<PersonId, String>, StorageError> {
    let actor = request.decided_by.as_deref().map(Actor::parse);
    match (actor, operators) {
        (Some(Actor::Console(id)), Some(operators)) => roles::names(connection, operators, &[id]),
        (_, _) => Ok(HashMap::new()),
    }
}

async fn page(
    app: &web::Data<App>,
    desk: &Desk,
    id: String,
    notice: Option<&str>,
    typed: RequestDeeds,
) -> Result<ConsoleRequest, Failed> {
    let Found { look, rivals, names } = find(app, id).await?;
    let request = &look.request;
    let by = |by: &String| deeds::actor(&Actor::parse(by), &names);
    Ok(ConsoleRequest {
        console: desk.console(app, ConsoleTab::Requests, notice.map(str::to_owned)),
        row: row(&look),
        client_id: request.client_id.as_ref().map(ToString::to_string),
        has_secret: request.sealed_secret.is_some(),
        note: request.note.clone(),
        decided: request.decided_at.zip(request.decided_by.as_ref().map(by)),
        remarks: look.remarks.iter().map(|remark| remark.message.clone()).collect(),
        rivals: rivals.iter().map(row).collect(),
        checks: RequestChecks {
            last: request.checks.as_ref().and_then(last),
            possible: request.issuer.is_some() && request.client_id.is_some(),
        },
        deeds: request.is_open().then_some(typed),
        now: app.now(),
    })
}

/// The checks that were kept, and when they were made.
fn last(kept: &Value) -> Option<(Timestamp, Vec<Finding>)> {
    let at = Timestamp::parse(kept["at"].as_str()?)?;
    let checks: Vec<KeptCheck> = serde_json::from_value(kept["checks"].clone()).ok()?;
    Some((at, checks.iter().map(finding).collect()))
}

fn finding(check: &KeptCheck) -> Finding {
    let compared = check.expected.as_deref().zip(check.got.as_deref()).map(|(expected, got)| {
        let parts = Difference::between(expected, got);
        Compared {
            before: parts.before.to_owned(),
            entered: parts.expected.to_owned(),
            said: parts.got.to_owned(),
            after: parts.after.to_owned(),
            offered: false,
        }
    });
    Finding {
        state: if check.ok { FindingState::Passed } else { FindingState::Failed },
        title: sso::check_title(&check.name).to_owned(),
        message: Some(check.message.clone()),
        remedy: check.remedy.clone(),
        compared,
    }
}
