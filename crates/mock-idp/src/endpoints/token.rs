//! `/token` (RFC 6749 §4.1.3, RFC 7636 §4.6): a code becomes tokens, once.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use aws_lc_rs::digest;
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::{
    authorization::HOSTILE,
    bodies::Answer,
    claims::set,
    config::Client,
    id_token,
    issuer::{Grant, Issuer, TOKEN_LIFETIME},
    misbehaviour::{Endpoint, TokenFault},
    pages,
    parameters::{Doubled, Parameters},
    provider::Provider,
};

pub(crate) async fn post(
    provider: web::Data<Provider>,
    path: web::Path<String>,
    request: HttpRequest,
    form: String,
) -> HttpResponse {
    let Some((answer, trouble)) = provider.issuer(&path).map(|mut issuer| {
        issuer.counts.token += 1;
        let answer =
            exchange(&provider, &mut issuer, &request, &form).unwrap_or_else(|refused| refused.answer());
        (answer, issuer.trouble(Endpoint::Token))
    }) else {
        return pages::no_such_issuer();
    };
    answer.send_despite(trouble).await
}

/// An error of RFC 6749 §5.2.
struct Refused {
    error: &'static str,
    description: &'static str,
}

const fn refused(error: &'static str, description: &'static str) -> Refused {
    Refused { error, description }
}

impl Refused {
    fn answer(&self) -> Answer {
        let body = json!({"error": self.error, "error_description": self.description});
        if self.error == "invalid_client" {
            let answer = Answer::json(StatusCode::UNAUTHORIZED, &body);
            return answer.with(header::WWW_AUTHENTICATE, "Basic realm=\"practice\"");
        }
        Answer::json(StatusCode::BAD_REQUEST, &body)
    }
}

fn exchange(
    provider: &Provider,
    issuer: &mut Issuer,
    request: &HttpRequest,
    form: &str,
) -> Result<Answer, Refused> {
    let fields = Parameters::parse(form);
    let one = |name| {
        let value = fields.one(name);
        value.map_err(|Doubled(_)| refused("invalid_request", "A parameter stands there twice."))
    };
    let client = authenticated(issuer, request, one("client_id")?, one("client_secret")?)?.clone();
    if one("grant_type")? != Some("authorization_code") {
        return Err(refused("unsupported_grant_type", "Only authorization_code is supported."));
    }
    let code = one("code")?.ok_or(refused("invalid_request", "There is no code."))?;
    let now = provider.now();
    let invalid = |why| refused("invalid_grant", why);
    let grant = issuer.codes.take(now, code).ok_or(invalid("The code is unknown, used or too old."))?;
    if grant.client_id != client.client_id {
        return Err(invalid("The code was given to another client."));
    }
    if one("redirect_uri")? != Some(grant.redirect_uri.as_str()) {
        return Err(invalid("The redirect URI is not the one the code was sent to."));
    }
    if !verifies(one("code_verifier")?.unwrap_or_default(), &grant.code_challenge) {
        return Err(invalid("The code verifier does not fit."));
    }
    let person = issuer.person(&grant.session.subject).ok_or(invalid("The person is gone."))?;
    let access_token = provider.random();
    let id_token = id_token::mint(issuer, &client, &grant, person, &access_token, now);
    let answer = tokens(issuer, &grant, &access_token, &id_token);
    issuer.access_tokens.put(now, access_token, grant);
    Ok(answer)
}

/// The client, proved by basic or post, never both (RFC 6749 §2.3.1).
fn authenticated<'issuer>(
    issuer: &'issuer Issuer,
    request: &HttpRequest,
    client_id: Option<&str>,
    client_secret: Option<&str>,
) -> Result<&'issuer Client, Refused> {
    let wrong = refused("invalid_client", "The client's credentials are missing or wrong.");
    let (id, secret) = match (request.headers().get(header::AUTHORIZATION), client_secret) {
        (Some(_), Some(_)) => return Err(refused("invalid_request", "One way of authentication, not two.")),
        (Some(basic), None) => basic.to_str().ok().and_then(basic_credentials).ok_or(wrong)?,
        (None, Some(secret)) => (client_id.unwrap_or_default().to_owned(), secret.to_owned()),
        (None, None) => return Err(wrong),
    };
    let client = issuer.client(&id).filter(|client| client.answers_by(&secret));
    client.ok_or(refused("invalid_client", "The client's credentials are missing or wrong."))
}

/// Id and secret, each form-decoded after Base64, as RFC 6749 §2.3.1 says and many forget.
fn basic_credentials(header: &str) -> Option<(String, String)> {
    let (scheme, value) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(BASE64_STANDARD.decode(value).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((form_decoded(id)?, form_decoded(secret)?))
}

fn form_decoded(text: &str) -> Option<String> {
    form_urlencoded::parse(text.as_bytes()).next().map(|(name, _)| name.into_owned())
}

fn verifies(verifier: &str, challenge: &str) -> bool {
    let hash = digest::digest(&digest::SHA256, verifier.as_bytes());
    (43..=128).contains(&verifier.len()) && BASE64_URL_SAFE_NO_PAD.encode(hash) == challenge
}

fn tokens(issuer: &Issuer, grant: &Grant, access_token: &str, id_token: &str) -> Answer {
    let body = json!({
        "token_type": "Bearer",
        "expires_in": TOKEN_LIFETIME.as_secs(),
        "access_token": access_token,
        "scope": grant.scope,
        "id_token": id_token,
    });
    let answer = match issuer.faults.token {
        Some(fault) => spoilt(body, fault),
        None => Answer::json(StatusCode::OK, &body),
    };
    answer.with(header::CACHE_CONTROL, "no-store")
}

fn spoilt(mut body: Value, fault: TokenFault) -> Answer {
    let Some(members) = body.as_object_mut() else {
        return Answer::json(StatusCode::OK, &body);
    };
    match fault {
        TokenFault::InvalidGrant => {
            return refused("invalid_grant", "The practice provider was told to.").answer();
        }
        TokenFault::InvalidClient => {
            return refused("invalid_client", "The practice provider was told to.").answer();
        }
        TokenFault::ErrorWithStatusOk => body = json!({"error": "invalid_grant"}),
        TokenFault::HostileDescription => {
            let description = HOSTILE.to_owned() + &"long ".repeat(410);
            let body = json!({"error": "invalid_request", "error_description": description});
            return Answer::json(StatusCode::BAD_REQUEST, &body);
        }
        TokenFault::IdTokenMissing => drop(members.remove("id_token")),
        TokenFault::IdTokenObject => set(members, "id_token", json!({"token": "object"})),
        TokenFault::AccessTokenMissing => drop(members.remove("access_token")),
        TokenFault::TokenTypeOther => set(members, "token_type", "mac"),
        TokenFault::TokenTypeMissing => drop(members.remove("token_type")),
        TokenFault::TokenTypeLowercase => set(members, "token_type", "bearer"),
        TokenFault::UnknownMembers => set(members, "practice", json!([{"deep": null}])),
        TokenFault::ExpiryMissing => drop(members.remove("expires_in")),
    }
    Answer::json(StatusCode::OK, &body)
}
