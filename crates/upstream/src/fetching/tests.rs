//! Metadata that moves, that is one app's own, or shared by many.

use std::time::Duration;

use serde_json::{Value, json};
use vocabulary::{Issuer, Timestamp};

use super::*;
use crate::identity::VerifiedIdentity;
use crate::party::Hints;
use crate::seen::Seen;
use crate::testing::{NOW, Provider, Signer, granted, key_set, local_upstream, proofs, run, secret};
use crate::token_fault::TokenFault;

const METADATA: &str = "/.well-known/openid-configuration";
const OURS: &str = "/.well-known/openid-configuration?client_id=client-1";

async fn sign_in(
    upstream: &Upstream,
    party: &RelyingParty,
    now: Timestamp,
) -> Result<VerifiedIdentity, Trouble> {
    upstream.exchange(party, &secret(), &granted(), &proofs(), now, &mut Seen::default()).await
}

async fn begin(upstream: &Upstream, party: &RelyingParty, now: Timestamp) -> Result<String, Trouble> {
    upstream.authorization_request(party, &proofs(), &Hints::default(), now).await
}

fn without_claims_of_time(provider: &Provider, now: Timestamp) -> Value {
    let mut claims = provider.claims();
    claims["iat"] = json!(now.seconds());
    claims["exp"] = json!(now.seconds() + 300);
    claims
}

#[test]
fn keys_that_moved_are_found_where_the_metadata_of_now_says() {
    run(async {
        let provider = Provider::start();
        let (upstream, party) = (local_upstream(), provider.party());
        sign_in(&upstream, &party, NOW).await.unwrap();
        let rotated = Signer::es256("key-2");
        provider.set_metadata("jwks_uri", &provider.address("/moved"));
        provider.set("/moved", 200, &key_set(&[&rotated]));
        for (minutes, old_address) in [(6, 404), (20, 200)] {
            upstream.forget(&party.connection);
            provider.set_metadata("jwks_uri", &provider.address("/keys"));
            provider.set("/keys", 200, &key_set(&[&provider.signer]));
            provider.grant(&provider.claims());
            sign_in(&upstream, &party, NOW).await.unwrap();
            provider.set_metadata("jwks_uri", &provider.address("/moved"));
            if old_address == 404 {
                provider.set("/keys", 404, "");
            }
            let now = NOW.plus(Duration::from_mins(minutes));
            provider.grant_token(&rotated.token(&without_claims_of_time(&provider, now)));
            let asked = provider.count(METADATA);
            assert!(sign_in(&upstream, &party, now).await.is_ok(), "{old_address}");
            assert!(sign_in(&upstream, &party, now).await.is_ok(), "{old_address}");
            assert_eq!(provider.count(METADATA), asked + 1);
        }
    });
}

#[test]
fn unknown_kids_ask_for_the_metadata_at_most_every_five_minutes() {
    run(async {
        let provider = Provider::start();
        let (upstream, party) = (local_upstream(), provider.party());
        sign_in(&upstream, &party, NOW).await.unwrap();
        provider.grant_token(&Signer::es256("nobodys").token(&provider.claims()));
        for half_minutes in 1..=20 {
            let now = NOW.plus(Duration::from_secs(30) * half_minutes);
            assert!(sign_in(&upstream, &party, now).await.is_err());
        }
        assert_eq!((provider.count("/keys"), provider.count(METADATA)), (21, 3));
    });
}

#[test]
fn endpoints_that_changed_are_known_when_the_metadata_is_no_longer_fresh() {
    run(async {
        let provider = Provider::start();
        let (upstream, party) = (local_upstream(), provider.party());
        sign_in(&upstream, &party, NOW).await.unwrap();
        for (door, path) in
            [("token_endpoint", "/token2"), ("jwks_uri", "/keys2"), ("authorization_endpoint", "/authorize2")]
        {
            provider.set_metadata(door, &provider.address(path));
        }
        let later = NOW.plus(Duration::from_mins(61));
        let (moved, rotated) = (provider.count("/token"), Signer::es256("key-2"));
        provider.set("/keys2", 200, &key_set(&[&rotated]));
        let token = rotated.token(&without_claims_of_time(&provider, later));
        let body = json!({"access_token": "a", "token_type": "Bearer", "id_token": token});
        provider.set("/token2", 200, &body.to_string());
        assert!(begin(&upstream, &party, later).await.unwrap().contains("/authorize2?"));
        sign_in(&upstream, &party, later).await.unwrap();
        assert_eq!((provider.count("/token"), provider.count("/token2")), (moved, 1));
    });
}

#[test]
fn a_key_that_was_taken_away_is_believed_no_longer_than_its_set_is_fresh() {
    run(async {
        let provider = Provider::start();
        let (upstream, party) = (local_upstream(), provider.party());
        sign_in(&upstream, &party, NOW).await.unwrap();
        let rotated = Signer::es256("key-2");
        provider.set("/keys", 200, &key_set(&[&rotated]));
        let later = NOW.plus(Duration::from_mins(61));
        provider.grant(&without_claims_of_time(&provider, later));
        let unknown = Trouble::IdTokenInvalid { why: TokenFault::UnknownKey };
        assert_eq!(sign_in(&upstream, &party, later).await.unwrap_err(), unknown);
        provider.grant_token(&rotated.token(&without_claims_of_time(&provider, later)));
        sign_in(&upstream, &party, later).await.unwrap();
    });
}

/// A provider whose plain metadata looks like Okta's; `ours` is what it tells our client.
fn okta(plain_issuer: &str, ours: impl FnOnce(&Provider, &mut Value)) -> Provider {
    let provider = Provider::start();
    provider.set_metadata("authorization_endpoint", &provider.address("/oauth2/v1/authorize"));
    let mut document = provider.metadata();
    document["issuer"] = json!(provider.address(""));
    document["authorization_endpoint"] = json!(provider.address("/oauth2/v1/authorize?app=1"));
    ours(&provider, &mut document);
    provider.set(OURS, 200, &document.to_string());
    if !plain_issuer.is_empty() {
        provider.set_metadata("issuer", plain_issuer);
    }
    provider
}

#[test]
fn an_okta_apps_own_metadata_is_believed_before_everybodys() {
    run(async {
        for plain_issuer in ["", "https://acme.okta.test"] {
            let provider = okta(plain_issuer, |provider, ours| {
                ours["jwks_uri"] = json!(provider.address("/oauth2/v1/keys?client_id=client-1"));
            });
            let own = Signer::es256("of-the-app");
            provider.set("/oauth2/v1/keys?client_id=client-1", 200, &key_set(&[&own]));
            provider.grant_token(&own.token(&provider.claims()));
            let (upstream, party) = (local_upstream(), provider.party());
            assert!(begin(&upstream, &party, NOW).await.unwrap().contains("/oauth2/v1/authorize?app=1&"));
            sign_in(&upstream, &party, NOW).await.unwrap();
            assert_eq!((provider.count(METADATA), provider.count(OURS), provider.count("/keys")), (1, 1, 0));
            let checks = upstream.check(&party).await;
            assert!(checks.iter().all(|check| check.ok), "{checks:?}");
        }
    });
}

#[test]
fn an_okta_app_without_metadata_of_its_own_has_everybodys() {
    run(async {
        let wrong: [fn(&Provider, &mut Value); 3] = [
            |_, ours| *ours = json!([]),
            |_, ours| ours["issuer"] = json!("https://login.acme.test"),
            |_, ours| ours["token_endpoint"] = json!("https://169.254.169.254/"),
        ];
        for spoil in wrong {
            let provider = okta("", spoil);
            let (upstream, party) = (local_upstream(), provider.party());
            assert!(begin(&upstream, &party, NOW).await.unwrap().contains("/oauth2/v1/authorize?resp"));
            sign_in(&upstream, &party, NOW).await.unwrap();
        }
        for (status, delay) in [(404, Duration::ZERO), (503, Duration::ZERO), (200, Duration::from_secs(3))] {
            let provider = okta("", |_, _| ());
            provider.set_whole(OURS, status, "", b"{}".to_vec(), delay);
            begin(&local_upstream(), &provider.party(), NOW).await.unwrap();
        }
        let nobodys = okta("https://acme.okta.test", |_, ours| *ours = json!({}));
        let trouble = begin(&local_upstream(), &nobodys.party(), NOW).await.unwrap_err();
        assert!(matches!(trouble, Trouble::IssuerMismatch { .. }), "{trouble}");
    });
}

#[test]
fn an_okta_app_pinned_to_another_issuer_fails_its_check() {
    run(async {
        let provider = okta("", |_, ours| ours["issuer"] = json!("https://login.acme.test"));
        let checks = local_upstream().check(&provider.party()).await;
        let issuer = checks.iter().find(|check| check.name == "issuer").unwrap();
        assert_eq!((issuer.ok, issuer.got.as_deref()), (false, Some("https://login.acme.test")));
    });
}

#[test]
fn other_providers_are_not_asked_twice() {
    for (address, expected) in [
        ("https://acme.okta.com/oauth2/v1/authorize", true),
        ("https://acme.okta.com/oauth2/default/v1/authorize", true),
        ("https://acme.okta.com/oauth2/authorize", false),
        ("https://acme.okta.com/x/oauth2/v1/authorize", false),
        ("https://login.microsoftonline.com/common/oauth2/v2.0/authorize", false),
        ("https://accounts.google.com/o/oauth2/v2/auth", false),
        ("nonsense", false),
    ] {
        assert_eq!(is_oktas(address), expected, "{address}");
    }
}

/// A provider whose issuer ends in `/common/v2.0` and whose metadata names a template.
fn shared(provider: &Provider, segment: &str, template: &str) -> RelyingParty {
    let mut document = provider.metadata();
    document["issuer"] = json!(provider.address(template));
    let path = format!("/{segment}/v2.0");
    provider.set(&format!("{path}{METADATA}"), 200, &document.to_string());
    RelyingParty {
        issuer: Issuer::parse(&provider.address(&path)).unwrap(),
        tenant: Some("7f9c".to_owned()),
        ..provider.party()
    }
}

#[test]
fn at_an_issuer_shared_by_tenants_the_required_one_signs_in() {
    run(async {
        let provider = Provider::start();
        let token = |iss: &str, tid: &str| {
            let mut claims = provider.claims();
            claims["iss"] = json!(provider.address(iss));
            claims["tid"] = json!(tid);
            provider.grant(&claims);
        };
        for segment in ["common", "organizations"] {
            let (upstream, party) = (local_upstream(), shared(&provider, segment, "/{tenantid}/v2.0"));
            token("/7f9c/v2.0", "7f9c");
            assert!(sign_in(&upstream, &party, NOW).await.is_ok(), "{segment}");
            for (iss, tid, why) in [
                ("/0bad/v2.0", "0bad", TokenFault::Issuer),
                ("/0bad/v2.0", "7f9c", TokenFault::Issuer),
                ("/7f9c/v2.0", "0bad", TokenFault::Tenant),
                ("/{tenantid}/v2.0", "7f9c", TokenFault::Issuer),
                ("/common/v2.0", "7f9c", TokenFault::Issuer),
            ] {
                token(iss, tid);
                assert_eq!(sign_in(&upstream, &party, NOW).await.unwrap_err(), why.into(), "{iss} {tid}");
            }
            let checks = upstream.check(&party).await;
            assert!(checks.iter().all(|check| check.ok), "{checks:?}");
        }
    });
}

#[test]
fn a_template_fits_nothing_but_a_shared_issuer_with_a_tenant() {
    run(async {
        let provider = Provider::start();
        for (segment, template) in [
            ("consumers", "/{tenantid}/v2.0"),
            ("7f9c", "/{tenantid}/v2.0"),
            ("common", "/{tenantid}/v1.0"),
            ("common", "/{tenantid}/{tenantid}"),
            ("common", "/{TenantId}/v2.0"),
            ("common", "/x{tenantid}/v2.0"),
            ("common", "/{tenantid}"),
        ] {
            let party = shared(&provider, segment, template);
            let trouble = begin(&local_upstream(), &party, NOW).await.unwrap_err();
            assert!(matches!(trouble, Trouble::IssuerMismatch { .. }), "{segment} {template}");
        }
        let party = RelyingParty { tenant: None, ..shared(&provider, "common", "/{tenantid}/v2.0") };
        assert!(begin(&local_upstream(), &party, NOW).await.is_err());
        let checks = local_upstream().check(&party).await;
        let issuer = checks.iter().find(|check| check.name == "issuer").unwrap();
        assert!(!issuer.ok && issuer.message.contains("shared by many"), "{issuer:?}");
    });
}
