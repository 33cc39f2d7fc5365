//! `/.well-known/openid-configuration` and `/oauth2/jwks`: what everybody may know of us and keep for a while
//! (`OpenID` Connect Discovery §4, RFC 7517 §5).

use std::time::Duration;

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use provider::keys;

use super::refusal;
use crate::app::App;

/// What stands there changes with a new version of Teamdoor alone.
const METADATA_KEPT: Duration = Duration::from_hours(1);

pub(crate) async fn metadata(app: web::Data<App>) -> HttpResponse {
    document(app.discovery.clone(), METADATA_KEPT)
}

pub(crate) async fn jwks(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    match app.provider.signing.key_set(app.now()).await {
        Ok(key_set) => document(Bytes::from(key_set), keys::MAX_AGE),
        Err(error) => refusal::not_now(&app, &request, &error),
    }
}

fn document(json: Bytes, keep: Duration) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CACHE_CONTROL, format!("public, max-age={}", keep.as_secs())))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .body(json)
}
