//! `/authorize` (OpenID Connect Core §3.1.2), by GET and POST.

use actix_web::{HttpRequest, HttpResponse, web};
use vocabulary::Timestamp;

use super::session_cookie;
use crate::{
    authorization::{AuthorizationRequest, Prompt, Refusal, new_session},
    issuer::{Issuer, Session},
    misbehaviour::AuthorizeFault,
    pages::{self, Chooser, see_other},
    provider::Provider,
};

pub(crate) async fn get(
    provider: web::Data<Provider>,
    path: web::Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    begin(&provider, &path, &request, request.query_string())
}

pub(crate) async fn post(
    provider: web::Data<Provider>,
    path: web::Path<String>,
    request: HttpRequest,
    form: String,
) -> HttpResponse {
    begin(&provider, &path, &request, &form)
}

fn begin(provider: &Provider, path: &str, request: &HttpRequest, asked: &str) -> HttpResponse {
    let Some(mut issuer) = provider.issuer(path) else {
        return pages::no_such_issuer();
    };
    issuer.counts.authorize += 1;
    let wanted = match AuthorizationRequest::parse(asked, &issuer) {
        Ok(wanted) => wanted,
        Err(refusal) => return refuse(&refusal),
    };
    let now = provider.now();
    let known = session_cookie::session(request, &issuer, now);
    let deaf = issuer.faults.authorize == Some(AuthorizeFault::DeafToMaxAge);
    let fresh = known.clone().filter(|session| {
        wanted.prompt != Prompt::Always && (deaf || is_young(session, wanted.max_age, now))
    });
    if let Some(session) = fresh.or_else(|| approved_by_itself(provider, &issuer, now)) {
        return see_other(&wanted.answer(provider, &mut issuer, &session));
    }
    if wanted.prompt == Prompt::Never {
        return see_other(&wanted.refuse(&issuer, "login_required", "Nobody is signed in here."));
    }
    let suggested = wanted.login_hint.as_deref().or(known.as_ref().map(|session| session.subject.as_str()));
    let label = issuer.client(&wanted.client_id).map(|client| client.label.clone());
    Chooser::new(&issuer, label, asked, suggested).page()
}

pub(crate) fn refuse(refusal: &Refusal) -> HttpResponse {
    match refusal {
        Refusal::Shown(why) => pages::error("This sign-in request can't be answered", why),
        Refusal::Sent(address) => see_other(address),
    }
}

/// Whether a session began recently enough to answer without asking; `max_age=0` always asks (Core §3.1.2.1).
fn is_young(session: &Session, max_age: Option<i64>, now: Timestamp) -> bool {
    let age = now.seconds() - session.since.seconds();
    max_age.is_none_or(|seconds| seconds > 0 && age <= seconds)
}

fn approved_by_itself(provider: &Provider, issuer: &Issuer, now: Timestamp) -> Option<Session> {
    if issuer.faults.authorize != Some(AuthorizeFault::ApprovesByItself) {
        return None;
    }
    let person = issuer.people.first()?;
    Some(new_session(provider, &person.subject, now))
}
