//! What is asked about first: suspending and removing a team. The Team ID is typed on a page of its own.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use pages::words::console::team as say;
use pages::{ConsoleSure, ConsoleTab, DangerousDeed, FieldProblem};

use super::act::Seat;
use super::team::{address, find};
use crate::answer::{self, see_other};
use crate::api::problem::Fault;
use crate::failed::{Failed, failed_with};

/// Asks, or does it when the Team ID was typed.
pub(super) async fn ask(
    seat: &Seat<'_>,
    deed: DangerousDeed,
    typed: Option<&str>,
) -> Result<HttpResponse, Failed> {
    if seat.app.operators.as_ref() == Some(&seat.team) {
        let (code, back) = ("operators_team", (say::BACK_TO_TEAM, address(&seat.team)));
        return Err(failed_with(seat.app, StatusCode::CONFLICT, code, say::refused(code), back));
    }
    if typed.is_some_and(|typed| typed.trim() == seat.team.as_str()) {
        return act(seat, deed).await;
    }
    let found = find(seat.app, &seat.team).await?;
    let problem = typed.map(|_| FieldProblem {
        code: "form_invalid",
        text: say::TYPED_WRONG.to_owned(),
        reference: seat.app.reference(),
    });
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = ConsoleSure {
        console: seat.desk.console(seat.app, ConsoleTab::Teams, None),
        team_id: seat.team.clone(),
        team_name: found.tenant.team.name,
        deed,
        typed: typed.unwrap_or_default().chars().take(100).collect(),
        problem,
    };
    Ok(answer::page_with(status, page.render(&seat.app.face)))
}

async fn act(seat: &Seat<'_>, deed: DangerousDeed) -> Result<HttpResponse, Failed> {
    let team = seat.team.clone();
    let done = seat.desk.act(seat.app, move |tx, operator, _, _| {
        match deed {
            DangerousDeed::Suspend => onboarding::suspend(tx, operator, &team)?,
            DangerousDeed::Remove => onboarding::remove(tx, operator, &team)?,
        }
        Ok::<_, Fault>(())
    });
    let done = done.await?;
    match deed {
        DangerousDeed::Suspend => seat.ended(done, "suspended"),
        DangerousDeed::Remove => done
            .map(|()| see_other(&format!("/operator?removed={}", seat.team)))
            .map_err(|fault| seat.refused(&fault)),
    }
}
