//! Whose pages may read what we answer to their scripts: those of public apps, which live in browsers. No cookie
//! counts at these endpoints, so a page learns nothing it could not ask from anywhere.

use std::sync::Arc;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;

/// How long a browser may keep the answer to a preflight, in seconds.
const KEPT: &str = "600";

/// The answer to a preflight. Which app asks is not known yet: any public one may have sent its page.
pub(crate) async fn preflight(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    let mut response = HttpResponse::NoContent().finish();
    if let Some(origin) = allowed(&app, &request, |_any| true).await {
        let methods = if request.path().ends_with("/userinfo") { "GET, POST" } else { "POST" };
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods));
        let told = HeaderValue::from_static("authorization, content-type");
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, told);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(KEPT));
    }
    vary(&mut response);
    response
}

/// Lets a page read an answer when it is one of the app's with this client id; of any public app's without one.
pub(super) async fn share(
    app: &App,
    request: &HttpRequest,
    client_id: Option<&str>,
    response: &mut HttpResponse,
) {
    let is_theirs = |of: &apps::App| client_id.is_none_or(|id| of.id.as_str() == id);
    if let Some(origin) = allowed(app, request, is_theirs).await {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let told = HeaderValue::from_static("www-authenticate, retry-after");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, told);
    }
    vary(response);
}

fn vary(response: &mut HttpResponse) {
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("origin"));
}

/// The origin of the page that asks, when a public app among these is sent back there.
async fn allowed(
    app: &App,
    request: &HttpRequest,
    among: impl Fn(&apps::App) -> bool,
) -> Option<HeaderValue> {
    let mut said = request.headers().get_all(header::ORIGIN);
    let (origin, None) = (said.next()?, said.next()) else { return None };
    let text = origin.to_str().ok()?;
    let all = app.provider.apps.all().await.ok()?;
    let is_at_home = |of: &Arc<apps::App>| {
        let mut uris = of.options.redirect_uris.iter();
        of.is_public() && among(of) && uris.any(|uri| uri.origin().as_deref() == Some(text))
    };
    all.iter().any(is_at_home).then(|| origin.clone())
}
