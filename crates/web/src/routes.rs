//! Every address of the service, in one table.

use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, Resource, ResponseError as _, Route, guard, web};
use pages::words::failures;

use crate::api;
use crate::assets;
use crate::console;
use crate::door::{
    backchannel_logout, callback, find_team, forget, launch, login, login_sso, logout, revoke, root,
    signed_out, team_login,
};
use crate::failed::{Failed, failed, not_found};
use crate::forward_auth;
use crate::health;
use crate::oauth2;
use crate::request::{app, first, query};
use crate::requests;
use crate::sso;
use crate::team::{activity, apps, change, dashboard, people, role, tokens};

/// Every page's address with its methods, for the test that calls each as everybody.
pub const ROUTES: &[(&str, &str)] = &[
    ("GET", "/"),
    ("GET", "/login"),
    ("GET POST", "/login_sso"),
    ("GET POST", "/find_team"),
    ("POST", "/forget"),
    ("GET POST", "/request"),
    ("GET", "/request/sent"),
    ("GET POST", "/request/confirm/{token}"),
    ("GET", "/t/{team_id}/login"),
    ("GET POST", "/t/{team_id}/launch"),
    ("GET POST", "/launch"),
    ("GET", "/t/{team_id}/callback"),
    ("POST", "/t/{team_id}/logout"),
    ("GET", "/t/{team_id}/signed-out"),
    ("POST", "/t/{team_id}/backchannel_logout"),
    ("POST", "/t/{team_id}/revoke"),
    ("GET", "/t/{team_id}"),
    ("GET", "/t/{team_id}/apps/{app_id}"),
    ("GET", "/t/{team_id}/billing"),
    ("GET", "/t/{team_id}/team"),
    ("GET POST", "/t/{team_id}/tokens"),
    ("POST", "/t/{team_id}/tokens/choice"),
    ("GET POST", "/t/{team_id}/tokens/{token_id}/reveal"),
    ("GET POST", "/t/{team_id}/tokens/{token_id}/rotate"),
    ("GET POST", "/t/{team_id}/tokens/{token_id}/revoke"),
    ("GET POST", "/t/{team_id}/settings/sso"),
    ("GET POST", "/setup/{token}"),
    ("GET POST", "/break-glass/{token}"),
    ("GET POST", "/t/{team_id}/break-glass"),
    ("GET", "/t/{team_id}/activity"),
    ("GET", "/t/{team_id}/settings/sso/sign-ins"),
    ("GET", "/t/{team_id}/settings/sso/sign-ins/{reference}"),
    ("POST", "/t/{team_id}/people/{person_id}/role"),
    ("POST", "/t/{team_id}/people/{person_id}/deactivate"),
    ("POST", "/t/{team_id}/people/{person_id}/activate"),
    ("POST", "/t/{team_id}/people/{person_id}/sign-out"),
    ("POST", "/t/{team_id}/people/{person_id}/erase"),
    ("GET", "/operator"),
    ("GET", "/operator/requests"),
    ("GET POST", "/operator/requests/{request_id}"),
    ("GET", "/operator/health"),
    ("GET", "/operator/sign-ins"),
    ("GET", "/operator/sign-ins/{reference}"),
    ("GET", "/operator/audit"),
    ("GET POST", "/operator/teams/new"),
    ("GET POST", "/operator/teams/{team_id}"),
    ("GET", "/.well-known/openid-configuration"),
    ("GET", "/oauth2/jwks"),
    ("GET POST", "/oauth2/authorize"),
    ("POST", "/oauth2/choose"),
    ("POST OPTIONS", "/oauth2/token"),
    ("GET POST OPTIONS", "/oauth2/userinfo"),
    ("POST", "/oauth2/introspect"),
    ("POST OPTIONS", "/oauth2/revoke"),
    ("GET POST", "/oauth2/logout"),
    ("GET", "/forward-auth"),
    ("GET", "/.teamdoor/sign-in"),
    ("GET", "/.teamdoor/arrive"),
    ("POST", "/.teamdoor/sign-out"),
    ("GET", "/livez"),
    ("GET", "/readyz"),
];

/// Puts the whole service together; expects `web::Data<App>` beside it.
pub fn configure(service: &mut web::ServiceConfig) {
    service
        .configure(api::configure)
        .configure(oauth2::configure)
        .configure(forward_auth::configure)
        .configure(sso::configure)
        .configure(requests::configure)
        .configure(console::configure)
        .configure(health::configure)
        .service(page("/").route(get().to(root::get)))
        .service(page("/login").route(get().to(login::get)))
        .service(page("/login_sso").route(get().to(login_sso::get)).route(web::post().to(login_sso::post)))
        .service(page("/find_team").route(get().to(find_team::get)).route(web::post().to(find_team::post)))
        .service(page("/forget").route(web::post().to(forget::post)))
        .service(page("/t/{team_id}/login").route(get().to(team_login::get)))
        .service(page("/t/{team_id}/launch").route(get().to(launch::get)).route(web::post().to(launch::post)))
        .service(
            page("/launch")
                .route(get().to(launch::anywhere::get))
                .route(web::post().to(launch::anywhere::post)),
        )
        .service(
            page("/t/{team_id}/callback")
                .route(get().to(callback::get))
                .route(web::post().to(launch::simplified::post)),
        )
        .service(page("/t/{team_id}/logout").route(web::post().to(logout::post)))
        .service(page("/t/{team_id}/signed-out").route(get().to(signed_out::get)))
        .service(page("/t/{team_id}/backchannel_logout").route(web::post().to(backchannel_logout::post)))
        .service(page("/t/{team_id}/revoke").route(web::post().to(revoke::post)))
        .service(page("/t/{team_id}").route(get().to(dashboard::get)))
        .service(page("/t/{team_id}/apps/{app_id}").route(get().to(apps::get)))
        .service(page("/t/{team_id}/billing").route(get().to(apps::billing::get)))
        .service(page("/t/{team_id}/team").route(get().to(people::get)))
        .service(page("/t/{team_id}/tokens").route(get().to(tokens::get)).route(web::post().to(tokens::post)))
        .service(page("/t/{team_id}/tokens/choice").route(web::post().to(tokens::choice::post)))
        .service(
            page("/t/{team_id}/tokens/{token_id}/reveal")
                .route(get().to(tokens::acts::ask_reveal))
                .route(web::post().to(tokens::reveal::post)),
        )
        .service(
            page("/t/{team_id}/tokens/{token_id}/rotate")
                .route(get().to(tokens::acts::ask_rotate))
                .route(web::post().to(tokens::acts::rotate)),
        )
        .service(
            page("/t/{team_id}/tokens/{token_id}/revoke")
                .route(get().to(tokens::acts::ask_revoke))
                .route(web::post().to(tokens::acts::revoke)),
        )
        .service(page("/t/{team_id}/activity").route(get().to(activity::get)))
        .service(page("/t/{team_id}/people/{person_id}/role").route(web::post().to(role::post)))
        .service(page("/t/{team_id}/people/{person_id}/deactivate").route(web::post().to(change::deactivate)))
        .service(page("/t/{team_id}/people/{person_id}/activate").route(web::post().to(change::activate)))
        .service(page("/t/{team_id}/people/{person_id}/sign-out").route(web::post().to(change::sign_out)))
        .service(page("/t/{team_id}/people/{person_id}/erase").route(web::post().to(change::erase)))
        .service(page(pages::stylesheet_address()).route(get().to(assets::stylesheet)))
        .service(page(pages::icon_address()).route(get().to(assets::icon)))
        .service(page(pages::ACCENT_ADDRESS).route(get().to(assets::accent)))
        .default_service(web::route().to(elsewhere));
}

pub(crate) fn page(path: &str) -> Resource {
    web::resource(path).default_service(web::to(wrong_method))
}

/// GET, and HEAD as GET without a body.
pub(crate) fn get() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

pub(crate) async fn wrong_method(request: HttpRequest) -> Result<actix_web::HttpResponse, Failed> {
    let app = app(&request)?;
    let refusal =
        failed(&app, StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", failures::method_not_allowed());
    let mut response = refusal.error_response();
    // Assets are not in the table; all they know is GET.
    let pattern = request.match_pattern().unwrap_or_default();
    let methods = ROUTES.iter().find(|(_, path)| *path == pattern).map_or("GET", |(methods, _)| *methods);
    if let Ok(allow) = HeaderValue::try_from(methods.replace("GET", "GET HEAD").replace(' ', ", ")) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    Ok(response)
}

/// A redirect URI that a connection brought along, or nothing.
async fn elsewhere(request: HttpRequest) -> Result<actix_web::HttpResponse, Failed> {
    let app = app(&request)?;
    let pairs = query(&request);
    let is_answer = ["state", "code", "error"].into_iter().any(|name| first(&pairs, name).is_some());
    if request.method() == Method::GET && is_answer {
        return callback::moved_in(app, request).await;
    }
    Err(not_found(&app))
}
