//! `/api/v1/sign-ins` and `/api/v1/teams/{team_id}/sign-ins`: sign-ins that were refused, latest first, each
//! with its stage and cause.

use actix_web::{HttpRequest, HttpResponse, web};
use audit::{Kept, Last, Timings};
use pages::words::traces;
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::{ReferenceId, Timestamp};

use crate::api::bearer::{Caller, Reader};
use crate::api::database::{read, team};
use crate::api::list::{List, Paging};
use crate::api::parameters::Parameters;
use crate::api::problem::{Fault, Problem};
use crate::api::team_in;
use crate::app::App;

/// A sign-in that was refused.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignIn {
    /// What the person's screen showed.
    #[schema(example = "7K2F-9QXM")]
    reference: String,
    /// Whose door it was.
    #[schema(example = "acme")]
    team_id: String,
    /// How far it came.
    stage: String,
    /// The stable code.
    #[schema(example = "email_domain")]
    cause: String,
    /// The cause in a sentence.
    message: &'static str,
    /// What to do about it.
    remedy: &'static str,
    /// Whose job that is: `person`, `team_admin`, `idp_admin` or `operator`.
    #[schema(example = "idp_admin")]
    remedy_for: &'static str,
    /// What the log knew, the provider's own words among it; no secrets, tokens or codes.
    detail: String,
    /// The names of the claims that came and were believed; never their values.
    claims: Vec<String>,
    /// How long its stages took, in milliseconds.
    timings: TimingsShown,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// How long the stages of a sign-in took, in milliseconds; null for one it did not come to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Timings)]
pub(crate) struct TimingsShown {
    /// From leaving for the identity provider to coming back.
    #[schema(required)]
    away: Option<u64>,
    /// The token endpoint's answer.
    #[schema(required)]
    token: Option<u64>,
    /// UserInfo's answer.
    #[schema(required)]
    userinfo: Option<u64>,
    /// From coming back to being refused.
    #[schema(required)]
    whole: Option<u64>,
}

impl From<Timings> for TimingsShown {
    fn from(Timings { away, token, userinfo, whole }: Timings) -> Self {
        Self { away, token, userinfo, whole }
    }
}

impl From<&Kept> for SignIn {
    fn from(kept: &Kept) -> Self {
        let cause = traces::cause(&kept.cause, &kept.stage);
        Self {
            reference: kept.reference.clone(),
            team_id: kept.team_id.clone(),
            stage: kept.stage.clone(),
            cause: kept.cause.clone(),
            message: cause.message,
            remedy: cause.remedy,
            remedy_for: cause.whose.as_str(),
            detail: kept.detail.clone(),
            claims: kept.claims(),
            timings: kept.timings().into(),
            at: kept.at(),
        }
    }
}

/// Where a row stands, as text.
pub(crate) fn cursor(row: &Kept) -> String {
    format!("{}.{}", row.at().millis(), row.reference)
}

/// Reads what [`cursor`] writes.
pub(crate) fn read_cursor(text: &str) -> Option<Last> {
    let (at, reference) = text.split_once('.')?;
    Some((Timestamp::from_millis(at.parse().ok()?), ReferenceId::parse(reference)?))
}

fn page(paging: &Paging<Last>, rows: &[Kept]) -> List<SignIn> {
    paging.page(rows, cursor, |row| SignIn::from(row))
}

/// A team's refused sign-ins, latest first
#[utoipa::path(get, path = "/api/v1/teams/{team_id}/sign-ins", security(("operator_token" = []), ("team_token" = ["team:read"])), tag = "Record", params(
    ("team_id" = String, Path),
    ("limit" = Option<u16>, Query, minimum = 1, maximum = 200, description = "Rows of a page; 50 unless said"),
    ("after" = Option<String>, Query, description = "The `next` of the page before"),
), responses(
    (status = 200, description = "A page of refused sign-ins", body = List<SignIn>),
    Problem,
))]
pub(crate) async fn list_sign_ins_of_team(
    app: web::Data<App>,
    _: Reader,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let team_id = team_in(&request)?;
    let parameters = Parameters::of(&request, &["limit", "after"])?;
    let paging = Paging::of(&parameters, read_cursor)?;
    let page = read(&app, move |connection| {
        team(connection, &team_id)?;
        let rows = audit::refusals_of_team(connection, &team_id, paging.after.as_ref(), paging.rows())?;
        Ok(page(&paging, &rows))
    })
    .await?;
    Ok(HttpResponse::Ok().json(page))
}

/// Refused sign-ins of all teams, latest first, or the one with this reference id
#[utoipa::path(get, path = "/api/v1/sign-ins", tag = "Record", params(
    ("reference" = Option<String>, Query, description = "What the person's screen shows"),
    ("limit" = Option<u16>, Query, minimum = 1, maximum = 200, description = "Rows of a page; 50 unless said"),
    ("after" = Option<String>, Query, description = "The `next` of the page before"),
), responses(
    (status = 200, description = "A page of refused sign-ins", body = List<SignIn>),
    Problem,
))]
pub(crate) async fn list_sign_ins(
    app: web::Data<App>,
    _: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let parameters = Parameters::of(&request, &["reference", "limit", "after"])?;
    let reference = parameters.get("reference", "a reference id such as 7K2F-9QXM", ReferenceId::parse)?;
    let paging = Paging::of(&parameters, read_cursor)?;
    let page = read(&app, move |connection| {
        let rows = match reference {
            Some(reference) => audit::by_reference(connection, &reference)?.into_iter().collect(),
            None => audit::refusals(connection, paging.after.as_ref(), paging.rows())?,
        };
        Ok(page(&paging, &rows))
    })
    .await?;
    Ok(HttpResponse::Ok().json(page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_names_a_moment_and_a_reference() {
        let (at, reference) = read_cursor("1777799520123.7K2F-9QXM").unwrap();
        assert_eq!((at.millis(), reference.as_str()), (1_777_799_520_123, "7K2F-9QXM"));
        for odd in ["", "1777799520123", "x.7K2F-9QXM", "1.7K2F", ".7K2F-9QXM"] {
            assert!(read_cursor(odd).is_none(), "{odd}");
        }
    }
}
