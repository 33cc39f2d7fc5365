//! Whose answers an issuer's are like: what real providers put into metadata, ID tokens and UserInfo beyond the
//! specifications, or leave out of them. Learnt from what they publish, each where it is used.

use serde_json::{Value, json};

use crate::{
    claims::{Claims, set},
    config::{Likeness, Person},
    issuer::{Grant, Issuer},
};

/// More groups than these are left out of Entra's tokens; the token says where to ask for them instead
/// (Microsoft: "Configure group claims for applications", the limit for JWT).
const MOST_GROUPS_OF_ENTRA: usize = 200;

/// Paths under which Entra serves every tenant, and what its metadata says in place of one.
const SHARED: [&str; 2] = ["common/", "organizations/"];
const PLACE_OF_TENANT: &str = "{tenantid}";

/// The `iss` of tokens about this person. Entra's shared addresses sign in the name of the person's own tenant.
pub(crate) fn issuer_of(issuer: &Issuer, person: &Person) -> String {
    match issuer.likeness {
        Likeness::Entra => with_tenant(issuer, person.organisation.as_deref().unwrap_or_default()),
        Likeness::Plain | Likeness::Okta | Likeness::Google | Likeness::Keycloak => issuer.address.clone(),
    }
}

fn with_tenant(issuer: &Issuer, tenant: &str) -> String {
    match SHARED.iter().find_map(|shared| issuer.path.strip_prefix(shared)) {
        Some(rest) => issuer.address.replacen(&issuer.path, &format!("{tenant}/{rest}"), 1),
        None => issuer.address.clone(),
    }
}

/// The tenant of a person in Entra: their own at a shared address, the address's own otherwise.
fn tenant<'a>(issuer: &'a Issuer, person: &'a Person) -> &'a str {
    let own = issuer.path.split('/').next().unwrap_or_default();
    person.organisation.as_deref().unwrap_or(own)
}

/// Changes the metadata (Discovery §3); `client_id` is what the request named, which Okta alone reads.
pub(crate) fn metadata(issuer: &Issuer, client_id: Option<&str>, metadata: &mut Claims) {
    match issuer.likeness {
        Likeness::Plain => {}
        Likeness::Okta => {
            drop_all(metadata, &["backchannel_logout_supported", "backchannel_logout_session_supported"]);
            // Okta's API reference: with `client_id` the keys are those of that application, which may be pinned.
            if let Some(id) = client_id.filter(|id| issuer.client(id).is_some()) {
                set(metadata, "jwks_uri", format!("{}/keys?client_id={id}", issuer.address));
                set(metadata, "registration_endpoint", format!("{}/clients/{id}", issuer.address));
            }
        }
        Likeness::Entra => {
            drop_all(metadata, &["backchannel_logout_supported", "backchannel_logout_session_supported"]);
            // Entra understands PKCE and does not announce it.
            drop_all(metadata, &["code_challenge_methods_supported", "grant_types_supported"]);
            set(metadata, "issuer", with_tenant(issuer, PLACE_OF_TENANT));
            set(metadata, "subject_types_supported", json!(["pairwise"]));
            set(metadata, "scopes_supported", json!(["openid", "profile", "email", "offline_access"]));
            set(metadata, "frontchannel_logout_supported", true);
            set(metadata, "http_logout_supported", true);
            set(metadata, "tenant_region_scope", Value::Null);
            set(metadata, "cloud_instance_name", "microsoftonline.com");
        }
        Likeness::Google => {
            drop_all(metadata, &["backchannel_logout_supported", "backchannel_logout_session_supported"]);
            drop_all(metadata, &["end_session_endpoint", "response_modes_supported"]);
            set(metadata, "revocation_endpoint", format!("{}/revoke", issuer.address));
            set(metadata, "scopes_supported", json!(["openid", "email", "profile"]));
            set(metadata, "code_challenge_methods_supported", json!(["plain", "S256"]));
        }
        Likeness::Keycloak => {
            set(metadata, "frontchannel_logout_supported", true);
            set(metadata, "frontchannel_logout_session_supported", true);
            set(metadata, "code_challenge_methods_supported", json!(["plain", "S256"]));
            set(
                metadata,
                "mtls_endpoint_aliases",
                json!({"token_endpoint": format!("{}/token", issuer.address)}),
            );
            set(metadata, "tls_client_certificate_bound_access_tokens", true);
        }
    }
}

/// Changes the claims of an ID token.
pub(crate) fn id_token(issuer: &Issuer, grant: &Grant, person: &Person, claims: &mut Claims) {
    match issuer.likeness {
        Likeness::Plain => {}
        Likeness::Okta => {
            // With an access token beside it, an ID token has no profile; groups stand in it all the same.
            set(claims, "ver", 1);
            set(claims, "jti", format!("ID.{}", grant.session.sid));
            set(claims, "idp", "00oPractice");
            if grant.has_scope("groups") {
                set(claims, "groups", json!(person.groups));
            }
        }
        Likeness::Entra => {
            // Microsoft's ID token claims reference. Names apart, email and session, all these are optional claims.
            drop_all(claims, &["amr", "at_hash", "auth_time", "sid", "given_name", "family_name"]);
            entra_profile(claims);
            // A name for the eyes, which looks like an email and need not be one.
            if person.email.is_none() && grant.has_scope("profile") {
                set(claims, "preferred_username", format!("{}@practice.onmicrosoft.test", person.subject));
            }
            set(claims, "ver", "2.0");
            set(claims, "tid", tenant(issuer, person));
            set(claims, "oid", format!("oid-{}", person.subject));
            set(claims, "rh", "1.practice.");
            set(claims, "uti", "practice");
            if let Some(issued) = claims.get("iat").cloned() {
                set(claims, "nbf", issued);
            }
            entra_groups(issuer, person, claims);
        }
        Likeness::Google => {
            drop_all(claims, &["amr", "auth_time", "sid", "groups", "preferred_username"]);
            set(claims, "azp", grant.client_id.as_str());
            google_domain(person, claims);
        }
        Likeness::Keycloak => {
            drop_all(claims, &["amr"]);
            set(claims, "typ", "ID");
            set(claims, "azp", grant.client_id.as_str());
            set(claims, "acr", "1");
            set(claims, "jti", format!("jti-{}", grant.session.sid));
            set(claims, "session_state", grant.session.sid.as_str());
            keycloak_groups(person, claims);
        }
    }
}

/// Changes what UserInfo says.
pub(crate) fn user_info(issuer: &Issuer, person: &Person, claims: &mut Claims) {
    match issuer.likeness {
        Likeness::Plain | Likeness::Okta => {}
        Likeness::Entra => {
            entra_profile(claims);
            // Its UserInfo, which is Microsoft Graph's, knows no groups and no preferred_username.
            drop_all(claims, &["groups", "preferred_username"]);
        }
        Likeness::Google => {
            drop_all(claims, &["groups", "preferred_username"]);
            google_domain(person, claims);
        }
        Likeness::Keycloak => keycloak_groups(person, claims),
    }
}

/// Entra never says `email_verified`.
fn entra_profile(claims: &mut Claims) {
    drop_all(claims, &["email_verified"]);
}

/// Object ids of groups, or, of too many, where to ask for them: aggregated claims by reference (Core §5.6.2).
fn entra_groups(issuer: &Issuer, person: &Person, claims: &mut Claims) {
    drop_all(claims, &["groups"]);
    if person.groups.len() > MOST_GROUPS_OF_ENTRA {
        let endpoint = issuer.elsewhere();
        set(claims, "_claim_names", json!({"groups": "src1"}));
        set(claims, "_claim_sources", json!({"src1": {"endpoint": endpoint}}));
    } else if !person.groups.is_empty() {
        set(claims, "groups", json!(person.groups));
    }
}

/// `hd` is there for people of a Workspace domain alone (Google: "OpenID Connect", the ID token's payload).
fn google_domain(person: &Person, claims: &mut Claims) {
    if let Some(domain) = &person.organisation {
        set(claims, "hd", domain.as_str());
    }
}

/// The group membership mapper writes whole paths unless told otherwise.
fn keycloak_groups(person: &Person, claims: &mut Claims) {
    if claims.contains_key("groups") {
        let paths: Vec<String> = person.groups.iter().map(|group| format!("/{group}")).collect();
        set(claims, "groups", json!(paths));
    }
}

fn drop_all(claims: &mut Claims, names: &[&str]) {
    claims.retain(|name, _| !names.contains(&name.as_str()));
}
