//! The headers every answer carries, errors included.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest, web};
use teams::TeamAndConnection;
use upstream::EndSession;
use url::Url;

use crate::app::App;

/// What pages may load: our own stylesheet, and the vendor's logo. Forms go to ourselves.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' https:; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";
/// The same for the Team ID page: its form ends at an identity provider not known beforehand, and Chromium
/// applies `form-action` to the redirects after a form.
pub(crate) const POLICY_ANY_FORM: &str =
    "default-src 'none'; style-src 'self'; img-src 'self' https:; frame-ancestors 'none'; base-uri 'none'";

/// The policy of one page, where its forms may end elsewhere.
struct FormsOf(HeaderValue);

/// Says that this request's page has a form that may end at the team's identity provider, and then wherever that
/// sends people back to: both stand in the policy, or no word of forms while the provider's address is not known.
pub(crate) fn forms_may_end_at_idp(app: &App, request: &HttpRequest, team: &TeamAndConnection) {
    let back = team.connection.options.post_logout_redirect_uri.as_deref();
    let back = back.and_then(|back| Url::parse(back).ok()).map(|back| back.origin().ascii_serialization());
    let ours = app.door.public_url.origin().ascii_serialization();
    let policy = match app.door.upstream.end_session(&app.door.party(team), app.now()) {
        // The provider chose the name of its host: it must not choose our policy too.
        EndSession::At(there) if !is_plain(&there) => POLICY.to_owned(),
        EndSession::At(there) => {
            let back = back.filter(|back| *back != ours && is_plain(back));
            let back = back.map(|back| format!(" {back}")).unwrap_or_default();
            POLICY.replace("form-action 'self'", &format!("form-action 'self' {there}{back}"))
        }
        EndSession::NotKnown | EndSession::Nowhere => POLICY_ANY_FORM.to_owned(),
    };
    if let Ok(policy) = HeaderValue::try_from(policy) {
        request.extensions_mut().insert(FormsOf(policy));
    }
}

/// Says that this request's page has a form that may end at these origins; with none, the end is not known.
pub(crate) fn forms_may_end_at(request: &HttpRequest, origins: &[String]) {
    let policy = if origins.is_empty() || !origins.iter().all(|origin| is_plain(origin)) {
        POLICY_ANY_FORM.to_owned()
    } else {
        POLICY.replace("form-action 'self'", &format!("form-action 'self' {}", origins.join(" ")))
    };
    if let Ok(policy) = HeaderValue::try_from(policy) {
        request.extensions_mut().insert(FormsOf(policy));
    }
}

/// Whether an origin is nothing but an origin in a policy: `*`, `;` and `,` are letters of a host's name, too.
fn is_plain(origin: &str) -> bool {
    origin.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":/.-_[]".contains(&byte))
}

static ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("same-origin")),
];

/// Middleware that adds them where a handler has not said otherwise.
pub async fn add(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let https = request.app_data::<web::Data<App>>().is_some_and(|app| app.is_https());
    let mut response = next.call(request).await?;
    let own = response.request().extensions_mut().remove::<FormsOf>();
    let headers = response.headers_mut();
    if let Some(FormsOf(policy)) = own {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in &ALWAYS {
        if !headers.contains_key(name) {
            headers.insert(name.clone(), value.clone());
        }
    }
    if https && !headers.contains_key(header::STRICT_TRANSPORT_SECURITY) {
        let hsts = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, hsts);
    }
    Ok(response)
}
