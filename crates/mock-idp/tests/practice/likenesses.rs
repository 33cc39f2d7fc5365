//! What each likeness publishes. What its tokens say is told by the journeys, which sign people in.

use std::net::TcpListener;

use mock_idp::{Client, Config, IssuerConfig, Likeness, MockIdp, start};
use serde_json::{Value, json};

use crate::support::{Browser, CALLBACK};

async fn provider(likeness: Likeness, path: &str) -> MockIdp {
    let mut issuer = IssuerConfig::like(likeness, path);
    issuer.clients.push(Client::new("0oa1", "secret", CALLBACK));
    start(TcpListener::bind("127.0.0.1:0").unwrap(), Config::new(vec![issuer])).await.unwrap()
}

async fn metadata(provider: &MockIdp, path: &str, query: &str) -> Value {
    let address = format!("{}/.well-known/openid-configuration{query}", provider.issuer(path));
    let body = Browser::new().get(&address).await.text().await.unwrap();
    serde_json::from_str(&body).unwrap()
}

#[actix_web::test]
async fn okta_has_metadata_for_each_client_with_its_own_keys_address() {
    let idp = provider(Likeness::Okta, "okta").await;
    let issuer = idp.issuer("okta");
    assert_eq!(metadata(&idp, "okta", "").await["jwks_uri"], json!(format!("{issuer}/keys")));
    let own = metadata(&idp, "okta", "?client_id=0oa1").await;
    assert_eq!(own["jwks_uri"], json!(format!("{issuer}/keys?client_id=0oa1")));
    assert_eq!(own["issuer"], json!(issuer));
    let keys = Browser::new().get(own["jwks_uri"].as_str().unwrap()).await;
    assert_eq!(keys.status(), 200);
    let nobody = metadata(&idp, "okta", "?client_id=nobody").await;
    assert_eq!(nobody["jwks_uri"], json!(format!("{issuer}/keys")));
}

#[actix_web::test]
async fn entra_names_no_tenant_where_it_serves_all_of_them() {
    let shared = provider(Likeness::Entra, "organizations/v2.0").await;
    let published = metadata(&shared, "organizations/v2.0", "").await;
    assert_eq!(published["issuer"], json!(format!("{}/{{tenantid}}/v2.0", shared.base())));
    assert_eq!(published.get("code_challenge_methods_supported"), None);
    let own = provider(Likeness::Entra, "7f9c/v2.0").await;
    assert_eq!(metadata(&own, "7f9c/v2.0", "").await["issuer"], json!(own.issuer("7f9c/v2.0")));
}

#[actix_web::test]
async fn google_has_no_sign_out_and_keycloak_has_every_kind() {
    let google = provider(Likeness::Google, "google").await;
    let published = metadata(&google, "google", "").await;
    for absent in ["end_session_endpoint", "backchannel_logout_supported"] {
        assert_eq!(published.get(absent), None, "{absent}");
    }
    let keycloak = provider(Likeness::Keycloak, "realms/acme").await;
    let published = metadata(&keycloak, "realms/acme", "").await;
    for there in [
        "backchannel_logout_supported",
        "backchannel_logout_session_supported",
        "frontchannel_logout_supported",
        "authorization_response_iss_parameter_supported",
    ] {
        assert_eq!(published[there], json!(true), "{there}");
    }
    assert!(published["end_session_endpoint"].is_string());
}
