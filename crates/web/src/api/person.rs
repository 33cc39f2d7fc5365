//! `/api/v1/teams/{team_id}/people/{person_id}`: what somebody may do, and their sessions.

use actix_web::{HttpRequest, HttpResponse, web};
use roles::{Clerk, Expected};
use serde::Deserialize;
use utoipa::ToSchema;
use vocabulary::Role;

use crate::api::bearer::Manager;
use crate::api::body::Order;
use crate::api::database::{locked_team, write};
use crate::api::etag::{self, IfMatch};
use crate::api::people::{Person, shown};
use crate::api::problem::{Fault, Problem};
use crate::api::{person_in, team_in};
use crate::app::App;

/// What changes about somebody; the rest stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonChange {
    /// `member` or `admin`.
    #[schema(value_type = Option<String>, example = "admin")]
    role: Option<Role>,
    /// Whether their access is on. Off, their sessions and their personal tokens end.
    active: Option<bool>,
}

/// Changes what somebody may do
///
/// A team never loses its last admin by it. A team's token changes no roles.
#[utoipa::path(patch, path = "/api/v1/teams/{team_id}/people/{person_id}", security(("operator_token" = []), ("team_token" = ["team:admin"])), tag = "People", request_body = PersonChange, params(
    ("team_id" = String, Path),
    ("person_id" = String, Path),
    ("If-Match" = String, Header, description = "The ETag seen, or `*`"),
), responses(
    (status = 200, description = "The person as they stand now", body = Person, headers(("ETag", description = "For If-Match"))),
    Problem,
))]
pub(crate) async fn change_person(
    app: web::Data<App>,
    request: HttpRequest,
    order: Order<PersonChange, Manager>,
) -> Result<HttpResponse, Fault> {
    let PersonChange { role, active } = order.said;
    if role.is_none() && active.is_none() {
        return Err(Fault::Json("Say role, active or both.".to_owned()));
    }
    let (team, person, if_match) = (team_in(&request)?, person_in(&request)?, IfMatch::of(&request)?);
    let caller = order.caller;
    if role.is_some() {
        caller.operators_alone()?;
    }
    let now = write(&app, move |tx, app| {
        locked_team(tx, &team)?;
        let proof = caller.prove(tx)?;
        let before = roles::find(tx, &team, &person)?.ok_or(Fault::PersonUnknown)?;
        if_match.check(&etag::of_person(&before))?;
        let mut expected = Expected::Version(before.version);
        let authority = proof.authority();
        let clerk = Clerk { desk: &app.door.desk, chance: &*app.door.chance };
        if let Some(role) = role {
            let changed = roles::set(tx, clerk, &authority, &team, &person, role, expected)?;
            expected = Expected::Version(changed.membership().version);
        }
        if let Some(active) = active {
            signout::set_access(tx, clerk, &authority, &team, &person, active, expected)?;
        }
        roles::colleague(tx, &team, &person)?.ok_or(Fault::PersonUnknown)
    })
    .await?;
    Ok(shown(&now))
}

/// Signs somebody out everywhere
///
/// Their sessions end, and so do their personal API tokens.
#[utoipa::path(delete, path = "/api/v1/teams/{team_id}/people/{person_id}/sessions", security(("operator_token" = []), ("team_token" = ["team:admin"])), tag = "People",
    params(("team_id" = String, Path), ("person_id" = String, Path)), responses(
    (status = 204, description = "They are signed out in every browser"),
    Problem,
))]
pub(crate) async fn end_sessions(
    app: web::Data<App>,
    caller: Manager,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let (team, person) = (team_in(&request)?, person_in(&request)?);
    write(&app, move |tx, _| {
        locked_team(tx, &team)?;
        let proof = caller.prove(tx)?;
        Ok(signout::everywhere(tx, &proof.authority(), &team, &person)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
