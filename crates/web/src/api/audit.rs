//! `/api/v1/audit` and `/api/v1/teams/{team_id}/audit`: what was done, latest first, by pages or as a whole.

use actix_web::{HttpRequest, HttpResponse, web};
use audit::{Act, Actor, Entry, Filter};
use serde::Serialize;
use serde_json::json;
use storage::StorageError;
use utoipa::ToSchema;
use vocabulary::{PersonId, ReferenceId, TeamId, Timestamp};

use crate::api::bearer::{Caller, Reader};
use crate::api::database::{read, team};
use crate::api::list::{List, Paging};
use crate::api::parameters::Parameters;
use crate::api::problem::{Fault, Problem};
use crate::api::team_in;
use crate::app::App;
use crate::export::{self, AT_A_TIME, Lot};

/// Something that was done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub(crate) struct Row {
    /// Its number; later ones are higher.
    n: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The team it belongs to; null for the operators' own matters.
    #[schema(required, example = "acme")]
    team_id: Option<String>,
    /// `person:ID`, `operator:NAME`, `console:ID` (an operator in the console), `team-token:ID`, `identity-provider`, `command-line` or `teamdoor`.
    #[schema(example = "operator:deploy")]
    actor: String,
    /// What; null where a newer Teamdoor wrote a word this one does not know.
    #[schema(required, example = "person.role_set")]
    act: Option<&'static str>,
    /// To whom.
    #[schema(value_type = Option<String>, required)]
    target: Option<PersonId>,
    /// What else is worth knowing.
    detail: serde_json::Value,
    /// The reference id of the sign-in it belongs to.
    #[schema(required)]
    reference: Option<String>,
}

impl From<&Entry> for Row {
    fn from(entry: &Entry) -> Self {
        Self {
            n: entry.n,
            at: entry.at,
            team_id: entry.team.clone(),
            actor: entry.actor.to_text(),
            act: entry.act.map(Act::as_str),
            target: entry.target.clone(),
            detail: entry.detail.clone(),
            reference: entry.reference.clone(),
        }
    }
}

/// What was done, in all teams and in none, latest first
///
/// With `format=jsonl` all of it from `after` on, a row on each line.
#[utoipa::path(get, path = "/api/v1/audit", tag = "Record", params(
    ("team" = Option<String>, Query, description = "A team's alone, be it there or removed"),
    ("act" = Option<String>, Query, description = "One kind of act, for example `person.role_set`"),
    ("actor" = Option<String>, Query, description = "What one did, for example `operator:deploy` or `command-line`"),
    ("reference" = Option<String>, Query, description = "What belongs to this reference id"),
    ("from" = Option<String>, Query, description = "From this moment on (RFC 3339)"),
    ("to" = Option<String>, Query, description = "Before this moment (RFC 3339)"),
    ("format" = Option<String>, Query, description = "`json` by pages, or `jsonl`"),
    ("limit" = Option<u16>, Query, minimum = 1, maximum = 200, description = "Rows of a page; 50 unless said"),
    ("after" = Option<String>, Query, description = "The `next` of the page before"),
), responses(
    (status = 200, description = "A page of the record", body = List<Row>),
    Problem,
))]
pub(crate) async fn list_audit(
    app: web::Data<App>,
    _: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let known = ["team", "act", "actor", "reference", "from", "to", "format", "limit", "after"];
    let parameters = Parameters::of(&request, &known)?;
    let team = parameters.get("team", "a Team ID such as acme-research", |text| TeamId::parse(text).ok())?;
    answer(&app, &request, &parameters, Filter { team, ..narrowed(&parameters)? }).await
}

/// What was done in a team, latest first
///
/// With `format=jsonl` all of it from `after` on, a row on each line.
#[utoipa::path(get, path = "/api/v1/teams/{team_id}/audit", security(("operator_token" = []), ("team_token" = ["team:read"])), tag = "Record", params(
    ("team_id" = String, Path),
    ("act" = Option<String>, Query, description = "One kind of act, for example `person.role_set`"),
    ("actor" = Option<String>, Query, description = "What one did, for example `operator:deploy` or `command-line`"),
    ("reference" = Option<String>, Query, description = "What belongs to this reference id"),
    ("from" = Option<String>, Query, description = "From this moment on (RFC 3339)"),
    ("to" = Option<String>, Query, description = "Before this moment (RFC 3339)"),
    ("format" = Option<String>, Query, description = "`json` by pages, or `jsonl`"),
    ("limit" = Option<u16>, Query, minimum = 1, maximum = 200, description = "Rows of a page; 50 unless said"),
    ("after" = Option<String>, Query, description = "The `next` of the page before"),
), responses(
    (status = 200, description = "A page of the record", body = List<Row>),
    Problem,
))]
pub(crate) async fn list_audit_of_team(
    app: web::Data<App>,
    _: Reader,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let team_id = team_in(&request)?;
    let known = ["act", "actor", "reference", "from", "to", "format", "limit", "after"];
    let parameters = Parameters::of(&request, &known)?;
    let filter = Filter { team: Some(team_id.clone()), ..narrowed(&parameters)? };
    read(&app, move |connection| team(connection, &team_id)).await?;
    answer(&app, &request, &parameters, filter).await
}

fn narrowed(parameters: &Parameters) -> Result<Filter, Fault> {
    let moment = "a moment such as 2026-05-03T09:12:00Z";
    Ok(Filter {
        act: parameters.get("act", "an act such as person.role_set", Act::parse)?,
        actor: parameters.get("actor", "an actor such as operator:deploy", Actor::named)?,
        from: parameters.get("from", moment, Timestamp::parse)?,
        to: parameters.get("to", moment, Timestamp::parse)?,
        reference: parameters.get("reference", "a reference id such as 7K2F-9QXM", ReferenceId::parse)?,
        ..Filter::default()
    })
}

/// In which shape rows are wanted.
#[derive(Clone, Copy)]
enum Shape {
    Pages,
    Lines,
}

impl Shape {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "json" => Some(Self::Pages),
            "jsonl" => Some(Self::Lines),
            _ => None,
        }
    }
}

async fn answer(
    app: &web::Data<App>,
    request: &HttpRequest,
    parameters: &Parameters,
    filter: Filter,
) -> Result<HttpResponse, Fault> {
    let paging: Paging<i64> = Paging::of(parameters, |text| text.parse().ok())?;
    match parameters.get("format", "json or jsonl", Shape::parse)?.unwrap_or(Shape::Pages) {
        Shape::Lines if parameters.has("limit") => {
            Err(Fault::Parameter("format=jsonl has no pages; leave limit out.".to_owned()))
        }
        Shape::Lines => Ok(lines(app, request, filter, paging.after).await?),
        Shape::Pages => {
            let page = read(app, move |connection| {
                let rows = audit::deeds(connection, &filter, paging.after, paging.rows())?;
                Ok(paging.page(&rows, |row| row.n.to_string(), |row| Row::from(row)))
            });
            Ok(HttpResponse::Ok().json(page.await?))
        }
    }
}

/// Every row beyond a place.
pub(crate) async fn lines(
    app: &web::Data<App>,
    request: &HttpRequest,
    filter: Filter,
    after: Option<i64>,
) -> Result<HttpResponse, StorageError> {
    let first = lot(app.clone(), filter.clone(), after).await?;
    let app = app.clone();
    let more = move |last| lot(app.clone(), filter.clone(), Some(last));
    Ok(export::lines(request, HttpResponse::Ok(), first, more))
}

async fn lot(app: web::Data<App>, filter: Filter, after: Option<i64>) -> Result<Lot, StorageError> {
    let database = app.door.database.clone();
    storage::blocking(move || {
        let rows = database.read(|connection| audit::deeds(connection, &filter, after, AT_A_TIME))?;
        Ok(Lot::new(&rows, |row| json!(Row::from(row))))
    })
    .await
}
