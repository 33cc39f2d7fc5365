//! Exchanges with a provider that fails, stalls or answers for another.

use std::time::Duration;

use super::tests::exchange;
use super::*;
use crate::testing::{NOW, Provider, granted, local_upstream, proofs, run, secret};

#[test]
fn another_issuers_answer_never_reaches_the_token_endpoint() {
    run(async {
        let provider = Provider::start();
        let foreign = Granted { iss: Some("https://evil.test".into()), ..granted() };
        let (upstream, party) = (local_upstream(), provider.party());
        let trouble = upstream
            .exchange(&party, &secret(), &foreign, &proofs(), NOW, &mut Seen::default())
            .await
            .unwrap_err();
        assert!(matches!(trouble, Trouble::ResponseIssuerMismatch { .. }));
        assert_eq!(provider.count("/token"), 0);
    });
}

#[test]
fn a_failing_token_endpoint_is_asked_once_and_tells_no_secret() {
    let echo = r#"{"error":"invalid_grant","error_description":"s3cret-canary code-canary\r\nx"}"#;
    let table: [(u16, &str, &str); 9] = [
        (400, echo, "CodeRejected"),
        (401, r#"{"error":"invalid_client"}"#, "ClientRejected"),
        (200, "<html>busy</html>", "Protocol"),
        (200, "", "Protocol"),
        (302, "", "Protocol"),
        (307, "", "Protocol"),
        (404, "", "Protocol"),
        (429, "", "Unreachable"),
        (503, echo, "Unreachable"),
    ];
    run(async {
        for (status, body, expected) in table {
            let provider = Provider::start();
            let location = format!("Location: {}\r\n", provider.address("/elsewhere"));
            provider.set_whole("/token", status, &location, body.into(), Duration::ZERO);
            let trouble = exchange(&provider).await.unwrap_err();
            assert!(format!("{trouble:?}").starts_with(expected), "{status} {trouble:?}");
            assert!(!format!("{trouble:?} {}", trouble.detail()).contains("canary"), "{trouble:?}");
            assert_eq!((provider.count("/token"), provider.count("/elsewhere")), (1, 0), "{status}");
        }
    });
}

#[test]
fn endless_deep_and_slow_answers_are_cut() {
    run(async {
        let provider = Provider::start();
        provider.set_whole("/token", 200, "", vec![b' '; 300 * 1024], Duration::ZERO);
        assert!(matches!(exchange(&provider).await, Err(Trouble::Protocol { at: Endpoint::Token, .. })));
        provider.set("/token", 200, &"[".repeat(100_000));
        assert!(matches!(exchange(&provider).await, Err(Trouble::Protocol { .. })));
        provider.set_whole("/token", 200, "", b"{}".to_vec(), Duration::from_secs(4));
        assert_eq!(exchange(&provider).await.unwrap_err(), Trouble::TimedOut { at: Endpoint::Token });
    });
}

#[test]
fn too_many_exchanges_of_one_connection_wait_and_are_turned_away() {
    run(async {
        let provider = Provider::start();
        let (upstream, party) = (local_upstream(), provider.party());
        upstream.exchange(&party, &secret(), &granted(), &proofs(), NOW, &mut Seen::default()).await.unwrap();
        provider.set_whole("/token", 200, "", b"{}".to_vec(), Duration::from_millis(900));
        let under_way: Vec<_> = (0..3)
            .map(|_| {
                let (upstream, party) = (upstream.clone(), party.clone());
                tokio::spawn(async move {
                    upstream
                        .exchange(&party, &secret(), &granted(), &proofs(), NOW, &mut Seen::default())
                        .await
                        .unwrap_err()
                })
            })
            .collect();
        let mut turned_away = 0;
        for exchange in under_way {
            turned_away += u32::from(matches!(exchange.await.unwrap(), Trouble::Busy { .. }));
        }
        assert_eq!(turned_away, 1, "two places in this test");
        assert_eq!(provider.count("/token"), 3);
    });
}

#[test]
fn metadata_and_keys_fail_before_the_code_is_spent() {
    run(async {
        let provider = Provider::start();
        provider.set("/keys", 500, "");
        assert!(matches!(exchange(&provider).await, Err(Trouble::Unreachable { at: Endpoint::Keys, .. })));
        provider.set_metadata("issuer", "https://other.test");
        assert!(matches!(exchange(&provider).await, Err(Trouble::IssuerMismatch { .. })));
        provider.set_metadata("issuer", &provider.address(""));
        provider.set_metadata("token_endpoint", "http://10.0.0.1/token");
        assert!(matches!(exchange(&provider).await, Err(Trouble::Forbidden { .. })));
        let busy = "Retry-After: 42\r\n";
        provider.set_whole("/.well-known/openid-configuration", 503, busy, Vec::new(), Duration::ZERO);
        let trouble = exchange(&provider).await.unwrap_err();
        assert_eq!(trouble.retry_after(), Some(Duration::from_secs(42)));
        assert_eq!(provider.count("/token"), 0);
    });
}
