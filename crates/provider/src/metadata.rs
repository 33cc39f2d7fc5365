//! What clients can know about us beforehand (`OpenID` Connect Discovery §3, RFC 8414).

use serde_json::json;
use url::Url;
use vocabulary::SigningAlgorithm;

/// The discovery document as JSON. `public_url` is where the world reaches us; without its last slash it is our issuer.
#[must_use]
pub fn metadata(public_url: &Url) -> String {
    let issuer = public_url.as_str().trim_end_matches('/');
    let at = |path: &str| format!("{issuer}/oauth2/{path}");
    let client_secret = ["client_secret_basic", "client_secret_post"];
    let client_secret_or_none = ["client_secret_basic", "client_secret_post", "none"];
    json!({
        "issuer": issuer,
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("token"),
        "userinfo_endpoint": at("userinfo"),
        "jwks_uri": at("jwks"),
        "introspection_endpoint": at("introspect"),
        "revocation_endpoint": at("revoke"),
        "end_session_endpoint": at("logout"),
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": SigningAlgorithm::ALL,
        "token_endpoint_auth_methods_supported": client_secret_or_none,
        "revocation_endpoint_auth_methods_supported": client_secret_or_none,
        // Whoever asks about a token must be known: a public client would let anybody try tokens out.
        "introspection_endpoint_auth_methods_supported": client_secret,
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "select_account"],
        "claim_types_supported": ["normal"],
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "sid",
            "team_id", "team_name", "role", "sso_required",
            "email", "email_verified", "name", "given_name", "family_name",
        ],
        "claims_parameter_supported": true,
        "request_parameter_supported": false,
        // Where this one is left out, it counts as true.
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_discovery_document_is_the_one_that_was_agreed() {
        let document = metadata(&Url::parse("https://login.example.com").unwrap());
        let document: Value = serde_json::from_str(&document).unwrap();
        let agreed: Value = serde_json::from_str(include_str!("metadata/agreed.json")).unwrap();
        assert_eq!(document, agreed, "{document:#}");
    }

    #[test]
    fn the_issuer_keeps_its_port_and_has_no_slash() {
        for (public_url, issuer) in [
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://localhost:3000/", "http://localhost:3000"),
            ("https://login.example.com:443/", "https://login.example.com"),
        ] {
            let document: Value = serde_json::from_str(&metadata(&Url::parse(public_url).unwrap())).unwrap();
            assert_eq!(document["issuer"], issuer);
            assert_eq!(document["jwks_uri"], format!("{issuer}/oauth2/jwks"));
        }
    }
}
