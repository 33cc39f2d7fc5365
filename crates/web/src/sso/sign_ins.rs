//! `/t/{team_id}/settings/sso/sign-ins`: why people could not come in, for the team's admins.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use audit::Kept;
use pages::words::failures;
use pages::words::traces as say;
use pages::{Pager, Tab, Trace, TraceFacts, TraceReader, TraceRow, TraceTimes, Traces};
use people::Person;
use sessions::SignedIn;
use storage::{Connection, StorageError};
use vocabulary::{ReferenceId, Role, TeamId};

use crate::answer::{self, see_other};
use crate::api::sign_ins::{cursor, read_cursor};
use crate::app::App;
use crate::failed::{Failed, database, failed_with, not_found};
use crate::idp;
use crate::request::{first, query};
use crate::team::house::house;
use crate::visitor::{Visitor, visitor};

const ROWS: i64 = 50;

/// The list; a reference that somebody typed leads to its page when it is one of this team's.
pub(crate) async fn list(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failed> {
    let who = match admin(&app, &request, &path).await? {
        Visitor::SignedIn(who) => who,
        Visitor::Nobody(answer) => return Ok(answer),
    };
    let query = query(&request);
    let typed = first(&query, "reference").map(str::trim).filter(|typed| !typed.is_empty());
    if let Some(typed) = typed {
        return find(&app, &request, &who, typed).await;
    }
    let after = first(&query, "after").and_then(read_cursor);
    let is_first = after.is_none();
    let (me, mut rows) = read(&app, &who, move |connection, team| {
        audit::refusals_of_team(connection, team, after.as_ref(), ROWS + 1)
    })
    .await?;
    let more = i64::try_from(rows.len()).is_ok_and(|rows| rows > ROWS);
    if more {
        rows.pop();
    }
    let all = address(&who.team.team.team_id);
    let next = rows.last().filter(|_| more).map(|last| format!("{all}?after={}", cursor(last)));
    let pager = Pager { next, previous: (!is_first).then_some(all) };
    show(&app, &request, &who, &me, |page| Traces { rows: rows.iter().map(row).collect(), pager, ..page })
        .await
}

/// Where a typed reference leads.
async fn find(
    app: &web::Data<App>,
    request: &HttpRequest,
    who: &SignedIn,
    typed: &str,
) -> Result<HttpResponse, Failed> {
    let reference = ReferenceId::parse(typed);
    let (me, found) = read(app, who, move |connection, team| of_team(connection, team, reference)).await?;
    if let Some(found) = found {
        return Ok(see_other(&format!("{}/{}", address(&who.team.team.team_id), found.reference)));
    }
    let typed = typed.chars().take(40).collect();
    show(app, request, who, &me, |page| Traces { not_found: Some(typed), ..page }).await
}

async fn show(
    app: &App,
    request: &HttpRequest,
    who: &SignedIn,
    me: &Person,
    fill: impl FnOnce(Traces) -> Traces,
) -> Result<HttpResponse, Failed> {
    let house = house(app, request, who, me, Tab::Sso, None).await?;
    let empty = Traces { house, rows: Vec::new(), not_found: None, pager: Pager::default(), now: app.now() };
    Ok(answer::page(fill(empty).render(&app.face)))
}

/// One of them.
pub(crate) async fn one(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Failed> {
    let (team, said) = path.into_inner();
    let who = match admin(&app, &request, &team).await? {
        Visitor::SignedIn(who) => who,
        Visitor::Nobody(answer) => return Ok(answer),
    };
    let reference = ReferenceId::parse(&said);
    let asked = reference.clone();
    let (me, found) = read(&app, &who, move |connection, team| of_team(connection, team, asked)).await?;
    let (Some(found), Some(reference)) = (found, reference) else {
        return Err(not_found(&app));
    };
    let reader = TraceReader::Admin;
    let team = (who.team.team.team_id.clone(), who.team.team.name.clone());
    let page = Trace {
        house: house(&app, &request, &who, &me, Tab::Sso, None).await?,
        facts: facts(&app, found, reference, team, idp::product(&who.team), reader),
    };
    Ok(answer::page(page.render(&app.face)))
}

/// All that is kept of a refused sign-in, told to a reader.
pub(crate) fn facts(
    app: &App,
    found: Kept,
    reference: ReferenceId,
    (team_id, team_name): (TeamId, String),
    idp: Option<&'static str>,
    reader: TraceReader,
) -> TraceFacts {
    let timings = found.timings();
    TraceFacts {
        team_id,
        team_name,
        reader,
        reference,
        at: found.at(),
        times: TraceTimes {
            away: timings.away,
            token: timings.token,
            userinfo: timings.userinfo,
            whole: timings.whole,
        },
        claims: found.claims(),
        code: found.cause,
        stage: found.stage,
        detail: found.detail,
        idp,
        now: app.now(),
    }
}

/// Whoever is signed in and an admin; a member is told that it takes one.
async fn admin(app: &App, request: &HttpRequest, team: &str) -> Result<Visitor, Failed> {
    let visitor = visitor(app, request, team).await?;
    let Visitor::SignedIn(who) = &visitor else {
        return Ok(visitor);
    };
    if who.role == Role::Admin {
        return Ok(visitor);
    }
    let back = (failures::BACK_TO_TEAM, format!("/t/{}/team", who.team.team.team_id));
    Err(failed_with(app, StatusCode::FORBIDDEN, "not_admin", say::not_admin(), back))
}

/// Reads something of the team, and who is reading.
async fn read<T: Send + 'static>(
    app: &web::Data<App>,
    who: &SignedIn,
    deed: impl FnOnce(&mut Connection, &TeamId) -> Result<T, StorageError> + Send + 'static,
) -> Result<(Person, T), Failed> {
    let (db, team, me) = (app.door.database.clone(), who.team.team.team_id.clone(), who.person.clone());
    let found = storage::blocking(move || {
        db.read(|connection| {
            let me = people::find(connection, &team, &me)?;
            Ok::<_, StorageError>((me, deed(connection, &team)?))
        })
    });
    let (me, found) = found.await.map_err(|error| database(app, &error))?;
    Ok((me.ok_or_else(|| not_found(app))?, found))
}

/// A refused sign-in, unless it is another team's.
fn of_team(
    connection: &mut Connection,
    team: &TeamId,
    reference: Option<ReferenceId>,
) -> Result<Option<Kept>, StorageError> {
    let Some(reference) = reference else { return Ok(None) };
    let found = audit::by_reference(connection, &reference)?;
    Ok(found.filter(|kept| kept.team_id == team.as_str()))
}

fn row(kept: &Kept) -> TraceRow {
    TraceRow {
        at: kept.at(),
        reference: kept.reference.clone(),
        code: kept.cause.clone(),
        stage: kept.stage.clone(),
    }
}

fn address(team: &TeamId) -> String {
    format!("/t/{team}/settings/sso/sign-ins")
}
