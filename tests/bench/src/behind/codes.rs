//! An app of the load: its authorization requests, and codes on their way to be redeemed.

use serde_json::Value;

use crate::api;
use crate::failure::Failure;
use crate::http::Connection;
use crate::process::get;

/// Where the answers go; nobody listens there.
pub const REDIRECT_URI: &str = "http://localhost:1/callback";
/// The pair of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A confidential app.
pub struct Client {
    pub id: String,
    pub secret: String,
}

impl Client {
    /// An authorization request of somebody with this session.
    pub fn authorize(&self, session: &str, port: u16) -> Vec<u8> {
        let path = format!(
            "/oauth2/authorize?response_type=code&client_id={}&redirect_uri=http%3A%2F%2Flocalhost%3A1%2Fcallback\
             &scope=openid+profile+email&state=af0ifjsldkj&nonce=n-0S6_WzA2Mj&code_challenge={CHALLENGE}\
             &code_challenge_method=S256&team_id={}",
            self.id,
            team_of(session)
        );
        get(&path, port, session)
    }

    /// A question about a token.
    pub fn introspect(&self, token: &str, port: u16) -> Vec<u8> {
        let body = format!("token={token}&client_id={}&client_secret={}", self.id, self.secret);
        form("/oauth2/introspect", port, &body)
    }
}

fn form(path: &str, port: u16, body: &str) -> Vec<u8> {
    api::write("POST", path, port, "Accept: application/json", "application/x-www-form-urlencoded", body)
}

/// The `acme` of `td-session-acme=tds_…`.
pub fn team_of(session: &str) -> &str {
    let pair = session.strip_prefix("td-session-").and_then(|pair| pair.split_once('='));
    pair.map_or("", |(team, _)| team)
}

/// Gets codes over one kept connection.
pub struct Codes<'a> {
    client: &'a Client,
    connection: Connection,
    port: u16,
}

impl<'a> Codes<'a> {
    /// Codes of this client.
    pub fn of(client: &'a Client, port: u16) -> Result<Self, Failure> {
        Ok(Self { client, connection: Connection::open(port)?, port })
    }

    /// A request that redeems a fresh code of this session.
    pub fn exchange(&mut self, session: &str) -> Result<Vec<u8>, Failure> {
        let answer = self.connection.ask(&self.client.authorize(session, self.port))?;
        let location = answer.location().unwrap_or_default();
        let code = location.split(['?', '&']).find_map(|pair| pair.strip_prefix("code="));
        let code = code.ok_or_else(|| Failure(format!("no code: {} {location}", answer.status)))?;
        let Client { id, secret } = self.client;
        let body = format!(
            "grant_type=authorization_code&code={code}&redirect_uri=http%3A%2F%2Flocalhost%3A1%2Fcallback\
             &code_verifier={VERIFIER}&client_id={id}&client_secret={secret}"
        );
        Ok(form("/oauth2/token", self.port, &body))
    }

    /// An access token of this session.
    pub fn access_token(&mut self, session: &str) -> Result<String, Failure> {
        let request = self.exchange(session)?;
        let answer = self.connection.ask(&request)?;
        let said: Value = serde_json::from_str(answer.body()).unwrap_or_default();
        let token = said.get("access_token").and_then(Value::as_str).map(str::to_owned);
        token.ok_or_else(|| Failure(format!("no access token: {} {}", answer.status, answer.body())))
    }
}
