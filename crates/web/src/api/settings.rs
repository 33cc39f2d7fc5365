//! `/api/v1/teams/{team_id}/…`: the setup link, and the acts of the settings page: enable, roll back, require, relax.

use actix_web::{HttpRequest, HttpResponse, web};
use onboarding::{Hand, Policy, SettingsError};
use roles::Clerk;
use serde::{Deserialize, Serialize};
use storage::Tx;
use teams::Tenant;
use utoipa::ToSchema;
use vocabulary::{Email, TeamId, Timestamp};

use crate::api::bearer::{Caller, Manager};
use crate::api::body::Wish;
use crate::api::database::write;
use crate::api::etag::{self, IfMatch};
use crate::api::openapi::TeamShown;
use crate::api::problem::{Fault, Problem};
use crate::api::team::shown;
use crate::api::team_in;
use crate::app::App;

/// For whom the link is.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupLinkWish {
    /// Who gets it by mail; nobody unless said.
    #[schema(value_type = Option<String>, example = "it@acme.test")]
    email: Option<Email>,
}

/// A setup link, shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct SetupLinkMade {
    /// The whole address; whoever has it can set up the team.
    link: String,
    /// Until when it can be used.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Makes a setup link
///
/// By it the customer's own admin connects the team, until its connection is enabled. Those made before end.
#[utoipa::path(post, path = "/api/v1/teams/{team_id}/setup-link", tag = "Teams", request_body = Option<SetupLinkWish>, params(("team_id" = String, Path)), responses(
    (status = 201, description = "The link, shown once", body = SetupLinkMade),
    Problem,
))]
pub(crate) async fn make_setup_link(
    app: web::Data<App>,
    request: HttpRequest,
    wish: Wish<SetupLinkWish>,
) -> Result<HttpResponse, Fault> {
    let (team_id, operator, email) = (team_in(&request)?, wish.caller.operator(), wish.said.email);
    let made = write(&app, move |tx, app| {
        let clerk = Clerk { desk: &app.door.desk, chance: &*app.door.chance };
        Ok(onboarding::make_link(tx, clerk, &operator, &team_id, email.as_ref())?)
    })
    .await?;
    let link = app.door.address(&onboarding::setup_path(&made.token));
    Ok(HttpResponse::Created().json(SetupLinkMade { link, expires_at: made.link.expires_at }))
}

/// Revokes a team's setup link
#[utoipa::path(delete, path = "/api/v1/teams/{team_id}/setup-link", tag = "Teams", params(("team_id" = String, Path)), responses(
    (status = 204, description = "No setup link of this team can be used now"),
    Problem,
))]
pub(crate) async fn revoke_setup_link(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let (team_id, operator) = (team_in(&request)?, caller.operator());
    write(&app, move |tx, _| Ok(onboarding::revoke_links(tx, &operator, &team_id)?)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes tested settings live
///
/// What the settings page works on must have passed a test sign-in there. On an operator's word alone, without a test,
/// `PUT …/connection` with `enabled` opens the door.
#[utoipa::path(post, path = "/api/v1/teams/{team_id}/enable", security(("operator_token" = []), ("team_token" = ["team:admin"])), tag = "Teams", params(("team_id" = String, Path), ("If-Match" = Option<String>, Header, description = "The team's ETag, if it must be as it was seen")), responses(
    (status = 200, description = "The team as it stands now", body = TeamShown, headers(("ETag", description = "For If-Match"))),
    Problem,
))]
pub(crate) async fn enable_team(
    app: web::Data<App>,
    caller: Manager,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    act(&app, caller, &request, |tx, clerk, hand, team| onboarding::enable(tx, clerk, hand, team, None)).await
}

/// Goes back to the settings that were live before
#[utoipa::path(post, path = "/api/v1/teams/{team_id}/rollback", security(("operator_token" = []), ("team_token" = ["team:admin"])), tag = "Teams", params(("team_id" = String, Path), ("If-Match" = Option<String>, Header, description = "The team's ETag, if it must be as it was seen")), responses(
    (status = 200, description = "The team as it stands now", body = TeamShown, headers(("ETag", description = "For If-Match"))),
    Problem,
))]
pub(crate) async fn roll_back_team(
    app: web::Data<App>,
    caller: Manager,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    act(&app, caller, &request, |tx, clerk, hand, team| onboarding::roll_back(tx, clerk, hand, team, None))
        .await
}

/// Requires single sign-on of everybody of a team
///
/// Apps are told by the claim `sso_required`. Needs an admin who signed in by it within the last 7 days.
#[utoipa::path(post, path = "/api/v1/teams/{team_id}/require", security(("operator_token" = []), ("team_token" = ["team:admin"])), tag = "Teams", params(("team_id" = String, Path), ("If-Match" = Option<String>, Header, description = "The team's ETag, if it must be as it was seen")), responses(
    (status = 200, description = "The team as it stands now", body = TeamShown, headers(("ETag", description = "For If-Match"))),
    Problem,
))]
pub(crate) async fn require_sso(
    app: web::Data<App>,
    caller: Manager,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    act(&app, caller, &request, |tx, clerk, hand, team| {
        onboarding::set_policy(tx, clerk, hand, team, Policy::Required)
    })
    .await
}

/// No longer requires single sign-on of a team
#[utoipa::path(post, path = "/api/v1/teams/{team_id}/relax", security(("operator_token" = []), ("team_token" = ["team:admin"])), tag = "Teams", params(("team_id" = String, Path), ("If-Match" = Option<String>, Header, description = "The team's ETag, if it must be as it was seen")), responses(
    (status = 200, description = "The team as it stands now", body = TeamShown, headers(("ETag", description = "For If-Match"))),
    Problem,
))]
pub(crate) async fn relax_sso(
    app: web::Data<App>,
    caller: Manager,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    act(&app, caller, &request, |tx, clerk, hand, team| {
        onboarding::set_policy(tx, clerk, hand, team, Policy::Relaxed)
    })
    .await
}

pub(crate) async fn act(
    app: &web::Data<App>,
    caller: Manager,
    request: &HttpRequest,
    deed: impl FnOnce(&mut Tx<'_>, Clerk<'_>, Hand<'_, '_>, &TeamId) -> Result<Tenant, SettingsError>
    + Send
    + 'static,
) -> Result<HttpResponse, Fault> {
    let (team_id, if_match) = (team_in(request)?, IfMatch::of(request)?);
    let now = write(app, move |tx, app| {
        let clerk = Clerk { desk: &app.door.desk, chance: &*app.door.chance };
        let proof = caller.prove(tx)?;
        teams::lock_roles(tx, &team_id)?;
        if_match.check_if_said(|| {
            let seen = teams::find(tx, &team_id)?.ok_or(Fault::TeamUnknown)?;
            Ok(etag::of_team(&seen))
        })?;
        Ok(deed(tx, clerk, Hand::Authority(proof.authority()), &team_id)?)
    })
    .await?;
    Ok(shown(&now))
}
