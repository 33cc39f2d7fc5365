//! `/.well-known/openid-configuration` (OpenID Connect Discovery §3).

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, http::header, web};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::{
    bodies::Answer,
    claims::{Claims, set},
    config::IssParameter,
    issuer::Issuer,
    likeness,
    misbehaviour::{AuthorizeFault, DiscoveryFault, Endpoint},
    pages,
    provider::Provider,
};

pub(crate) async fn get(
    provider: web::Data<Provider>,
    path: web::Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    let client_id = client_id(&request);
    let Some((answer, trouble)) = provider.issuer(&path).map(|mut issuer| {
        issuer.counts.discovery += 1;
        let metadata = Value::Object(metadata(&issuer, client_id.as_deref()));
        let answer =
            Answer::json(StatusCode::OK, &metadata).with(header::CACHE_CONTROL, "max-age=3600, public");
        (answer, issuer.trouble(Endpoint::Discovery))
    }) else {
        return pages::no_such_issuer();
    };
    answer.send_despite(trouble).await
}

/// The client that Okta's per-client metadata is asked for.
fn client_id(request: &HttpRequest) -> Option<String> {
    let mut pairs = form_urlencoded::parse(request.query_string().as_bytes());
    pairs.find(|(name, _)| name == "client_id").map(|(_, id)| id.into_owned())
}

fn metadata(issuer: &Issuer, client_id: Option<&str>) -> Claims {
    let address = &issuer.address;
    let announced = issuer.iss_parameter == IssParameter::Sent
        || matches!(issuer.faults.authorize, Some(AuthorizeFault::IssMissing));
    let metadata = json!({
        "issuer": address,
        "authorization_endpoint": format!("{address}/authorize"),
        "token_endpoint": format!("{address}/token"),
        "userinfo_endpoint": format!("{address}/userinfo"),
        "jwks_uri": format!("{address}/keys"),
        "end_session_endpoint": format!("{address}/logout"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [issuer.signing_key().algorithm().name()],
        "scopes_supported": ["openid", "profile", "email", "groups"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": announced,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "claims_supported": CLAIMS,
    });
    let mut metadata = metadata.as_object().cloned().unwrap_or_default();
    likeness::metadata(issuer, client_id, &mut metadata);
    if let Some(fault) = issuer.faults.discovery {
        spoil(&mut metadata, fault, address);
    }
    metadata
}

const CLAIMS: [&str; 17] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "nonce",
    "sid",
    "auth_time",
    "amr",
    "at_hash",
    "email",
    "email_verified",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "groups",
];

fn spoil(metadata: &mut Claims, fault: DiscoveryFault, address: &str) {
    match fault {
        DiscoveryFault::OtherIssuer => set(metadata, "issuer", "https://evil.test"),
        DiscoveryFault::IssuerWithSlash => set(metadata, "issuer", format!("{address}/")),
        DiscoveryFault::IssuerInCapitals => set(metadata, "issuer", address.replacen('h', "H", 1)),
        DiscoveryFault::IssuerMissing => drop(metadata.remove("issuer")),
        DiscoveryFault::PrivateTokenEndpoint => set(metadata, "token_endpoint", "https://10.0.0.1/token"),
        DiscoveryFault::MetadataServiceKeys => {
            set(metadata, "jwks_uri", "http://169.254.169.254/latest/meta-data/");
        }
        DiscoveryFault::LoopbackInDisguise => {
            let port = address.rsplit(':').next().unwrap_or_default();
            set(metadata, "token_endpoint", format!("http://2130706433:{port}/token"));
        }
        DiscoveryFault::CredentialsInEndpoint => {
            let endpoint = format!("{address}/token").replacen("://", "://user:password@", 1);
            set(metadata, "token_endpoint", endpoint);
        }
        DiscoveryFault::FragmentInEndpoint => {
            set(metadata, "token_endpoint", format!("{address}/token#fragment"));
        }
        DiscoveryFault::FileEndpoint => set(metadata, "token_endpoint", "file:///etc/passwd"),
        DiscoveryFault::ScriptEndpoint => set(metadata, "authorization_endpoint", "javascript:alert(1)"),
        DiscoveryFault::KeysMissing => drop(metadata.remove("jwks_uri")),
        DiscoveryFault::TokenEndpointMissing => drop(metadata.remove("token_endpoint")),
        DiscoveryFault::AuthorizationEndpointMissing => drop(metadata.remove("authorization_endpoint")),
        DiscoveryFault::NoUsableAlgorithm => {
            set(metadata, "id_token_signing_alg_values_supported", json!(["HS256", "none"]));
        }
        DiscoveryFault::WrongTypes => {
            set(metadata, "token_endpoint", 7);
            set(metadata, "response_types_supported", 7);
        }
        DiscoveryFault::UnknownMembers => {
            for (place, value) in
                [json!(null), json!(1.5), json!([{}]), json!({"a": []})].into_iter().enumerate()
            {
                set(metadata, &format!("practice_{place}"), value);
            }
        }
        DiscoveryFault::OnlyTheRequired => metadata.retain(|name, _| REQUIRED.contains(&name.as_str())),
    }
}

/// What Discovery §3 requires of a provider that answers codes, and UserInfo beside it.
const REQUIRED: [&str; 8] = [
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "response_types_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
];
