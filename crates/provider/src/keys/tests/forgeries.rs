//! Tokens that are none of ours, or not what they are shown as.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{EncodingKey, Header};

use super::*;

const TYPES: [TokenType; 3] = [TokenType::Id, TokenType::Access, TokenType::Logout];

fn is_ours(keys: &SigningKeys, token: &str) -> bool {
    TYPES.iter().any(|typ| keys.verify_now::<Value>(token, *typ, START).unwrap().is_some())
}

#[test]
fn no_token_passes_for_one_of_another_type() {
    let place = Place::new();
    let keys = place.keys();
    for algorithm in SigningAlgorithm::ALL {
        for is in TYPES {
            let token = keys.sign_now(algorithm, is, &json!({}), START).unwrap();
            assert_eq!(jsonwebtoken::decode_header(&token).unwrap().typ.as_deref(), Some(is.as_str()));
            for shown_as in TYPES {
                let claims: Option<Value> = keys.verify_now(&token, shown_as, START).unwrap();
                assert_eq!(claims.is_some(), is == shown_as, "{is:?} as {shown_as:?}");
            }
        }
    }
}

#[test]
fn a_header_that_we_did_not_write_is_never_read() {
    let place = Place::new();
    let keys = place.keys();
    let ring = keys.ring(START).unwrap();
    for algorithm in SigningAlgorithm::ALL {
        let token = id_token(&keys, algorithm, START);
        let (kid, alg) = (kid(&token), algorithm.as_str());
        let other = SigningAlgorithm::ALL.into_iter().find(|other| *other != algorithm).unwrap().as_str();
        let headers = [
            format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"{kid}","crit":["exp"]}}"#),
            format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"{kid}","jku":"https://evil.test/jwks"}}"#),
            format!(r#"{{"alg":"{alg}","kid":"{kid}"}}"#),
            format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#),
            format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"other"}}"#),
            format!(r#"{{"alg":"{other}","typ":"JWT","kid":"{kid}"}}"#),
            format!(r#"{{"alg":"none","typ":"JWT","kid":"{kid}"}}"#),
            format!(r#"{{"alg":"none","alg":"{alg}","typ":"JWT","kid":"{kid}"}}"#),
            String::new(),
        ];
        // Each is signed by the right key all the same: the header alone condemns it.
        let signed = |header: &str| {
            let input = jwt::signing_input(&URL_SAFE_NO_PAD.encode(header), br#"{"sub":"ada"}"#);
            ring.signer(algorithm, START).unwrap().key.sign(input).unwrap()
        };
        let ours = signed(&format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"{kid}"}}"#));
        assert!(is_ours(&keys, &ours), "the signing here is right");
        for header in headers {
            assert!(!is_ours(&keys, &signed(&header)), "{header}");
        }
    }
}

#[test]
fn a_token_without_a_signature_or_with_another_ones_is_not_ours() {
    let (place, elsewhere) = (Place::new(), Place::new());
    let (keys, strangers) = (place.keys(), elsewhere.keys());
    for algorithm in SigningAlgorithm::ALL {
        let (ours, later) = (id_token(&keys, algorithm, START), id_token(&keys, algorithm, START.plus(DAY)));
        let stranger = id_token(&strangers, algorithm, START);
        let (input, signature) = ours.rsplit_once('.').unwrap();
        let (header, claims) = input.split_once('.').unwrap();
        let [(_, later_signature), (_, strange_signature)] =
            [&later, &stranger].map(|token| token.rsplit_once('.').unwrap());
        let other_claims = URL_SAFE_NO_PAD.encode(r#"{"sub":"bob"}"#);
        assert!(is_ours(&keys, &ours) && !is_ours(&keys, &stranger));
        for forged in [
            input.to_owned(),
            format!("{input}."),
            format!("{input}.{later_signature}"),
            format!("{input}.{strange_signature}"),
            format!("{header}.{other_claims}.{signature}"),
            format!("{header}.{claims}.{signature}="),
            format!("{header}.{claims}.{signature}.{signature}"),
            format!(" {ours}"),
            format!("{ours}\n"),
        ] {
            assert!(!is_ours(&keys, &forged), "{forged}");
        }
    }
}

#[test]
fn our_public_key_as_a_shared_secret_signs_nothing() {
    let place = Place::new();
    let keys = place.keys();
    let set: Value = serde_json::from_str(&key_set(&keys, START)).unwrap();
    for jwk in set["keys"].as_array().unwrap() {
        let header =
            Header { kid: Some(jwk["kid"].as_str().unwrap().to_owned()), ..Header::new(Algorithm::HS256) };
        for secret in [jwk.to_string(), jwk["n"].as_str().or(jwk["x"].as_str()).unwrap().to_owned()] {
            let secret = EncodingKey::from_secret(secret.as_bytes());
            let token = jsonwebtoken::encode(&header, &json!({ "sub": "ada" }), &secret).unwrap();
            assert!(!is_ours(&keys, &token));
        }
    }
}

#[test]
fn claims_that_are_not_what_was_asked_are_nothing() {
    #[derive(Debug, serde::Deserialize)]
    struct Asked {
        #[expect(dead_code, reason = "it is enough that it must be there")]
        sub: String,
    }
    let place = Place::new();
    let keys = place.keys();
    let token =
        |claims: &Value| keys.sign_now(SigningAlgorithm::Es256, TokenType::Id, claims, START).unwrap();
    let read = |claims| keys.verify_now::<Asked>(&token(&claims), TokenType::Id, START).unwrap();
    assert!(read(json!({ "sub": "ada", "more": 1 })).is_some());
    for wrong in [json!({}), json!({ "sub": 1 }), json!("ada"), json!(null)] {
        assert!(read(wrong.clone()).is_none(), "{wrong}");
    }
}

/// Keys that all cases of a property share, with a token of theirs.
fn shared() -> &'static (Place, SigningKeys, String) {
    static SHARED: OnceLock<(Place, SigningKeys, String)> = OnceLock::new();
    SHARED.get_or_init(|| {
        let place = Place::new();
        let keys = place.keys();
        let token = id_token(&keys, SigningAlgorithm::Es256, START);
        (place, keys, token)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn one_changed_letter_makes_a_token_nobodys(place in any::<prop::sample::Index>(), letter in "[A-Za-z0-9_.-]") {
        let (_place, keys, token) = shared();
        let at = place.index(token.len());
        let mut changed = token.clone();
        changed.replace_range(at..=at, &letter);
        prop_assert_eq!(is_ours(keys, &changed), changed == *token);
    }

    #[test]
    fn no_text_is_a_token_or_makes_the_reader_panic(text in "\\PC{0,80}") {
        let (_place, keys, _token) = shared();
        prop_assert!(!is_ours(keys, &text));
    }
}
