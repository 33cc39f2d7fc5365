//! The answers handlers give when all is well.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};

use crate::request::is_prefetch;

/// A page.
pub(crate) fn page(html: String) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html)
}

/// A page of another status.
pub(crate) fn page_with(status: StatusCode, html: String) -> HttpResponse {
    HttpResponse::build(status).content_type("text/html; charset=utf-8").body(html)
}

/// 303: look there by GET.
pub(crate) fn see_other(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish()
}

/// The same with cookies.
pub(crate) fn see_other_with(address: &str, cookies: Vec<String>) -> HttpResponse {
    let mut response = HttpResponse::SeeOther();
    response.insert_header((header::LOCATION, address));
    for cookie in cookies {
        response.append_header((header::SET_COOKIE, cookie));
    }
    response.finish()
}

/// Adds cookies to an answer.
pub(crate) fn with_cookies(answer: &mut HttpResponse, cookies: impl IntoIterator<Item = String>) {
    let lines = cookies.into_iter().filter_map(|cookie| header::HeaderValue::try_from(cookie).ok());
    lines.for_each(|line| answer.headers_mut().append(header::SET_COOKIE, line));
}

/// 204: nothing is started for a HEAD or a frame. A prefetch gets 403, because a browser keeps a success for the
/// click that follows, which would then do nothing.
pub(crate) fn nothing(request: &HttpRequest) -> HttpResponse {
    if is_prefetch(request) { HttpResponse::Forbidden().finish() } else { HttpResponse::NoContent().finish() }
}
