//! `/operator/health`: how the connections of all teams fare, those that are not well first.

use actix_web::{HttpRequest, HttpResponse, web};
use health::{Judgement, Place, Report};
use pages::{ConsoleHealth, ConsoleLastBad, ConsoleTab, ConsoleWell, Pager, Wellness};

use super::desk::{AtDesk, desk};
use super::look::{address, cut, read};
use crate::answer;
use crate::app::App;
use crate::failed::Failed;
use crate::request::{first, query};

/// How many rows a page has.
const ROWS: i64 = 30;

pub(crate) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Failed> {
    let desk = match desk(&app, &request).await? {
        AtDesk::Operator(desk) => desk,
        AtDesk::Nobody(answer) => return Ok(answer),
    };
    let after = first(&query(&request), "after").and_then(Place::parse);
    let is_first = after.is_none();
    let mut found =
        read(&app, move |connection| health::worst_first(connection, after.as_ref(), ROWS + 1)).await?;
    let next = cut(&mut found, ROWS, |row| row.place().to_string());
    let page = ConsoleHealth {
        console: desk.console(&app, ConsoleTab::Health, None),
        rows: found
            .iter()
            .map(|row| well(row.report(&app.door.address(&row.callback_path), app.now())))
            .collect(),
        pager: Pager {
            previous: (!is_first).then(|| "/operator/health".to_owned()),
            next: next.map(|next| address("/operator/health", &[("after", Some(&next))])),
        },
        now: app.now(),
    };
    Ok(answer::page(page.render(&app.face)))
}

fn well(report: Report) -> ConsoleWell {
    ConsoleWell {
        team_id: report.team_id,
        wellness: match report.judgement {
            Judgement::Well => Wellness::Well,
            Judgement::Quiet => Wellness::Quiet,
            Judgement::NobodyComesBack => Wellness::NobodyComesBack,
            Judgement::Failing => Wellness::Failing,
            Judgement::Unreachable => Wellness::Unreachable,
        },
        message: report.message,
        remedy: report.remedy,
        started: report.started,
        returned: report.returned,
        finished: report.finished,
        refused: report.refused,
        last_good: report.last_good_at,
        last_bad: report.last_bad.map(|bad| ConsoleLastBad {
            at: bad.at,
            cause: bad.cause,
            reference: bad.reference,
        }),
    }
}
