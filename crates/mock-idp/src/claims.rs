//! What is said about a person, in ID tokens and by UserInfo.

use aws_lc_rs::digest;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use vocabulary::Timestamp;

use crate::{
    config::Person,
    issuer::{Grant, Issuer, Shape, TOKEN_LIFETIME},
    likeness,
    misbehaviour::{ProfileFault, UserInfoFault},
};

pub(crate) type Claims = Map<String, Value>;

pub(crate) fn set(claims: &mut Claims, name: &str, value: impl Into<Value>) {
    claims.insert(name.to_owned(), value.into());
}

/// The claims of an ID token (OpenID Connect Core §2) before anything is made wrong with its frame.
pub(crate) fn of_id_token(
    issuer: &Issuer,
    grant: &Grant,
    person: &Person,
    access_token: &str,
    now: Timestamp,
) -> Claims {
    let mut claims = match issuer.shape() {
        Shape::Full => of_person(issuer, grant, person),
        Shape::WithoutNames => email_alone(issuer, grant, person),
        Shape::Thin => Claims::new(),
    };
    set(&mut claims, "iss", likeness::issuer_of(issuer, person));
    set(&mut claims, "sub", person.subject.as_str());
    set(&mut claims, "aud", grant.client_id.as_str());
    set(&mut claims, "iat", now.seconds());
    set(&mut claims, "exp", now.plus(TOKEN_LIFETIME).seconds());
    set(&mut claims, "auth_time", grant.session.since.seconds());
    set(&mut claims, "sid", grant.session.sid.as_str());
    set(&mut claims, "amr", json!(["pwd"]));
    set(&mut claims, "at_hash", at_hash(access_token));
    if let Some(lasts) = issuer.session_lasts {
        set(&mut claims, "session_expiry", grant.session.since.plus(lasts).seconds());
    }
    if let Some(nonce) = &grant.nonce {
        set(&mut claims, "nonce", nonce.as_str());
    }
    likeness::id_token(issuer, grant, person, &mut claims);
    claims
}

/// The left half of the access token's hash (Core §3.1.3.6).
pub(crate) fn at_hash(access_token: &str) -> String {
    let hash = digest::digest(&digest::SHA256, access_token.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(hash.as_ref().iter().take(16).copied().collect::<Vec<_>>())
}

/// What the scopes allow to say about this person (Core §5.4), without `sub`.
pub(crate) fn of_person(issuer: &Issuer, grant: &Grant, person: &Person) -> Claims {
    let mut claims = Claims::new();
    if grant.has_scope("email") {
        put(&mut claims, "email", person.email.as_deref());
        if let Some(verified) = person.email_verified {
            set(&mut claims, "email_verified", verified);
        }
    }
    if grant.has_scope("profile") {
        put(&mut claims, "name", person.name.as_deref());
        put(&mut claims, "given_name", person.given_name.as_deref());
        put(&mut claims, "family_name", person.family_name.as_deref());
        put(&mut claims, "preferred_username", person.email.as_deref());
    }
    if grant.has_scope("groups") {
        set(&mut claims, "groups", json!(person.groups));
    }
    claims.extend(person.more.clone());
    if let Some(fault) = issuer.faults.profile {
        spoil(&mut claims, fault);
    }
    claims
}

fn put(claims: &mut Claims, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        set(claims, name, value);
    }
}

/// Email without names, so that UserInfo is asked and can contradict it.
fn email_alone(issuer: &Issuer, grant: &Grant, person: &Person) -> Claims {
    let mut claims = of_person(issuer, grant, person);
    let silent = issuer.faults.user_info == Some(UserInfoFault::EmailNotVerified);
    claims.retain(|name, _| name == "email" || (name == "email_verified" && !silent));
    claims
}

fn spoil(claims: &mut Claims, fault: ProfileFault) {
    let email = claims.get("email").and_then(Value::as_str).unwrap_or_default().to_owned();
    match fault {
        ProfileFault::EmailMissing => drop(claims.remove("email")),
        ProfileFault::EmailList => replace(claims, "email", json!([email])),
        ProfileFault::EmailNumber => replace(claims, "email", json!(42)),
        ProfileFault::EmailObject => replace(claims, "email", json!({ "value": email })),
        ProfileFault::EmailLong => replace(claims, "email", json!("a".repeat(10_240) + &email)),
        ProfileFault::EmailLineBreaks => {
            replace(claims, "email", json!(format!("{email}\r\nBcc: eve@evil.test")));
        }
        ProfileFault::EmailEmpty => replace(claims, "email", json!("")),
        ProfileFault::EmailFullWidth => replace(claims, "email", json!(full_width(&email))),
        ProfileFault::EmailCapitals => replace(claims, "email", json!(email.to_uppercase())),
        ProfileFault::EmailNotVerified => replace(claims, "email_verified", json!(false)),
        ProfileFault::EmailVerifiedText => replace(claims, "email_verified", json!("true")),
        ProfileFault::EmailNotVerifiedText => replace(claims, "email_verified", json!("false")),
        ProfileFault::EmailVerifiedMissing => drop(claims.remove("email_verified")),
        ProfileFault::NamesMissing => claims.retain(|name, _| !name.ends_with("name")),
        ProfileFault::NamesOtherTypes => {
            replace(claims, "name", json!(["Ada", "Lovelace"]));
            replace(claims, "given_name", json!(1));
            replace(claims, "family_name", json!(null));
        }
        ProfileFault::NamesHostile => {
            let name = "<script>alert(1)</script>\" onload='x'\r\nBcc: eve@evil.test\u{0}\u{202e}\u{1b}[2J";
            for claim in ["name", "given_name", "family_name"] {
                replace(claims, claim, json!(name));
            }
        }
        ProfileFault::NameLong => replace(claims, "name", json!("A".repeat(10_240))),
        ProfileFault::GroupsText => replace(claims, "groups", json!("Everyone")),
        ProfileFault::GroupsObjects => replace(claims, "groups", json!([{"name": "Everyone", "id": 1}])),
        ProfileFault::GroupsOtherTypes => replace(claims, "groups", json!([1, null, ["Everyone"], true])),
    }
}

/// Changes a claim that is there; what the scopes hold back stays back.
fn replace(claims: &mut Claims, name: &str, value: Value) {
    if let Some(claim) = claims.get_mut(name) {
        *claim = value;
    }
}

/// ASCII letters as their full-width twins, which NFKC would fold back.
fn full_width(text: &str) -> String {
    let widen = |letter: char| {
        let wide = u32::from(letter) + 0xFEE0;
        char::from_u32(wide).filter(|_| letter.is_ascii_lowercase()).unwrap_or(letter)
    };
    text.chars().map(widen).collect()
}
