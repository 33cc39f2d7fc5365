//! `/choose`: someone said who they are. It signs them in and goes on with what they came for.

use actix_web::{HttpResponse, http::header, web};

use super::{authorize::refuse, session_cookie};
use crate::{
    authorization::{AuthorizationRequest, new_session},
    pages::{self, Chooser, see_other},
    parameters::Parameters,
    provider::Provider,
};

/// Fields: `person` (subject or email) and `request` (the authorization request's query; empty on the way to
/// the dashboard).
pub(crate) async fn post(
    provider: web::Data<Provider>,
    path: web::Path<String>,
    form: String,
) -> HttpResponse {
    let Some(mut issuer) = provider.issuer(&path) else {
        return pages::no_such_issuer();
    };
    let fields = Parameters::parse(&form);
    let chosen = fields.one("person").ok().flatten().and_then(|name| issuer.person(name));
    let asked = fields.one("request").ok().flatten();
    let Some(subject) = chosen.map(|person| person.subject.clone()) else {
        return Chooser::new(&issuer, None, asked.unwrap_or_default(), None).nobody_chosen();
    };
    let now = provider.now();
    let session = new_session(&provider, &subject, now);
    let key = provider.random();
    let cookie = session_cookie::set(&issuer, &key);
    issuer.sessions.put(now, key, session.clone());
    let mut response = match asked.map(|asked| AuthorizationRequest::parse(asked, &issuer)) {
        None => see_other(&format!("{}/dashboard", issuer.address)),
        Some(Ok(wanted)) => see_other(&wanted.answer(&provider, &mut issuer, &session)),
        Some(Err(refusal)) => refuse(&refusal),
    };
    if let Ok(cookie) = header::HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
