//! `/operator/requests`: what waits for a decision, then what was decided.

use actix_web::{HttpRequest, HttpResponse, web};
use onboarding::request::{self, Look, Status};
use pages::{ConsoleRequests, ConsoleTab, Pager, RequestRow, RequestStanding, RequestsShown};

use super::desk::{AtDesk, desk};
use super::look::{address, cut, read};
use crate::answer;
use crate::api::requests::is_id;
use crate::app::App;
use crate::failed::Failed;
use crate::request::{first, query};

const HERE: &str = "/operator/requests";
/// How many Team IDs with open requests a page has.
const TEAM_IDS: i64 = 10;
/// How many decided or unconfirmed ones.
const ROWS: i64 = 50;
/// How many of the decided ones stand below the queue.
const LAST_DECIDED: i64 = 10;

pub(crate) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Failed> {
    let desk = match desk(&app, &request).await? {
        AtDesk::Operator(desk) => desk,
        AtDesk::Nobody(answer) => return Ok(answer),
    };
    let query = query(&request);
    let after = first(&query, "after").filter(|id| is_id(id)).map(str::to_owned);
    let (shown, show) = match first(&query, "show") {
        Some("decided") => (RequestsShown::Decided, Some("decided")),
        Some("unconfirmed") => (RequestsShown::Unconfirmed, Some("unconfirmed")),
        Some(_) | None => (RequestsShown::Queue, None),
    };
    let is_first = after.is_none();
    let Found { open, queue, others, next } = find(&app, shown, after).await?;
    let there = |after: Option<&str>| address(HERE, &[("show", show), ("after", after)]);
    let page = ConsoleRequests {
        console: desk.console(&app, ConsoleTab::Requests, None),
        shown,
        open: u64::try_from(open).unwrap_or(0),
        queue: queue.iter().map(|rivals| rivals.looks.iter().map(row).collect()).collect(),
        others: others.iter().map(row).collect(),
        pager: Pager {
            previous: (!is_first).then(|| there(None)),
            next: next.map(|next| there(Some(&next))),
        },
        now: app.now(),
    };
    Ok(answer::page(page.render(&app.face)))
}

/// What a page shows.
#[derive(Default)]
struct Found {
    open: i64,
    queue: Vec<request::Rivals>,
    others: Vec<Look>,
    next: Option<String>,
}

async fn find(app: &web::Data<App>, shown: RequestsShown, after: Option<String>) -> Result<Found, Failed> {
    read(app, move |connection| {
        let (after, most) = (after.as_deref(), ROWS + 1);
        let mut others = match shown {
            RequestsShown::Queue => {
                let open = request::open_count(connection)?;
                let mut queue = request::queue(connection, after, TEAM_IDS + 1)?;
                let next = cut(&mut queue, TEAM_IDS, |rivals| rivals.latest.clone());
                let decided = if after.is_none() { LAST_DECIDED } else { 0 };
                let others = request::decided(connection, None, decided)?;
                return Ok(Found { open, queue, others, next });
            }
            RequestsShown::Decided => request::decided(connection, after, most)?,
            RequestsShown::Unconfirmed => request::list(connection, Some(Status::Unconfirmed), after, most)?,
        };
        let next = cut(&mut others, ROWS, |look| look.request.id.clone());
        Ok(Found { others, next, ..Found::default() })
    })
    .await
}

/// A request in a list.
pub(super) fn row(look: &Look) -> RequestRow {
    let request = &look.request;
    RequestRow {
        id: request.id.clone(),
        company: request.company.clone(),
        contact: request.contact.to_string(),
        team_id: request.team_id.clone(),
        admin_email: request.admin_email.to_string(),
        issuer: request.issuer.as_ref().map(ToString::to_string),
        standing: match request.status {
            Status::Unconfirmed => RequestStanding::Unconfirmed,
            Status::Waiting => RequestStanding::Waiting,
            Status::Asked => RequestStanding::Asked,
            Status::Approved => RequestStanding::Approved,
            Status::Rejected => RequestStanding::Rejected,
        },
        made_at: request.made_at,
    }
}
