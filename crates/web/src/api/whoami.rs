//! `/api/v1/whoami`: whose token this is.

use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::bearer::Caller;
use crate::api::problem::Problem;

/// Whose token it is.
#[derive(Serialize, ToSchema)]
pub(crate) struct WhoAmI {
    /// What kind of token it is.
    #[schema(example = "operator")]
    kind: &'static str,
    /// What its maker called it.
    #[schema(example = "deploy")]
    name: String,
}

/// Whose token this is
#[utoipa::path(get, path = "/api/v1/whoami", tag = "Tokens", responses(
    (status = 200, description = "The token", body = WhoAmI),
    Problem,
))]
pub(crate) async fn whoami(caller: Caller) -> HttpResponse {
    HttpResponse::Ok().json(WhoAmI { kind: "operator", name: caller.name })
}
