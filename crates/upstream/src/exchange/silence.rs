//! A provider that says nothing: nobody is made to wait for it again and again, and it gets its chance.

use std::time::{Duration, Instant};

use serde_json::json;
use vocabulary::Timestamp;

use super::*;
use crate::observed::Observed;
use crate::party::Hints;
use crate::testing::{NOW, Provider, granted, local_upstream, proofs, run, secret};

const METADATA: &str = "/.well-known/openid-configuration";

fn after(seconds: u64) -> Timestamp {
    NOW.plus(Duration::from_secs(seconds))
}

async fn sign_in(
    upstream: &Upstream,
    provider: &Provider,
    now: Timestamp,
) -> Result<VerifiedIdentity, Trouble> {
    upstream.exchange(&provider.party(), &secret(), &granted(), &proofs(), now, &mut Seen::default()).await
}

async fn begin(upstream: &Upstream, provider: &Provider, now: Timestamp) -> Result<String, Trouble> {
    upstream.authorization_request(&provider.party(), &proofs(), &Hints::default(), now).await
}

/// As many failures in a row as open a breaker.
async fn fail_five_times(upstream: &Upstream, provider: &Provider) {
    for _ in 0..5 {
        assert!(sign_in(upstream, provider, NOW).await.is_err());
    }
}

/// Refused at once, without a request: how long to wait.
async fn turned_away(upstream: &Upstream, provider: &Provider, now: Timestamp) -> Duration {
    let (before, began) = (provider.requests().len(), Instant::now());
    let trouble = sign_in(upstream, provider, now).await.unwrap_err();
    assert!(began.elapsed() < Duration::from_millis(50), "{:?}", began.elapsed());
    assert_eq!(provider.requests().len(), before);
    assert!(matches!(trouble, Trouble::Unreachable { .. }), "{trouble:?}");
    trouble.retry_after().unwrap()
}

#[test]
fn a_token_endpoint_that_fails_five_times_is_left_alone_and_comes_back() {
    run(async {
        let provider = Provider::start();
        let upstream = local_upstream();
        sign_in(&upstream, &provider, NOW).await.unwrap();
        provider.set("/token", 503, "");
        fail_five_times(&upstream, &provider).await;
        assert_eq!(provider.count("/token"), 6);
        let wait = turned_away(&upstream, &provider, NOW).await;
        assert!((10..=11).contains(&wait.as_secs()), "{wait:?}");
        begin(&upstream, &provider, NOW).await.expect("going to the provider needs no call");
        // The first try fails, the second is answered.
        assert!(sign_in(&upstream, &provider, after(12)).await.is_err());
        assert_eq!(provider.count("/token"), 7);
        let wait = turned_away(&upstream, &provider, after(12)).await;
        assert!((20..=21).contains(&wait.as_secs()), "{wait:?}");
        provider.grant(&provider.claims());
        turned_away(&upstream, &provider, after(20)).await;
        sign_in(&upstream, &provider, after(34)).await.unwrap();
        sign_in(&upstream, &provider, after(34)).await.unwrap();
    });
}

#[test]
fn of_many_who_come_after_the_pause_one_tries() {
    run(async {
        let provider = Provider::start();
        let upstream = local_upstream();
        sign_in(&upstream, &provider, NOW).await.unwrap();
        provider.set("/token", 503, "");
        fail_five_times(&upstream, &provider).await;
        provider.set_whole("/token", 503, "", b"busy".to_vec(), Duration::from_secs(1));
        let asked = provider.count("/token");
        let first = {
            let (upstream, party) = (upstream.clone(), provider.party());
            tokio::spawn(async move {
                upstream
                    .exchange(&party, &secret(), &granted(), &proofs(), after(12), &mut Seen::default())
                    .await
            })
        };
        while provider.count("/token") == asked {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        for _ in 0..3 {
            assert_eq!(turned_away(&upstream, &provider, after(12)).await, Duration::from_secs(2));
        }
        assert!(first.await.unwrap().is_err());
        assert_eq!(provider.count("/token"), asked + 1);
    });
}

#[test]
fn made_up_codes_and_nonsense_never_shut_the_door() {
    run(async {
        let provider = Provider::start();
        let upstream = local_upstream();
        for (status, body) in [
            (400, r#"{"error":"invalid_grant"}"#),
            (401, r#"{"error":"invalid_client"}"#),
            (404, ""),
            (200, "<html>"),
        ] {
            provider.set("/token", status, body);
            for _ in 0..20 {
                assert!(sign_in(&upstream, &provider, NOW).await.is_err());
            }
        }
        provider.grant(&provider.claims());
        sign_in(&upstream, &provider, NOW).await.unwrap();
        let observed = upstream.observed(&provider.party().connection).unwrap();
        assert_eq!(observed.breaker_open_until, None);
    });
}

#[test]
fn people_who_go_away_shut_no_door() {
    run(async {
        let provider = Provider::start();
        let upstream = local_upstream();
        sign_in(&upstream, &provider, NOW).await.unwrap();
        provider.set_whole("/token", 200, "", b"{}".to_vec(), Duration::from_secs(1));
        for _ in 0..10 {
            let gone = timeout(Duration::from_millis(20), sign_in(&upstream, &provider, NOW)).await;
            assert!(gone.is_err());
        }
        provider.grant(&provider.claims());
        sign_in(&upstream, &provider, NOW).await.unwrap();
    });
}

#[test]
fn a_provider_that_hangs_is_waited_for_five_times() {
    run(async {
        let provider = Provider::start();
        let upstream = local_upstream();
        sign_in(&upstream, &provider, NOW).await.unwrap();
        provider.set_whole("/token", 200, "", b"{}".to_vec(), Duration::from_secs(5));
        let (upstream, provider) = (&upstream, &provider);
        for _ in 0..3 {
            // Two places in this test.
            let pair = tokio::join!(sign_in(upstream, provider, NOW), sign_in(upstream, provider, NOW));
            for outcome in [pair.0, pair.1] {
                assert_eq!(outcome.unwrap_err(), Trouble::TimedOut { at: Endpoint::Token });
            }
        }
        turned_away(upstream, provider, NOW).await;
        begin(upstream, provider, NOW).await.unwrap();
    });
}

#[test]
fn unknown_metadata_of_a_silent_provider_is_not_asked_for_by_everybody() {
    run(async {
        let provider = Provider::start();
        let upstream = local_upstream();
        provider.set_whole(METADATA, 429, "Retry-After: 30\r\n", Vec::new(), Duration::ZERO);
        let ask = async |now| begin(&upstream, &provider, now).await;
        for seconds in [0, 5, 29] {
            assert!(ask(after(seconds)).await.is_err());
        }
        assert_eq!(provider.count(METADATA), 1, "it asked for half a minute");
        for round in 1..=4 {
            assert!(ask(after(31 * round)).await.is_err());
        }
        assert_eq!(provider.count(METADATA), 5);
        provider.set_metadata("issuer", &provider.address(""));
        assert!(ask(after(31 * 4 + 20)).await.is_err(), "it is left alone for as long as it asks");
        assert_eq!(provider.count(METADATA), 5);
        assert!(ask(after(31 * 5)).await.is_ok());
    });
}

#[test]
fn silence_at_one_door_leaves_the_others_open() {
    run(async {
        let provider = Provider::start();
        let upstream = local_upstream();
        sign_in(&upstream, &provider, NOW).await.unwrap();
        provider.set(METADATA, 503, "");
        provider.set("/keys", 503, "");
        let mut now = NOW;
        for hours in 2..12 {
            now = NOW.plus(Duration::from_hours(hours));
            begin(&upstream, &provider, now).await.expect("what is known bridges it");
        }
        let mut claims = provider.claims();
        claims["iat"] = json!(now.seconds());
        claims["exp"] = json!(now.seconds() + 300);
        provider.grant(&claims);
        sign_in(&upstream, &provider, now).await.unwrap();
    });
}

#[test]
fn what_is_known_bridges_a_provider_that_hangs() {
    run(async {
        let provider = Provider::start();
        let upstream = local_upstream();
        sign_in(&upstream, &provider, NOW).await.unwrap();
        for path in [METADATA, "/keys"] {
            provider.set_whole(path, 200, "", b"{}".to_vec(), Duration::from_secs(5));
        }
        let later = NOW.plus(Duration::from_hours(2));
        let mut claims = provider.claims();
        claims["iat"] = json!(later.seconds());
        claims["exp"] = json!(later.seconds() + 300);
        provider.grant(&claims);
        sign_in(&upstream, &provider, later).await.unwrap();
        assert_eq!((provider.count(METADATA), provider.count("/keys")), (2, 2));
    });
}

#[test]
fn a_silent_userinfo_costs_no_more_codes() {
    run(async {
        let provider = Provider::start();
        let upstream = local_upstream();
        let mut thin = provider.claims();
        thin.as_object_mut().unwrap().remove("email");
        provider.grant(&thin);
        provider.set("/userinfo", 503, "");
        fail_five_times(&upstream, &provider).await;
        turned_away(&upstream, &provider, NOW).await;
        let info = json!({"sub": "00u1", "email": "ada@acme.test"});
        provider.set("/userinfo", 200, &info.to_string());
        sign_in(&upstream, &provider, after(12)).await.unwrap();
        sign_in(&upstream, &provider, after(12)).await.unwrap();
    });
}

#[test]
fn what_is_known_of_a_provider_is_told_and_does_not_grow() {
    run(async {
        let provider = Provider::start();
        let upstream = local_upstream();
        let observed = || upstream.observed(&provider.party().connection);
        assert_eq!(observed(), None);
        sign_in(&upstream, &provider, NOW).await.unwrap();
        let healthy = Observed {
            metadata_fetched_at: Some(NOW),
            keys_fetched_at: Some(NOW),
            keys: 1,
            breaker_open_until: None,
            last_trouble: None,
        };
        assert_eq!(observed(), Some(healthy));
        provider.set("/token", 400, r#"{"error":"invalid_grant"}"#);
        assert!(sign_in(&upstream, &provider, NOW).await.is_err());
        assert_eq!(observed().unwrap().last_trouble, None, "a made-up code is nobody's trouble");
        provider.set("/token", 503, "");
        fail_five_times(&upstream, &provider).await;
        let sick = observed().unwrap();
        let (when, what) = sick.last_trouble.unwrap();
        assert!(when.since(NOW) < Duration::from_secs(5));
        assert_eq!(what, "the token endpoint is not reachable: it answered 503");
        assert!(sick.breaker_open_until.unwrap() >= after(10));
        upstream.forget(&provider.party().connection);
        assert_eq!(observed(), None);
    });
}
