//! `/api/v1/whoami`: whose token this is.

use actix_web::HttpResponse;
use serde::Serialize;
use tokens::{Bearer, Scope};
use utoipa::ToSchema;
use vocabulary::{TeamId, Timestamp};

use crate::api::bearer::Anyone;
use crate::api::problem::Problem;

/// Whose token it is.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum WhoAmI {
    /// An operator's.
    Operator {
        /// What its maker called it.
        #[schema(example = "deploy")]
        name: String,
    },
    /// A team's.
    Team {
        /// The one team it is good for.
        #[schema(value_type = String, example = "acme")]
        team_id: TeamId,
        /// What people call that team.
        #[schema(example = "Acme")]
        team_name: String,
        /// Whether the product should refuse its own passwords for this team.
        sso_required: bool,
        /// `product`, `team:read` or `team:admin`.
        #[schema(value_type = String, example = "product")]
        scope: Scope,
        /// The token's id.
        id: String,
        /// What its maker called it.
        #[schema(example = "build-server")]
        name: String,
        /// When it ends by itself; null when it does not.
        #[schema(value_type = Option<String>, format = DateTime, required)]
        expires_at: Option<Timestamp>,
    },
}

/// Whose token this is
///
/// What a product's API asks about the token that came with a request to it.
#[utoipa::path(get, path = "/api/v1/whoami", security(("operator_token" = []), ("team_token" = [])), tag = "Tokens", responses(
    (status = 200, description = "The token", body = WhoAmI),
    Problem,
))]
pub(crate) async fn whoami(Anyone(bearer): Anyone) -> HttpResponse {
    HttpResponse::Ok().json(match bearer {
        Bearer::Operator(name) => WhoAmI::Operator { name },
        Bearer::Team(token) => {
            let team = &token.team().team;
            WhoAmI::Team {
                team_id: team.team_id.clone(),
                team_name: team.name.clone(),
                sso_required: team.sso_required,
                scope: token.scope(),
                id: token.id().to_owned(),
                name: token.name().to_owned(),
                expires_at: token.expires_at(),
            }
        }
    })
}
