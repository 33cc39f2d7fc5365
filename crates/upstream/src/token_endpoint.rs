//! The token request (Core §3.1.3): asked once for a code, never again.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use url::form_urlencoded::{self, byte_serialize};
use vocabulary::{ClientAuth, ClientId, ClientSecret};
use zeroize::Zeroizing;

use crate::outbound::{Answer, Vetted};
use crate::party::RelyingParty;
use crate::trouble::{Endpoint, RETRY_AFTER, Remark, Trouble};
use crate::upstream::Upstream;

/// What a code was good for.
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    pub(crate) id_token: String,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens(…)")
    }
}

#[derive(Deserialize)]
struct Success {
    access_token: String,
    token_type: String,
    id_token: Option<String>,
}

#[derive(Deserialize)]
struct Failure {
    error: String,
    error_description: Option<String>,
}

impl Upstream {
    /// Exchanges a code for tokens.
    pub(crate) async fn redeem(
        &self,
        endpoint: &Vetted,
        party: &RelyingParty,
        secret: &ClientSecret,
        code: &str,
        code_verifier: &str,
    ) -> Result<Tokens, Trouble> {
        let authorization = match party.client_auth {
            ClientAuth::Basic => Some(basic(&party.client_id, secret)),
            ClientAuth::Post => None,
        };
        let form = form(party, secret, code, code_verifier);
        let authorization = authorization.as_deref().map(String::as_str);
        let answer = self.outbound().post(Endpoint::Token, endpoint, form, authorization).await?;
        if answer.status == 200 {
            return success(&answer);
        }
        Err(failure(&answer, &[secret.reveal(), code, code_verifier]))
    }
}

fn form(party: &RelyingParty, secret: &ClientSecret, code: &str, code_verifier: &str) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", code)
        .append_pair("redirect_uri", &party.redirect_uri)
        .append_pair("code_verifier", code_verifier);
    if party.client_auth == ClientAuth::Post {
        form.append_pair("client_id", party.client_id.as_str());
        form.append_pair("client_secret", secret.reveal());
    }
    form.finish()
}

/// `client_secret_basic`: id and secret are form-encoded before Base64 (RFC 6749 §2.3.1).
fn basic(client_id: &ClientId, secret: &ClientSecret) -> Zeroizing<String> {
    let encoded = |text: &str| Zeroizing::new(byte_serialize(text.as_bytes()).collect::<String>());
    let (id, secret) = (encoded(client_id.as_str()), encoded(secret.reveal()));
    let pair = Zeroizing::new(format!("{}:{}", *id, *secret));
    Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())))
}

fn success(answer: &Answer) -> Result<Tokens, Trouble> {
    let Success { access_token, token_type, id_token } = answer.json()?;
    if !token_type.eq_ignore_ascii_case("bearer") {
        return Err(Trouble::protocol(Endpoint::Token, "token_type is not Bearer"));
    }
    match id_token {
        Some(id_token) => Ok(Tokens { access_token, id_token }),
        None => Err(Trouble::protocol(Endpoint::Token, "the answer has no id_token")),
    }
}

/// An error answer (RFC 6749 §5.2). Some providers answer errors with other statuses than 400 and 401, so
/// the code decides where there is one, except where the status says that the server is in trouble.
fn failure(answer: &Answer, sent: &[&str]) -> Trouble {
    let by_status = answer.failure();
    if matches!(by_status, Trouble::Unreachable { .. }) || (300..400).contains(&answer.status) {
        return by_status;
    }
    let Ok(Failure { error, error_description }) = answer.json() else {
        return match answer.status {
            401 => Trouble::ClientRejected { detail: Remark::new("it answered 401") },
            _ => by_status,
        };
    };
    let words = format!("{error} {}", error_description.unwrap_or_default());
    let detail = Remark::without(words.trim_end(), sent);
    match error.as_str() {
        "invalid_grant" => Trouble::CodeRejected { detail },
        "invalid_client" | "unauthorized_client" => Trouble::ClientRejected { detail },
        "temporarily_unavailable" | "server_error" | "slow_down" => {
            Trouble::Unreachable { at: Endpoint::Token, detail, retry_after: RETRY_AFTER }
        }
        _ if answer.status == 401 => Trouble::ClientRejected { detail },
        _ => Trouble::Protocol { at: Endpoint::Token, detail },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_and_secret_are_form_encoded_before_base64() {
        let id = ClientId::parse("a:b").unwrap();
        let secret = ClientSecret::parse("p@ss w%rd+ü").unwrap();
        let header = basic(&id, &secret);
        let plain = STANDARD.decode(header.strip_prefix("Basic ").unwrap()).unwrap();
        assert_eq!(plain, b"a%3Ab:p%40ss+w%25rd%2B%C3%BC");
    }

    #[test]
    fn each_error_answer_has_its_own_meaning() {
        let trouble = |status, body: &str| {
            let mut answer = Answer::of_body(Endpoint::Token, body);
            answer.status = status;
            failure(&answer, &["s3cret!!"])
        };
        let error = |code: &str| format!(r#"{{"error":"{code}","error_description":"about s3cret!!"}}"#);
        assert!(matches!(trouble(400, &error("invalid_grant")), Trouble::CodeRejected { .. }));
        assert!(matches!(trouble(403, &error("invalid_grant")), Trouble::CodeRejected { .. }));
        assert!(matches!(trouble(401, &error("invalid_client")), Trouble::ClientRejected { .. }));
        assert!(matches!(trouble(400, &error("unauthorized_client")), Trouble::ClientRejected { .. }));
        assert!(matches!(trouble(401, "<html>"), Trouble::ClientRejected { .. }));
        assert!(matches!(trouble(401, &error("odd")), Trouble::ClientRejected { .. }));
        assert!(matches!(trouble(400, &error("invalid_request")), Trouble::Protocol { .. }));
        assert!(matches!(trouble(400, &error("server_error")), Trouble::Unreachable { .. }));
        assert!(matches!(trouble(400, "<html>"), Trouble::Protocol { .. }));
        assert!(matches!(trouble(302, &error("invalid_grant")), Trouble::Protocol { .. }));
        assert!(matches!(trouble(429, ""), Trouble::Unreachable { .. }));
        assert!(matches!(trouble(500, &error("invalid_grant")), Trouble::Unreachable { .. }));
        assert_eq!(
            trouble(400, &error("invalid_grant")).detail(),
            "the provider rejected the code: invalid_grant about …"
        );
    }

    #[test]
    fn a_success_needs_a_bearer_token_and_an_id_token() {
        let read = |body: &str| success(&Answer::of_body(Endpoint::Token, body));
        assert!(read(r#"{"access_token":"a","token_type":"bearer","id_token":"i"}"#).is_ok());
        for bad in [
            "",
            "<html>",
            "[]",
            r#"{"access_token":"a","token_type":"Bearer"}"#,
            r#"{"access_token":"a","token_type":"DPoP","id_token":"i"}"#,
            r#"{"token_type":"Bearer","id_token":"i"}"#,
            r#"{"access_token":"a","token_type":"Bearer","id_token":["secret-value"]}"#,
        ] {
            let trouble = read(bad).unwrap_err();
            assert!(matches!(trouble, Trouble::Protocol { .. }), "{bad}");
            assert!(!trouble.detail().contains("secret-value"));
        }
    }
}
