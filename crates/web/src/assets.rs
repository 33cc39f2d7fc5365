//! Stylesheets and icon: addresses that name their content, so browsers keep them for good.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use crate::app::App;

const FOR_GOOD: &str = "public, max-age=31536000, immutable";

pub(crate) async fn stylesheet() -> HttpResponse {
    asset("text/css; charset=utf-8", FOR_GOOD, pages::STYLESHEET.to_owned())
}

pub(crate) async fn icon() -> HttpResponse {
    asset("image/svg+xml", FOR_GOOD, pages::ICON.to_owned())
}

/// The vendor's colour; its address does not change with it.
pub(crate) async fn accent(app: web::Data<App>) -> HttpResponse {
    let sheet = pages::accent_stylesheet(&app.face).unwrap_or_default();
    asset("text/css; charset=utf-8", "public, max-age=300", sheet)
}

fn asset(kind: &'static str, keep: &'static str, body: String) -> HttpResponse {
    HttpResponse::Ok().content_type(kind).insert_header((header::CACHE_CONTROL, keep)).body(body)
}
