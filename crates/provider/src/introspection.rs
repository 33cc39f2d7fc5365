//! Introspection (RFC 7662): whether a token is good at this moment, for an app whose API is called with it.

use apps::{App, Kind, admits};
use serde_json::{Value, json};
use tokens::{Scope, TeamBearer};
use vocabulary::Role;

use crate::bearer;
use crate::claims::{Claims, tell_standing};
use crate::client::{Credentials, authenticate};
use crate::deps::Deps;
use crate::standing::{Fallen, standing};
use crate::token::TokenError;

/// What an app is told of a token. An access token of its own or a team's token is active as long as all it stands on
/// stands. Everything else is not, refresh tokens and other apps' tokens too: whoever asks wants to know whether to
/// answer a call.
pub async fn introspect(deps: &Deps, credentials: Credentials, token: &str) -> Result<Value, TokenError> {
    let app = authenticate(deps, &credentials).await?;
    match &app.kind {
        Kind::Confidential(_) => {}
        Kind::Public => return Err(TokenError::UnauthorizedClient),
    }
    if let Some(tokens::Bearer::Team(bearer)) = deps.tokens.recognise(token, deps.now()).await? {
        return Ok(of_team(&app, &bearer).unwrap_or_else(inactive));
    }
    Ok(of_person(deps, &app, token).await?.unwrap_or_else(inactive))
}

fn inactive() -> Value {
    json!({ "active": false })
}

async fn of_person(deps: &Deps, app: &App, token: &str) -> Result<Option<Value>, TokenError> {
    let bearer = bearer::recognise(deps, token).await?;
    let Some(bearer) = bearer.filter(|bearer| bearer.grant.client == app.id) else { return Ok(None) };
    let standing = match standing(deps, &bearer.grant).await {
        Ok(standing) => standing,
        Err(Fallen::Storage(error)) => return Err(error.into()),
        Err(Fallen::App | Fallen::Ended | Fallen::SignInTooOld | Fallen::NotAdmitted) => return Ok(None),
    };
    let mut claims = Claims::new();
    claims.insert("active".to_owned(), json!(true));
    claims.insert("token_type".to_owned(), json!("Bearer"));
    claims.insert("iss".to_owned(), json!(deps.issuer()));
    claims.insert("aud".to_owned(), json!(app.id));
    claims.insert("client_id".to_owned(), json!(app.id));
    claims.insert("scope".to_owned(), json!(bearer.scopes.to_string()));
    claims.insert("exp".to_owned(), json!(bearer.expires_at.seconds()));
    claims.insert("sid".to_owned(), json!(bearer.grant.sid));
    tell_standing(&mut claims, &standing);
    Ok(Some(Value::Object(claims)))
}

/// A team's token for products, at an app that its bearer may use: a personal one acts for its person, a shared one
/// for the team, not for an admin of it.
fn of_team(app: &App, bearer: &TeamBearer) -> Option<Value> {
    let (team, person) = (&bearer.team().team, bearer.person().map(|person| &person.membership));
    let role = person.map_or(Role::Member, |person| person.role);
    let is_for_products = bearer.scope() == Scope::Product;
    if !is_for_products || admits(app, &team.team_id, role).is_err() {
        return None;
    }
    let mut claims = Claims::new();
    claims.insert("active".to_owned(), json!(true));
    claims.insert("token_type".to_owned(), json!("Bearer"));
    claims.insert("scope".to_owned(), json!(Scope::Product.as_str()));
    claims.insert("jti".to_owned(), json!(bearer.id()));
    claims.insert("team_id".to_owned(), json!(team.team_id));
    claims.insert("team_name".to_owned(), json!(team.name));
    if let Some(person) = person {
        claims.insert("sub".to_owned(), json!(person.person));
        claims.insert("role".to_owned(), json!(person.role));
    }
    if let Some(expires_at) = bearer.expires_at() {
        claims.insert("exp".to_owned(), json!(expires_at.seconds()));
    }
    Some(Value::Object(claims))
}
