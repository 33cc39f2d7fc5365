//! The switchboard: every misbehaviour shows, and nothing else does.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use mock_idp::{
    Algorithm, AuthorizeFault, ClaimsFault, DiscoveryFault, Endpoint, IssParameter, KeysFault, Misbehaviour,
    SignatureFault, TimesFault, TokenFault, UserInfoFault, Verdict, WireFault,
};
use reqwest::{Response, StatusCode};
use serde_json::Value;

use crate::support::{
    Browser, claims, exchange, json, location, parameter, provider, request, sign_in, tokens, verify,
};

#[tokio::test]
async fn wrong_signatures_do_not_verify_and_unusual_ones_do() {
    for algorithm in [Algorithm::Rs256, Algorithm::Es256] {
        let idp = provider(algorithm).await;
        for fault in SignatureFault::ALL {
            idp.misbehave("acme", *fault);
            let tokens = tokens(&idp).await;
            let outcome = verify(&idp, tokens["id_token"].as_str().unwrap()).await;
            // What this small verifier does not look at is left to real ones.
            let beyond = matches!(
                fault,
                SignatureFault::Critical
                    | SignatureFault::Enormous
                    | SignatureFault::KidMissing
                    | SignatureFault::KidMissingSeveralKeys
                    | SignatureFault::TypLogout
            );
            assert!(
                beyond || outcome.is_ok() == (fault.verdict() == Verdict::Accepted),
                "{algorithm:?} {fault:?} {outcome:?}"
            );
        }
    }
}

#[tokio::test]
async fn every_fault_of_claims_and_times_changes_the_token() {
    let idp = provider(Algorithm::Es256).await;
    let plain = claims(&idp).await;
    let differs = |claims: &Value| {
        let names = ["iss", "sub", "aud", "azp", "nonce", "nbf", "practice_0"];
        let moved = ["iat", "exp"].iter().any(|name| match (plain[name].as_i64(), claims[name].as_i64()) {
            (Some(plain), Some(now)) => (plain - now).abs() > 30,
            (_, None) => true,
            (None, _) => false,
        });
        moved || names.iter().any(|name| plain.get(name) != claims.get(name))
    };
    for fault in ClaimsFault::ALL {
        idp.behave("acme");
        idp.misbehave("acme", *fault);
        let claims = claims(&idp).await;
        // The hash differs at each sign-in, and a doubled name is lost when JSON is read.
        let unseen =
            matches!(fault, ClaimsFault::AtHashOther | ClaimsFault::AtHashMissing | ClaimsFault::SubTwice);
        assert!(unseen || differs(&claims), "{fault:?}");
    }
    for fault in TimesFault::ALL {
        idp.behave("acme");
        idp.misbehave("acme", *fault);
        assert!(differs(&claims(&idp).await), "{fault:?}");
    }
}

#[tokio::test]
async fn weak_keys_really_sign_so_that_only_their_length_is_wrong() {
    let idp = provider(Algorithm::Rs256).await;
    for (fault, bytes) in [(KeysFault::Rsa512, 64), (KeysFault::Rsa1024, 128)] {
        idp.misbehave("acme", fault);
        let keys = json(Browser::new().get(&format!("{}/keys", idp.issuer("acme"))).await).await;
        let modulus = BASE64_URL_SAFE_NO_PAD.decode(keys["keys"][0]["n"].as_str().unwrap()).unwrap();
        assert_eq!(modulus.len(), bytes);
        let tokens = tokens(&idp).await;
        let signature = tokens["id_token"].as_str().unwrap().rsplit('.').next().unwrap();
        assert_eq!(BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap().len(), bytes);
    }
}

#[tokio::test]
async fn no_fault_on_the_wire_leaves_a_readable_answer() {
    let idp = provider(Algorithm::Rs256).await;
    idp.set_delay("acme", Duration::from_mins(1));
    for fault in WireFault::ALL {
        idp.misbehave("acme", Misbehaviour::Wire(Endpoint::Keys, *fault));
        let request = Browser::new().client.get(format!("{}/keys", idp.issuer("acme")));
        let response = request.timeout(Duration::from_millis(400)).send().await;
        let small = match response {
            Ok(response) if response.status() == StatusCode::OK => read(response).await,
            Ok(_) | Err(_) => None,
        };
        let readable = small.and_then(|body| serde_json::from_slice::<Value>(&body).ok());
        assert!(readable.is_none_or(|json| !json.is_object()), "{fault:?}");
    }
    assert_eq!(idp.counts("acme").elsewhere, 0);
}

/// The body, unless it takes too long or grows beyond a megabyte.
async fn read(mut response: Response) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        body.extend_from_slice(&chunk);
        if body.len() > 1024 * 1024 {
            return None;
        }
    }
    Some(body)
}

#[tokio::test]
async fn answers_of_the_authorization_endpoint_misbehave_on_request() {
    let idp = provider(Algorithm::Rs256).await;
    let plain = Browser::new().choose(&idp, &request(&[]), "ada@acme.test").await;
    assert!(parameter(&plain, "iss").is_none());
    idp.misbehave("acme", AuthorizeFault::CodeAndError);
    let both = Browser::new().choose(&idp, &request(&[]), "ada@acme.test").await;
    assert!(parameter(&both, "code").is_some() && parameter(&both, "error").is_some());
    idp.misbehave("acme", AuthorizeFault::ApprovesByItself);
    let address = format!("{}/authorize?{}", idp.issuer("acme"), request(&[]));
    assert!(parameter(&location(&Browser::new().get(&address).await), "code").is_some());
    idp.behave("acme");
    idp.set_iss_parameter("acme", IssParameter::Sent);
    let announced = Browser::new().choose(&idp, &request(&[]), "ada@acme.test").await;
    assert_eq!(parameter(&announced, "iss"), Some(idp.issuer("acme")));
}

#[tokio::test]
async fn every_misbehaviour_has_its_turn_without_breaking_the_provider() {
    let idp = provider(Algorithm::Es256).await;
    idp.set_delay("acme", Duration::from_millis(1));
    let mut refused = 0;
    for misbehaviour in Misbehaviour::all() {
        refused += u32::from(misbehaviour.verdict() == Verdict::Refused);
        idp.behave("acme");
        idp.misbehave("acme", misbehaviour);
        for path in [".well-known/openid-configuration", "keys"] {
            let request = Browser::new().client.get(format!("{}/{path}", idp.issuer("acme")));
            drop(request.timeout(Duration::from_millis(200)).send().await);
        }
        drop(Browser::new().choose(&idp, &request(&[]), "ada@acme.test").await);
    }
    assert!(refused > 150);
    idp.behave("acme");
    verify(&idp, tokens(&idp).await["id_token"].as_str().unwrap()).await.unwrap();
}

#[tokio::test]
async fn every_fault_of_metadata_and_keys_changes_the_document() {
    let idp = provider(Algorithm::Rs256).await;
    let (metadata, keys) = (".well-known/openid-configuration", "keys");
    let read =
        async |path: &str| json(Browser::new().get(&format!("{}/{path}", idp.issuer("acme"))).await).await;
    let plain = (read(metadata).await, read(keys).await);
    for fault in DiscoveryFault::ALL {
        idp.misbehave("acme", *fault);
        assert_ne!(read(metadata).await, plain.0, "{fault:?}");
    }
    for fault in KeysFault::ALL {
        idp.misbehave("acme", *fault);
        assert_ne!(read(keys).await, plain.1, "{fault:?}");
    }
    idp.behave("acme");
    assert_eq!((read(metadata).await, read(keys).await), plain);
}

#[tokio::test]
async fn every_fault_of_the_token_endpoint_changes_its_answer_and_takes_the_code() {
    let idp = provider(Algorithm::Es256).await;
    let members = |answer: &Value| {
        let names = ["token_type", "expires_in", "error", "practice"].map(|name| answer.get(name).cloned());
        let kinds = ["id_token", "access_token"].map(|name| answer.get(name).is_some_and(Value::is_string));
        (names, kinds)
    };
    let plain = members(&tokens(&idp).await);
    for fault in TokenFault::ALL {
        idp.misbehave("acme", *fault);
        let code = sign_in(&idp).await;
        assert_ne!(members(&json(exchange(&idp, &code, &[]).await).await), plain, "{fault:?}");
        idp.behave("acme");
        let again = exchange(&idp, &code, &[]).await;
        assert_eq!(again.status(), StatusCode::BAD_REQUEST, "{fault:?}");
    }
}

#[tokio::test]
async fn every_fault_of_userinfo_shows_and_makes_the_id_token_leave_something_out() {
    let idp = provider(Algorithm::Es256).await;
    let ask = async || {
        let tokens = tokens(&idp).await;
        let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        let request = Browser::new().client.get(format!("{}/userinfo", idp.issuer("acme")));
        let response = request.header("authorization", bearer).send().await.unwrap();
        let kind = response.headers().get("content-type").cloned();
        (response.status(), kind, response.text().await.unwrap())
    };
    let plain = ask().await;
    for fault in UserInfoFault::ALL {
        idp.misbehave("acme", *fault);
        assert_ne!(ask().await, plain, "{fault:?}");
        assert!(claims(&idp).await.get("name").is_none(), "{fault:?}");
    }
}
