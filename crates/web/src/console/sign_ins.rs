//! `/operator/sign-ins`: refused sign-ins of all teams, and what a reference on somebody's screen leads to.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use audit::{Filter, Kept};
use pages::{ConsoleReference, ConsoleSignIn, ConsoleSignIns, ConsoleTab, ConsoleTrace, Pager, TraceReader};
use storage::{Connection, StorageError};
use teams::Tenant;
use vocabulary::{ReferenceId, TeamId};

use super::deeds::{Deeds, found};
use super::desk::{AtDesk, Desk, desk};
use super::look::{address, cut, read, typed};
use crate::answer::{self, see_other};
use crate::api::sign_ins::{cursor, read_cursor};
use crate::app::App;
use crate::failed::{Failed, not_found};
use crate::idp;
use crate::request::{first, query};
use crate::sso::sign_ins::facts;

/// How many rows a page has.
const ROWS: i64 = 50;

/// The list. A reference that somebody typed leads to its page.
pub(crate) async fn list(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Failed> {
    let desk = match desk(&app, &request).await? {
        AtDesk::Operator(desk) => desk,
        AtDesk::Nobody(answer) => return Ok(answer),
    };
    let query = query(&request);
    let said = |name| first(&query, name).map(str::trim).filter(|said| !said.is_empty());
    let no_reference = match said("reference").map(|said| (said, ReferenceId::parse(said))) {
        Some((_, Some(reference))) => return Ok(see_other(&format!("/operator/sign-ins/{reference}"))),
        Some((said, None)) => Some(typed(said)),
        None => None,
    };
    let (team, after) = (said("team").map(str::to_lowercase), said("after").and_then(read_cursor));
    let (asked, is_first) = (team.clone(), after.is_none());
    let mut rows = read(&app, move |connection| {
        let most = ROWS + 1;
        match asked.map(|team| TeamId::parse(&team)) {
            None => audit::refusals(connection, after.as_ref(), most),
            Some(Ok(team)) => audit::refusals_of_team(connection, &team, after.as_ref(), most),
            Some(Err(_no_team_id)) => Ok(Vec::new()),
        }
    })
    .await?;
    let there =
        |after: Option<&str>| address("/operator/sign-ins", &[("team", team.as_deref()), ("after", after)]);
    let next = cut(&mut rows, ROWS, cursor).map(|next| there(Some(&next)));
    let page = ConsoleSignIns {
        console: desk.console(&app, ConsoleTab::SignIns, None),
        rows: rows.into_iter().map(row).collect(),
        pager: Pager { previous: (!is_first).then(|| there(None)), next },
        team: team.as_deref().map(typed),
        no_reference,
        now: app.now(),
    };
    Ok(answer::page(page.render(&app.face)))
}

fn row(kept: Kept) -> ConsoleSignIn {
    ConsoleSignIn {
        at: kept.at(),
        reference: kept.reference,
        team_id: kept.team_id,
        code: kept.cause,
        stage: kept.stage,
    }
}

/// What a reference leads to.
pub(crate) async fn one(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failed> {
    let desk = match desk(&app, &request).await? {
        AtDesk::Operator(desk) => desk,
        AtDesk::Nobody(answer) => return Ok(answer),
    };
    let Some(reference) = ReferenceId::parse(&path) else { return Err(not_found(&app)) };
    let asked = reference.clone();
    match read(&app, move |connection| refused(connection, &asked)).await? {
        Some((kept, tenant)) => trace(&app, &desk, reference, kept, tenant.as_ref()),
        None => in_record(&app, &desk, reference).await,
    }
}

/// The refused sign-in, and its team unless that was removed.
fn refused(
    connection: &mut Connection,
    reference: &ReferenceId,
) -> Result<Option<(Kept, Option<Tenant>)>, StorageError> {
    let Some(kept) = audit::by_reference(connection, reference)? else { return Ok(None) };
    let tenant = match TeamId::parse(&kept.team_id) {
        Ok(team) => teams::find(connection, &team)?,
        Err(_no_team_id) => None,
    };
    Ok(Some((kept, tenant)))
}

fn trace(
    app: &App,
    desk: &Desk,
    reference: ReferenceId,
    kept: Kept,
    tenant: Option<&Tenant>,
) -> Result<HttpResponse, Failed> {
    let team_id = TeamId::parse(&kept.team_id).map_err(|_no_team_id| not_found(app))?;
    let name = tenant.map_or_else(|| team_id.to_string(), |tenant| tenant.team.name.clone());
    let connection = tenant.and_then(|tenant| tenant.connection.as_ref());
    let idp = connection.and_then(|connection| idp::of_issuer(&connection.issuer));
    let page = ConsoleTrace {
        console: desk.console(app, ConsoleTab::SignIns, None),
        facts: facts(app, kept, reference, (team_id, name), idp, TraceReader::Operator),
    };
    Ok(answer::page(page.render(&app.face)))
}

/// What the record has of a reference, else that nothing is kept but the log.
async fn in_record(
    app: &web::Data<App>,
    desk: &Desk,
    reference: ReferenceId,
) -> Result<HttpResponse, Failed> {
    let filter = Filter { reference: Some(reference.clone()), ..Filter::default() };
    let Deeds { rows, next: _ } = found(app, filter, None).await?;
    let problem = rows.is_empty().then_some("reference_unknown");
    let status = if problem.is_some() { StatusCode::NOT_FOUND } else { StatusCode::OK };
    let console = desk.console(app, ConsoleTab::SignIns, None);
    let page = ConsoleReference { console, reference, rows, problem, now: app.now() };
    Ok(answer::page_with(status, page.render(&app.face)))
}
