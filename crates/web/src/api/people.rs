//! `/api/v1/teams/{team_id}/people`: who is in a team, and somebody of it.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use roles::{Colleague, Filter};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::{Email, PersonId, Role, Timestamp, Version};

use crate::api::bearer::Reader;
use crate::api::database::{read, team};
use crate::api::list::{List, Paging};
use crate::api::parameters::Parameters;
use crate::api::problem::{Fault, Problem};
use crate::api::{etag, person_in, team_in};
use crate::app::App;

/// Somebody of a team.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Person {
    /// Who they are here, for ever.
    #[schema(value_type = String)]
    id: PersonId,
    /// Their email, as of the last sign-in.
    #[schema(value_type = Option<String>, required)]
    email: Option<Email>,
    /// Their full name.
    #[schema(required)]
    name: Option<String>,
    /// Their first name.
    #[schema(required)]
    given_name: Option<String>,
    /// Their last name.
    #[schema(required)]
    family_name: Option<String>,
    /// `member` or `admin`.
    #[schema(value_type = String, example = "member")]
    role: Role,
    /// Whether their access is on.
    active: bool,
    /// Who they are at the identity provider.
    subject: String,
    /// How often role and access were changed; made into the `ETag`.
    #[schema(value_type = i64)]
    version: Version,
    /// When they first came.
    #[schema(value_type = String, format = DateTime)]
    first_sign_in: Timestamp,
    /// When they last came.
    #[schema(value_type = String, format = DateTime)]
    last_sign_in: Timestamp,
    /// The group at the identity provider that owns the role; null where the role is set here.
    #[schema(required)]
    role_managed_by: Option<String>,
}

impl From<&Colleague> for Person {
    fn from(Colleague { person, membership }: &Colleague) -> Self {
        Self {
            id: person.id.clone(),
            email: person.email.clone(),
            name: person.name.clone(),
            given_name: person.given_name.clone(),
            family_name: person.family_name.clone(),
            role: membership.role,
            active: membership.active,
            subject: person.subject.clone(),
            version: membership.version,
            first_sign_in: person.first_sign_in,
            last_sign_in: person.last_sign_in,
            role_managed_by: None,
        }
    }
}

/// Somebody as they stand, with their tag.
pub(crate) fn shown(colleague: &Colleague) -> HttpResponse {
    let tag = etag::of_person(&colleague.membership);
    HttpResponse::Ok().insert_header((header::ETAG, tag)).json(Person::from(colleague))
}

/// Everybody of a team, by id
#[utoipa::path(get, path = "/api/v1/teams/{team_id}/people", security(("operator_token" = []), ("team_token" = ["team:read"])), tag = "People", params(
    ("team_id" = String, Path),
    ("limit" = Option<u16>, Query, minimum = 1, maximum = 200, description = "Rows of a page; 50 unless said"),
    ("after" = Option<String>, Query, description = "The `next` of the page before"),
    ("changed_since" = Option<String>, Query, description = "A moment (RFC 3339): those who signed in or were changed since"),
    ("role" = Option<String>, Query, description = "`member` or `admin`"),
    ("q" = Option<String>, Query, description = "Part of a name, email or subject"),
), responses(
    (status = 200, description = "A page of people", body = List<Person>),
    Problem,
))]
pub(crate) async fn list_people(
    app: web::Data<App>,
    _: Reader,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let team_id = team_in(&request)?;
    let parameters = Parameters::of(&request, &["limit", "after", "changed_since", "role", "q"])?;
    let paging = Paging::of(&parameters, PersonId::parse)?;
    let moment = "a moment such as 2026-05-03T09:12:00Z";
    let filter = Filter {
        search: parameters.get("q", "a text", |text| Some(text.to_owned()))?,
        role: parameters.get("role", "member or admin", Role::parse)?,
        changed_since: parameters.get("changed_since", moment, Timestamp::parse)?,
        after: paging.after.clone(),
    };
    let page = read(&app, move |connection| {
        team(connection, &team_id)?;
        let rows = roles::colleagues(connection, &team_id, &filter, paging.rows())?;
        Ok(paging.page(&rows, |row| row.person.id.to_string(), |row| Person::from(row)))
    })
    .await?;
    Ok(HttpResponse::Ok().json(page))
}

/// Somebody of a team
#[utoipa::path(get, path = "/api/v1/teams/{team_id}/people/{person_id}", security(("operator_token" = []), ("team_token" = ["team:read"])), tag = "People",
    params(("team_id" = String, Path), ("person_id" = String, Path)), responses(
    (status = 200, description = "The person", body = Person, headers(("ETag", description = "For If-Match"))),
    Problem,
))]
pub(crate) async fn show_person(
    app: web::Data<App>,
    _: Reader,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let (team_id, person) = (team_in(&request)?, person_in(&request)?);
    let found = read(&app, move |connection| {
        team(connection, &team_id)?;
        roles::colleague(connection, &team_id, &person)?.ok_or(Fault::PersonUnknown)
    })
    .await?;
    Ok(shown(&found))
}
