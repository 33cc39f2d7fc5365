//! `/api/v1/teams/{team_id}/audit`: what was done in a team, latest first.

use actix_web::{HttpRequest, HttpResponse, web};
use audit::{Act, Entry};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::{PersonId, Timestamp};

use crate::api::bearer::Reader;
use crate::api::database::{read, team};
use crate::api::list::{List, Paging};
use crate::api::parameters::Parameters;
use crate::api::problem::{Fault, Problem};
use crate::api::team_in;
use crate::app::App;

/// Something that was done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub(crate) struct Row {
    /// Its number; later ones are higher.
    n: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `person:ID`, `operator:NAME`, `team-token:ID`, `identity-provider`, `command-line` or `teamdoor`.
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
            actor: entry.actor.to_text(),
            act: entry.act.map(Act::as_str),
            target: entry.target.clone(),
            detail: entry.detail.clone(),
            reference: entry.reference.clone(),
        }
    }
}

/// What was done in a team, latest first
#[utoipa::path(get, path = "/api/v1/teams/{team_id}/audit", security(("operator_token" = []), ("team_token" = ["team:read"])), tag = "Record", params(
    ("team_id" = String, Path),
    ("limit" = Option<u16>, Query, minimum = 1, maximum = 200, description = "Rows of a page; 50 unless said"),
    ("after" = Option<String>, Query, description = "The `next` of the page before"),
), responses(
    (status = 200, description = "A page of the record", body = List<Row>),
    Problem,
))]
pub(crate) async fn list_audit(
    app: web::Data<App>,
    _: Reader,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let team_id = team_in(&request)?;
    let parameters = Parameters::of(&request, &["limit", "after"])?;
    let paging: Paging<i64> = Paging::of(&parameters, |text| text.parse().ok())?;
    let page = read(&app, move |connection| {
        team(connection, &team_id)?;
        let rows = audit::of_team(connection, &team_id, paging.after, paging.rows())?;
        Ok(paging.page(&rows, |row| row.n.to_string(), |row| Row::from(row)))
    })
    .await?;
    Ok(HttpResponse::Ok().json(page))
}
