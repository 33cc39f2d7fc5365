//! Coming in, staying, going out. It can be copied as it is; `crate::message` says how a page of few words looks.

use std::{collections::HashMap, error::Error, pin::Pin, time::Duration};

use actix_web::http::header::{COOKIE, HeaderName, LOCATION, ORIGIN, SET_COOKIE};
use actix_web::web::{Data, Form, Query};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, error::InternalError, http::Method};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, get_current_timestamp, jwk::JwkSet};
use moka::sync::Cache;
use oidc::core::{CoreAuthenticationFlow, CoreClient, CoreGenderClaim};
use oidc::core::{CoreJweContentEncryptionAlgorithm as Encryption, CoreJwsSigningAlgorithm as Signing};
use oidc::{EndpointMaybeSet as Maybe, EndpointNotSet as No, EndpointSet as Yes};
use openidconnect::{self as oidc, OAuth2TokenResponse, ProviderMetadataWithLogout, TokenResponse};
use serde_json::{Value, from_str, from_value, to_value};

use crate::message;

/// An error is one for the log: Teamdoor could not be asked, or what came does not hold.
type Result<T> = std::result::Result<T, Box<dyn Error>>;
type Answer = actix_web::Result<HttpResponse>;
type Said = HashMap<String, String>;
const SESSION: &str = "session";
const ATTEMPT: &str = "attempt_";

/// What Teamdoor says of somebody beyond every provider's claims. Your product keeps all by `team_id`.
#[derive(Clone, Debug, serde::Deserialize, serde::Serialize)]
pub struct Membership {
    pub team_id: String,
    pub team_name: String,
    /// `admin` or `member`.
    pub role: String,
    /// What a logout token calls the session; ID tokens alone say it.
    sid: Option<String>,
}
impl oidc::AdditionalClaims for Membership {}

/// Somebody who is signed in: a handler that takes one is for nobody else.
#[derive(Clone)]
pub struct Visitor {
    pub name: String,
    /// The role in it is the one of this moment.
    pub team: Membership,
    /// Who it is, for ever. An email would not do: people change theirs.
    pub subject: String,
    session: String,
    access_token: String,
    id_token: String,
}

/// What `teamdoor app add` was told and printed. No address ends with a slash.
#[derive(Clone)]
pub struct Config {
    /// The product's own; registered are `/callback`, `/login`, `/backchannel-logout` and `/` under it.
    pub base_url: String,
    /// Teamdoor's public address.
    pub issuer: String,
    /// The client id.
    pub client_id: String,
    /// The client secret.
    pub client_secret: String,
}

/// Teamdoor, and who came in from there by session; your product keeps them in its database.
pub struct Door {
    pub config: Config,
    http: reqwest::Client,
    /// Teamdoor's addresses and keys, read again after a minute: a new key is published long before it signs.
    metadata: Cache<(), ProviderMetadataWithLogout>,
    visitors: Cache<String, Visitor>,
}

impl Door {
    pub fn new(config: Config) -> reqwest::Result<Self> {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        Ok(Self {
            config,
            http: http.timeout(Duration::from_secs(10)).build()?,
            metadata: Cache::builder().time_to_live(Duration::from_mins(1)).build(),
            visitors: Cache::builder().time_to_live(Duration::from_hours(12)).max_capacity(10_000).build(),
        })
    }

    /// Sends a browser to Teamdoor, and from there to a page of ours.
    async fn begin(&self, page: &str, more: &[(&str, &str)]) -> Result<HttpResponse> {
        let (challenge, verifier) = oidc::PkceCodeChallenge::new_random_sha256();
        let (client, flow) = (self.client().await?, CoreAuthenticationFlow::AuthorizationCode);
        let request = client.authorize_url(flow, oidc::CsrfToken::new_random, oidc::Nonce::new_random);
        let request = request.add_scopes(["profile", "email"].map(|name| oidc::Scope::new(name.to_owned())));
        let request = more.iter().fold(request, |all, (name, value)| all.add_extra_param(*name, *value));
        let (address, state, nonce) = request.set_pkce_challenge(challenge).url();
        let is_plain = page.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_".contains(&byte));
        let page = if page.starts_with('/') && is_plain { page } else { "/" };
        let kept = format!("{}|{}|{page}", nonce.secret(), verifier.secret());
        let cookie = self.cookie(&format!("{ATTEMPT}{}", state.secret()), &kept, "; Max-Age=600");
        Ok(see_other(address.as_str(), &[cookie]))
    }

    /// Exchanges a code for somebody whose ID token holds.
    async fn arrive(&self, code: &str, nonce: &str, verifier: &str) -> Result<Visitor> {
        let client = self.client().await?;
        let exchange = client.exchange_code(oidc::AuthorizationCode::new(code.to_owned()))?;
        let exchange = exchange.set_pkce_verifier(oidc::PkceCodeVerifier::new(verifier.to_owned()));
        let tokens = exchange.request_async(&|request| self.send(request)).await?;
        let id_token = tokens.id_token().ok_or("no ID token")?.to_string();
        let rules = client.id_token_verifier().set_allowed_algs([Signing::RsaSsaPkcs1V15Sha256]);
        let token: oidc::IdToken<Membership, CoreGenderClaim, Encryption, Signing> = id_token.parse()?;
        let claims = token.into_claims(&rules, &oidc::Nonce::new(nonce.to_owned()))?;
        let name = claims.name().and_then(|name| name.get(None)).map(|name| name.to_string());
        Ok(Visitor {
            name: name.or(claims.email().map(|email| email.to_string())).unwrap_or_default(),
            team: claims.additional_claims().clone(),
            subject: claims.subject().to_string(),
            session: oidc::CsrfToken::new_random_len(32).into_secret(),
            access_token: tokens.access_token().secret().clone(),
            id_token,
        })
    }

    /// The team and the role of somebody now (UserInfo); `None` when Teamdoor knows their token no more.
    async fn team_now(&self, visitor: &Visitor) -> Result<Option<Membership>> {
        let metadata = self.metadata().await?;
        let address = metadata.userinfo_endpoint().ok_or("no userinfo_endpoint")?;
        let Some(said) = self.ask(address.as_str(), &visitor.access_token).await? else { return Ok(None) };
        let is_theirs = said.get("sub").is_some_and(|sub| *sub == *visitor.subject);
        Ok(from_value(is_theirs.then_some(said).ok_or("UserInfo of somebody else")?)?)
    }

    /// The `sid` and the `sub` of a logout token that holds (OpenID Connect Back-Channel Logout 1.0 §2.6).
    async fn ended(&self, token: &str) -> Result<(Option<String>, Option<String>)> {
        let header = jsonwebtoken::decode_header(token)?;
        let keys: JwkSet = from_value(to_value(self.metadata().await?.jwks())?)?;
        let key = header.kid.as_deref().and_then(|kid| keys.find(kid)).ok_or("an unknown key")?;
        let mut rules = Validation::new(header.alg);
        rules.algorithms.retain(|alg| matches!(alg, Algorithm::RS256 | Algorithm::ES256));
        rules.set_audience(&[&self.config.client_id]);
        rules.set_issuer(&[&self.config.issuer]);
        rules.set_required_spec_claims(&["iss", "aud", "exp"]);
        let said = jsonwebtoken::decode::<Value>(token, &DecodingKey::from_jwk(key)?, &rules)?.claims;
        let age = said.get("iat").and_then(Value::as_u64).ok_or("no iat")?.abs_diff(get_current_timestamp());
        let event = said.pointer("/events/http:~1~1schemas.openid.net~1event~1backchannel-logout");
        let text = |name| said.get(name).and_then(Value::as_str).map(str::to_owned);
        match (text("sid"), text("sub")) {
            (None, None) => Err("nobody is named".into()),
            _ if age > 300 || event.is_none() || said.get("nonce").is_some() => Err("no logout token".into()),
            named => Ok(named),
        }
    }

    async fn client(&self) -> Result<CoreClient<Yes, No, No, No, Maybe, Maybe>> {
        let Config { base_url, client_id, client_secret, .. } = self.config.clone();
        let (id, secret) = (oidc::ClientId::new(client_id), oidc::ClientSecret::new(client_secret));
        let client = CoreClient::from_provider_metadata(self.metadata().await?, id, Some(secret));
        Ok(client.set_redirect_uri(oidc::RedirectUrl::new(format!("{base_url}/callback"))?))
    }

    async fn metadata(&self) -> Result<ProviderMetadataWithLogout> {
        if let Some(known) = self.metadata.get(&()) {
            return Ok(known);
        }
        let issuer = oidc::IssuerUrl::new(self.config.issuer.clone())?;
        let found = ProviderMetadataWithLogout::discover_async(issuer, &|request| self.send(request)).await?;
        self.metadata.insert((), found.clone());
        Ok(found)
    }

    /// The answer to the bearer of this token; `None` when the token is nobody's, or not any more.
    pub async fn ask(&self, address: &str, token: &str) -> Result<Option<Value>> {
        let answer = self.http.get(address).bearer_auth(token).send().await?;
        let is_known = answer.status() != reqwest::StatusCode::UNAUTHORIZED;
        if is_known { Ok(from_str(&answer.error_for_status()?.text().await?)?) } else { Ok(None) }
    }

    async fn send(&self, request: oidc::HttpRequest) -> reqwest::Result<oidc::HttpResponse> {
        let mut answer = self.http.execute(request.try_into()?).await?;
        let (status, headers) = (answer.status(), std::mem::take(answer.headers_mut()));
        let mut response = oidc::HttpResponse::new(answer.bytes().await?.to_vec());
        (*response.status_mut(), *response.headers_mut()) = (status, headers);
        Ok(response)
    }

    fn cookie(&self, name: &str, value: &str, more: &str) -> (HeaderName, String) {
        let secure = if self.config.base_url.starts_with("https:") { "; Secure" } else { "" };
        let id = &self.config.client_id;
        (SET_COOKIE, format!("ledger_{id}_{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}"))
    }

    fn kept<'a>(&self, request: &'a HttpRequest, name: &str) -> Option<&'a str> {
        let name = format!("ledger_{}_{name}=", self.config.client_id);
        request.headers().get(COOKIE)?.to_str().ok()?.split("; ").find_map(|one| one.strip_prefix(&name))
    }
}

impl FromRequest for Visitor {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = actix_web::Result<Self>>>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let door = request.app_data::<Data<Door>>().ok_or_else(|| failed("no door".into()))?;
            let (is_form, origin) = (request.method() == Method::POST, request.headers().get(ORIGIN));
            // Browsers say where a form stood; `SameSite` is no help against another port of this host.
            if is_form && origin.is_some_and(|origin| origin != door.config.base_url.as_str()) {
                return Err(instead(message(403, "That form was not ours", "Nothing has changed.")));
            }
            let Some(visitor) = door.visitors.get(door.kept(&request, SESSION).unwrap_or_default()) else {
                let status = if request.path() == "/" { 200 } else { 403 };
                return Err(instead(message(status, "Please sign in", "You see here what your team has.")));
            };
            if let Some(team) = door.team_now(&visitor).await.map_err(failed)? {
                return Ok(Self { team, ..visitor });
            }
            // The token has run out or the session is over: Teamdoor knows which, and need not ask anybody.
            door.visitors.invalidate(&visitor.session);
            let again = [("team_id", visitor.team.team_id.as_str()), ("prompt", "none")];
            let page = if is_form { "/" } else { request.path() };
            Err(instead(door.begin(page, &again).await.map_err(failed)?))
        })
    }
}

/// A tile or a button asks for a sign-in (third-party initiated login, OpenID Connect Core §4).
pub async fn login(door: Data<Door>, said: Query<Said>) -> Answer {
    if said.get("iss").is_some_and(|iss| *iss != door.config.issuer) {
        return Ok(message(400, "Another door's tile", "It uses a sign-in service that we don't."));
    }
    let more = ["team_id", "login_hint"].map(|name| Some((name, said.get(name)?.as_str())));
    let page = said.get("target_link_uri").and_then(|target| target.strip_prefix(&door.config.base_url));
    door.begin(page.unwrap_or("/"), &more.into_iter().flatten().collect::<Vec<_>>()).await.map_err(failed)
}

/// The redirect URI: the browser comes back with a code or an error.
pub async fn callback(door: Data<Door>, request: HttpRequest, said: Query<Said>) -> Answer {
    let attempt = format!("{ATTEMPT}{}", said.get("state").map_or("", String::as_str));
    let kept: Vec<&str> = door.kept(&request, &attempt).unwrap_or_default().split('|').collect();
    let &[nonce, verifier, page] = kept.as_slice() else {
        return Ok(message(400, "Please start again", "This sign-in began elsewhere, or long ago."));
    };
    let Some(code) = said.get("code") else {
        return Ok(message(403, "You are signed out", "Your session ended, or you may not come in."));
    };
    let visitor = door.arrive(code, nonce, verifier).await.map_err(failed)?;
    let cookies = [door.cookie(SESSION, &visitor.session, ""), door.cookie(&attempt, "", "; Max-Age=0")];
    door.visitors.insert(visitor.session.clone(), visitor);
    Ok(see_other(&format!("{}{page}", door.config.base_url), &cookies))
}

/// Ends the session here and at Teamdoor (OpenID Connect RP-Initiated Logout 1.0).
pub async fn logout(door: Data<Door>, visitor: Visitor) -> Answer {
    door.visitors.invalidate(&visitor.session);
    let metadata = door.metadata().await.map_err(failed)?;
    let end = metadata.additional_metadata().end_session_endpoint.as_ref();
    let mut address = end.ok_or_else(|| failed("no way out".into()))?.url().clone();
    let (id, back) = (&door.config.client_id, &format!("{}/", door.config.base_url));
    let said = [("client_id", id), ("id_token_hint", &visitor.id_token), ("post_logout_redirect_uri", back)];
    address.query_pairs_mut().extend_pairs(said);
    Ok(see_other(address.as_str(), &[door.cookie(SESSION, "", "; Max-Age=0")]))
}

/// Teamdoor says that sessions have ended (OpenID Connect Back-Channel Logout 1.0 §2.7).
pub async fn backchannel_logout(door: Data<Door>, form: Form<Said>) -> HttpResponse {
    let token = form.get("logout_token").map_or("", String::as_str);
    let Ok((sid, sub)) = door.ended(token).await else { return HttpResponse::BadRequest().finish() };
    let is_of = |visitor: &Visitor| sub.as_ref().is_none_or(|sub| *sub == visitor.subject);
    let ended = door.visitors.iter().filter(|(_, one)| is_of(one) && (sid.is_none() || sid == one.team.sid));
    ended.for_each(|(session, _)| door.visitors.invalidate(&*session));
    HttpResponse::Ok().finish()
}

pub fn see_other(address: &str, cookies: &[(HeaderName, String)]) -> HttpResponse {
    let mut answer = HttpResponse::SeeOther();
    for cookie in cookies {
        answer.append_header(cookie.clone());
    }
    answer.insert_header((LOCATION, address)).finish()
}

pub fn instead(answer: HttpResponse) -> actix_web::Error {
    InternalError::from_response("", answer).into()
}

pub fn failed(error: Box<dyn Error>) -> actix_web::Error {
    tracing::warn!(error, "Teamdoor's answer is of no use");
    InternalError::from_response(error, message(502, "The door is stuck", "Please try again soon.")).into()
}
