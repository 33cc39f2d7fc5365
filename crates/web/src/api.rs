//! The JSON API under `/api/v1`: teams, people, roles, sessions, tokens, the record and refused sign-ins, for bearers
//! of operators' and teams' tokens. Refusals are problem documents (RFC 9457), told in `problem` alone.

mod app;
mod apps;
pub(crate) mod audit;
pub(crate) mod bearer;
mod body;
mod break_glass;
pub(crate) mod connection;
mod database;
pub(crate) mod etag;
mod health;
mod list;
mod openapi;
mod parameters;
mod people;
mod person;
pub(crate) mod problem;
mod request;
pub(crate) mod requests;
mod secret_life;
mod settings;
pub(crate) mod sign_ins;
pub(crate) mod team;
mod teams;
mod tokens;
mod whoami;

use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, Resource, web};
use vocabulary::{PersonId, TeamId};

use crate::api::problem::Fault;
use crate::routes::get;

/// Every address of the API with its methods, for the test that calls each as everybody.
pub const API_ROUTES: &[(&str, &str)] = &[
    ("GET", "/api/v1/openapi.json"),
    ("GET", "/api/v1/whoami"),
    ("GET POST", "/api/v1/teams"),
    ("GET PATCH DELETE", "/api/v1/teams/{team_id}"),
    ("PUT", "/api/v1/teams/{team_id}/connection"),
    ("POST", "/api/v1/teams/{team_id}/check"),
    ("POST DELETE", "/api/v1/teams/{team_id}/setup-link"),
    ("POST DELETE", "/api/v1/teams/{team_id}/break-glass"),
    ("POST", "/api/v1/teams/{team_id}/enable"),
    ("POST", "/api/v1/teams/{team_id}/rollback"),
    ("POST", "/api/v1/teams/{team_id}/require"),
    ("POST", "/api/v1/teams/{team_id}/relax"),
    ("POST", "/api/v1/teams/{team_id}/use-next-secret"),
    ("POST", "/api/v1/teams/{team_id}/suspend"),
    ("POST", "/api/v1/teams/{team_id}/resume"),
    ("GET", "/api/v1/teams/{team_id}/people"),
    ("GET PATCH", "/api/v1/teams/{team_id}/people/{person_id}"),
    ("DELETE", "/api/v1/teams/{team_id}/people/{person_id}/sessions"),
    ("GET POST", "/api/v1/teams/{team_id}/tokens"),
    ("DELETE", "/api/v1/teams/{team_id}/tokens/{token_id}"),
    ("GET", "/api/v1/teams/{team_id}/audit"),
    ("GET", "/api/v1/teams/{team_id}/health"),
    ("GET", "/api/v1/teams/{team_id}/sign-ins"),
    ("GET", "/api/v1/health"),
    ("GET", "/api/v1/sign-ins"),
    ("GET", "/api/v1/audit"),
    ("GET POST", "/api/v1/apps"),
    ("GET PATCH DELETE", "/api/v1/apps/{client_id}"),
    ("POST", "/api/v1/apps/{client_id}/secret"),
    ("GET POST", "/api/v1/requests"),
    ("GET", "/api/v1/requests/{request_id}"),
    ("POST", "/api/v1/requests/{request_id}/check"),
    ("POST", "/api/v1/requests/{request_id}/approve"),
    ("POST", "/api/v1/requests/{request_id}/ask"),
    ("POST", "/api/v1/requests/{request_id}/reject"),
];

pub(crate) fn configure(service: &mut web::ServiceConfig) {
    let person = at("/teams/{team_id}/people/{person_id}");
    service.service(
        web::scope("/api/v1")
            .wrap(from_fn(problem::answer))
            .service(at("/openapi.json").route(get().to(openapi::openapi)))
            .service(at("/whoami").route(get().to(whoami::whoami)))
            .service(at("/teams").route(get().to(teams::list_teams)).route(web::post().to(teams::add_team)))
            .service(
                at("/teams/{team_id}")
                    .route(get().to(team::show_team))
                    .route(web::patch().to(team::change_team))
                    .route(web::delete().to(team::remove_team)),
            )
            .service(at("/teams/{team_id}/connection").route(web::put().to(connection::set_connection)))
            .service(at("/teams/{team_id}/check").route(web::post().to(connection::check_connection)))
            .service(at("/teams/{team_id}/suspend").route(web::post().to(team::suspend_team)))
            .service(at("/teams/{team_id}/resume").route(web::post().to(team::resume_team)))
            .service(at("/teams/{team_id}/people").route(get().to(people::list_people)))
            .service(
                person.route(get().to(people::show_person)).route(web::patch().to(person::change_person)),
            )
            .service(
                at("/teams/{team_id}/people/{person_id}/sessions")
                    .route(web::delete().to(person::end_sessions)),
            )
            .service(
                at("/teams/{team_id}/tokens")
                    .route(get().to(tokens::list_tokens))
                    .route(web::post().to(tokens::make_token)),
            )
            .service(at("/teams/{team_id}/tokens/{token_id}").route(web::delete().to(tokens::revoke_token)))
            .service(at("/teams/{team_id}/audit").route(get().to(audit::list_audit_of_team)))
            .service(at("/teams/{team_id}/health").route(get().to(health::show_health)))
            .service(at("/teams/{team_id}/sign-ins").route(get().to(sign_ins::list_sign_ins_of_team)))
            .service(at("/health").route(get().to(health::list_health)))
            .service(at("/sign-ins").route(get().to(sign_ins::list_sign_ins)))
            .service(at("/audit").route(get().to(audit::list_audit)))
            .service(at("/apps").route(get().to(apps::list_apps)).route(web::post().to(apps::add_app)))
            .service(
                at("/apps/{client_id}")
                    .route(get().to(app::show_app))
                    .route(web::patch().to(app::change_app))
                    .route(web::delete().to(app::remove_app)),
            )
            .service(at("/apps/{client_id}/secret").route(web::post().to(app::rotate_secret)))
            .configure(of_settings)
            .configure(of_requests)
            .default_service(web::to(nothing)),
    );
}

fn of_settings(service: &mut web::ServiceConfig) {
    service
        .service(
            at("/teams/{team_id}/setup-link")
                .route(web::post().to(settings::make_setup_link))
                .route(web::delete().to(settings::revoke_setup_link)),
        )
        .service(
            at("/teams/{team_id}/break-glass")
                .route(web::post().to(break_glass::make_break_glass))
                .route(web::delete().to(break_glass::revoke_break_glass)),
        )
        .service(at("/teams/{team_id}/use-next-secret").route(web::post().to(secret_life::use_next_secret)))
        .service(at("/teams/{team_id}/enable").route(web::post().to(settings::enable_team)))
        .service(at("/teams/{team_id}/rollback").route(web::post().to(settings::roll_back_team)))
        .service(at("/teams/{team_id}/require").route(web::post().to(settings::require_sso)))
        .service(at("/teams/{team_id}/relax").route(web::post().to(settings::relax_sso)));
}

fn of_requests(service: &mut web::ServiceConfig) {
    service
        .service(
            at("/requests")
                .route(get().to(requests::list_requests))
                .route(web::post().to(requests::make_request)),
        )
        .service(at("/requests/{request_id}").route(get().to(request::show_request)))
        .service(at("/requests/{request_id}/check").route(web::post().to(request::check_request)))
        .service(at("/requests/{request_id}/approve").route(web::post().to(request::approve_request)))
        .service(at("/requests/{request_id}/ask").route(web::post().to(request::ask_request)))
        .service(at("/requests/{request_id}/reject").route(web::post().to(request::reject_request)));
}

fn at(path: &str) -> Resource {
    web::resource(path).default_service(web::to(wrong_method))
}

async fn wrong_method(request: HttpRequest) -> Result<HttpResponse, Fault> {
    let pattern = request.match_pattern().unwrap_or_default();
    let methods = API_ROUTES.iter().find(|(_, path)| *path == pattern).map_or("", |(methods, _)| *methods);
    Err(Fault::Method { allow: methods.replace("GET", "GET HEAD").replace(' ', ", ") })
}

async fn nothing() -> Result<HttpResponse, Fault> {
    Err(Fault::Nothing)
}

/// The Team ID in the address; what is none names no team.
fn team_in(request: &HttpRequest) -> Result<TeamId, Fault> {
    let said = request.match_info().get("team_id").unwrap_or_default();
    TeamId::parse(said).map_err(|_no_team_id| Fault::TeamUnknown)
}

/// The person in the address, likewise.
fn person_in(request: &HttpRequest) -> Result<PersonId, Fault> {
    request.match_info().get("person_id").and_then(PersonId::parse).ok_or(Fault::PersonUnknown)
}
