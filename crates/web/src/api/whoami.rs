//! `/api/v1/whoami`: whose token this is.

use actix_web::HttpResponse;
use roles::Colleague;
use serde::Serialize;
use tokens::{Bearer, Scope};
use utoipa::ToSchema;
use vocabulary::{Email, PersonId, Role, TeamId, Timestamp};

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
        /// Whose own it is; null for a token that its team shares.
        #[schema(required)]
        person: Option<Owner>,
    },
}

/// The person whose own a token is, as they stand now.
#[derive(Serialize, ToSchema)]
#[schema(as = TokenOwner)]
pub(crate) struct Owner {
    /// Who they are here, for ever.
    #[schema(value_type = String)]
    id: PersonId,
    /// Their email, which may change; null when their identity provider tells none.
    #[schema(value_type = Option<String>, required)]
    email: Option<Email>,
    /// What to call them.
    #[schema(example = "Ada Lovelace")]
    name: String,
    /// `member` or `admin`. Their token opens no more for it here.
    #[schema(value_type = String, example = "member")]
    role: Role,
}

impl From<&Colleague> for Owner {
    fn from(Colleague { person, membership }: &Colleague) -> Self {
        let (id, email, name) = (person.id.clone(), person.email.clone(), person.shown_name().to_owned());
        Self { id, email, name, role: membership.role }
    }
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
                person: token.person().map(Owner::from),
            }
        }
    })
}
