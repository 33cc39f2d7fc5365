//! Teamdoor as `OpenID` Provider: the addresses that people pass on their way to an app, and those that apps call.

mod authorize;
mod choose;
mod client;
mod cors;
mod discovery;
mod introspect;
mod logout;
mod refusal;
mod revoke;
mod sign_in;
mod token;
mod userinfo;
pub(crate) mod wanted;

use actix_web::http::Method;
use actix_web::web;

use crate::routes::{get, page};

/// The addresses of the discovery document.
pub(crate) fn configure(service: &mut web::ServiceConfig) {
    let options = || web::method(Method::OPTIONS).to(cors::preflight);
    service
        .service(page("/.well-known/openid-configuration").route(get().to(discovery::metadata)))
        .service(page("/oauth2/jwks").route(get().to(discovery::jwks)))
        .service(
            page("/oauth2/authorize").route(get().to(authorize::get)).route(web::post().to(authorize::post)),
        )
        .service(page("/oauth2/choose").route(web::post().to(choose::post)))
        .service(page("/oauth2/token").route(web::post().to(token::post)).route(options()))
        .service(
            page("/oauth2/userinfo")
                .route(get().to(userinfo::any))
                .route(web::post().to(userinfo::any))
                .route(options()),
        )
        .service(page("/oauth2/introspect").route(web::post().to(introspect::post)))
        .service(page("/oauth2/revoke").route(web::post().to(revoke::post)).route(options()))
        .service(page("/oauth2/logout").route(get().to(logout::get)).route(web::post().to(logout::post)));
}
