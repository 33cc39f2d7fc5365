//! `/logout` (OpenID Connect RP-Initiated Logout 1.0), by GET and POST.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;

use super::session_cookie;
use crate::{
    backchannel,
    issuer::{Issuer, Session},
    pages::{self, see_other},
    parameters::{Doubled, Parameters, with_parameters},
    provider::Provider,
};

pub(crate) async fn get(
    provider: web::Data<Provider>,
    path: web::Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    end(&provider, &path, &request, request.query_string())
}

pub(crate) async fn post(
    provider: web::Data<Provider>,
    path: web::Path<String>,
    request: HttpRequest,
    form: String,
) -> HttpResponse {
    end(&provider, &path, &request, &form)
}

fn end(provider: &Provider, path: &str, request: &HttpRequest, asked: &str) -> HttpResponse {
    let Some(mut issuer) = provider.issuer(path) else {
        return pages::no_such_issuer();
    };
    issuer.counts.end_session += 1;
    let asked = match Asked::parse(asked, &issuer) {
        Ok(asked) => asked,
        Err(why) => return pages::error("This sign-out request can't be answered", &why),
    };
    let key = session_cookie::value(request, &issuer);
    let mut ended: Vec<Session> =
        key.and_then(|key| issuer.sessions.take(provider.now(), &key)).into_iter().collect();
    if let Some(sid) = asked.sid {
        ended.extend(issuer.sessions.values().filter(|session| session.sid == sid).cloned());
        issuer.sessions.keep_only(|session| session.sid != sid);
    }
    let messages = ended.iter().flat_map(|session| backchannel::messages(provider, &issuer, session));
    backchannel::send(messages.collect());
    let mut response = match asked.target {
        Some(target) => see_other(&target),
        None => pages::signed_out(&issuer),
    };
    if let Ok(cookie) = header::HeaderValue::from_str(&session_cookie::clear(&issuer)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

struct Asked {
    sid: Option<String>,
    target: Option<String>,
}

impl Asked {
    fn parse(text: &str, issuer: &Issuer) -> Result<Self, String> {
        let parameters = Parameters::parse(text);
        let one = |name| {
            parameters.one(name).map_err(|Doubled(name)| format!("The parameter {name} stands there twice."))
        };
        let hint = match one("id_token_hint")? {
            Some(token) => Some(
                claims_of(token, issuer).ok_or("The id_token_hint is not an ID token of this provider.")?,
            ),
            None => None,
        };
        let claim =
            |name: &str| hint.as_ref().and_then(|claims| claims.get(name)?.as_str()).map(str::to_owned);
        let client_id = claim("aud").or(one("client_id")?.map(str::to_owned));
        let target = match one("post_logout_redirect_uri")? {
            Some(target) => {
                let client = client_id.as_deref().and_then(|client_id| issuer.client(client_id));
                let registered = client
                    .is_some_and(|client| client.post_logout_redirect_uris.iter().any(|uri| uri == target));
                if !registered {
                    return Err(format!(
                        "The post-logout redirect URI \u{201c}{target}\u{201d} is not registered."
                    ));
                }
                let state = one("state")?.map(|state| ("state", state.to_owned()));
                Some(with_parameters(target, state.as_slice()))
            }
            None => None,
        };
        Ok(Self { sid: claim("sid"), target })
    }
}

/// The claims of an ID token that a key of this issuer signed, however long ago.
fn claims_of(token: &str, issuer: &Issuer) -> Option<Value> {
    let (input, signature) = token.rsplit_once('.')?;
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
    if !issuer.ring.ever_signed(input.as_bytes(), &signature) {
        return None;
    }
    let (_, payload) = input.split_once('.')?;
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}
