//! `/api/v1/teams/{team_id}/break-glass`: an operator lets one admin of a team come to its sign-in settings while nobody
//! can sign in.

use actix_web::{HttpRequest, HttpResponse, web};
use onboarding::glass;
use roles::Clerk;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vocabulary::Timestamp;

use crate::api::bearer::Caller;
use crate::api::body::Order;
use crate::api::database::write;
use crate::api::problem::{Fault, Problem};
use crate::api::team_in;
use crate::app::App;

/// For whom it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BreakGlassWish {
    /// An active admin of the team: their id, or an email that no other active admin has.
    #[schema(example = "ada@acme.test")]
    person: String,
}

/// Break-glass, whose code is shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct BreakGlassMade {
    /// What to tell the admin, on the phone or face to face: never by the mail that carries the link.
    #[schema(example = "7K2F-9QXM-3T")]
    code: String,
    /// Until when it lasts.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Lets an admin come to the settings
///
/// The admin gets a link by mail, which asks for the code that is answered here. With both they can change the team's
/// sign-in settings, and nothing else, for 30 minutes. What was made for them before ends; the other admins are told.
#[utoipa::path(post, path = "/api/v1/teams/{team_id}/break-glass", tag = "Teams", request_body = BreakGlassWish, params(("team_id" = String, Path)), responses(
    (status = 201, description = "The code, shown once", body = BreakGlassMade),
    Problem,
))]
pub(crate) async fn make_break_glass(
    app: web::Data<App>,
    request: HttpRequest,
    order: Order<BreakGlassWish>,
) -> Result<HttpResponse, Fault> {
    let (team_id, operator, said) = (team_in(&request)?, order.caller.operator(), order.said.person);
    let made = write(&app, move |tx, app| {
        let clerk = Clerk { desk: &app.door.desk, chance: &*app.door.chance };
        let person = glass::admin_named(tx, &team_id, &said)?;
        Ok(glass::make(tx, &app.door.keys, clerk, &operator, &team_id, &person)?)
    })
    .await?;
    Ok(HttpResponse::Created().json(BreakGlassMade { code: made.code.reveal(), expires_at: made.expires_at }))
}

/// Revokes break-glass of a team
#[utoipa::path(delete, path = "/api/v1/teams/{team_id}/break-glass", tag = "Teams", params(("team_id" = String, Path)), responses(
    (status = 204, description = "Nobody can come to the settings of this team by break-glass now"),
    Problem,
))]
pub(crate) async fn revoke_break_glass(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let (team_id, operator) = (team_in(&request)?, caller.operator());
    write(&app, move |tx, _| Ok(glass::revoke(tx, &operator, &team_id, None)?)).await?;
    Ok(HttpResponse::NoContent().finish())
}
