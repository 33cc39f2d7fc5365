//! Sign-out from outside, told by programs of others: tokens that npm `jose` made, and npm `oidc-provider`, where
//! somebody signs out in one window and is out of the real binary in the other.

use reqwest::Method;
use serde_json::{Value, json};
use support::{Answer, Browser, on_both};
use vocabulary::{Clock as _, SystemClock};

use super::oidc_provider::{CLIENT, Place, SECRET, form, provider_with};
use crate::program::{Program, node};

on_both! {
    async fn logout_tokens_that_jose_made_end_sessions_and_its_wrong_ones_none(db) {
        let (place, _service, peer) = beside_jose(db);
        let ada = place.arrive().await;
        let claims = peer.logout_claims(&json!({"sub": "ada"}));
        for how in ["by_a_stranger", "with_the_secret", "unsigned", "encrypted"] {
            let token = peer.sign(how, "RS256", "logout+jwt", &claims).await;
            let answer = place.tell(&token).await;
            assert_eq!((answer.status, answer.json()["error"].as_str()), (400, Some("invalid_request")), "{how}");
        }
        let other = peer.sign("rightly", "RS256", "logout+jwt", &spoilt(&claims, "aud", &json!("another"))).await;
        assert_eq!(place.tell(&other).await.status, 400);
        assert!(place.is_in(&ada).await);
        for (alg, typ) in [("RS256", "logout+jwt"), ("PS256", "logout+jwt"), ("ES256", "JWT"), ("EdDSA", "")] {
            let ada = place.arrive().await;
            let token = peer.sign("rightly", alg, typ, &peer.logout_claims(&json!({"sub": "ada"}))).await;
            let answer = place.tell(&token).await;
            assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{alg} {}", answer.body);
            assert!(!place.is_in(&ada).await, "{alg}");
            let again = place.tell(&token).await;
            assert_eq!(again.status, 200, "{alg}, once more");
        }
    }

    async fn universal_logout_by_tokens_that_jose_made(db) {
        let (place, _service, peer) = beside_jose(db);
        for (alg, body) in [
            ("RS256", json!({"sub_id": {"format": "email", "email": "ada@acme.test"}})),
            ("ES256", json!({"sub_id": {"format": "iss_sub", "iss": place.issuer(), "sub": "ada"}})),
        ] {
            let ada = place.arrive().await;
            let claims = peer.claims(&json!({"sub": CLIENT, "aud": place.at("/t/acme/revoke"), "nbf": now(), "exp": now() + 300}));
            let typ = "global-token-revocation+jwt";
            for how in ["by_a_stranger", "unsigned", "encrypted"] {
                let answer = place.revoke(&peer.sign(how, "RS256", typ, &claims).await, &body).await;
                assert_eq!(answer.status, 401, "{how}");
            }
            let foreign = peer.sign("rightly", alg, typ, &spoilt(&claims, "aud", &json!("https://evil.test"))).await;
            assert_eq!(place.revoke(&foreign, &body).await.status, 403);
            assert!(place.is_in(&ada).await);
            let token = peer.sign("rightly", alg, typ, &claims).await;
            let nobody = json!({"sub_id": {"format": "email", "email": "nobody@acme.test"}});
            let answer = place.revoke(&token, &body).await;
            assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{alg}");
            assert!(!place.is_in(&ada).await, "{alg}");
            assert_eq!(place.revoke(&token, &body).await.status, 204, "the first answer");
            assert_eq!(place.revoke(&token, &nobody).await.status, 401, "another body");
        }
    }

    async fn signing_out_at_a_certified_provider_ends_the_session_here_by_sid(db) {
        sign_out_at_the_provider(db, true).await;
    }

    async fn signing_out_at_a_certified_provider_ends_the_sessions_here_by_sub(db) {
        sign_out_at_the_provider(db, false).await;
    }
}

/// Ada signs in twice, in two browsers, and signs out at the provider in one of them. With `sid` the provider
/// names that session, without it all of hers.
async fn sign_out_at_the_provider(db: &support::TestDatabase, by_sid: bool) {
    let place = Place::new(db);
    let (provider, _keys) = provider_with(
        place.ports,
        json!({
            "algorithm": "RS256",
            "backchannel_logout_uri": place.at("/t/acme/backchannel_logout"),
            "backchannel_logout_session_required": by_sid,
        }),
    );
    let _service = place.serve();
    let (here, there) = (Browser::default(), Browser::default());
    place.sign_in_with(&here, "Ada").await;
    place.sign_in_with(&there, "Ada").await;
    assert!(place.is_in(&here).await && place.is_in(&there).await);

    let page = here.get(&format!("{}/session/end", place.issuer())).await;
    let xsrf = page.hidden("xsrf").unwrap_or_else(|| panic!("no form: {}", page.body));
    let done = here.post(&form(&page), &[("xsrf", &xsrf), ("logout", "yes")]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    provider.line("told that Ada is out").expect("our answer was 200");
    assert!(!place.is_in(&here).await);
    assert_eq!(place.is_in(&there).await, by_sid, "the other window");
}

/// Teamdoor beside a provider whose tokens npm `jose` makes.
fn beside_jose(db: &support::TestDatabase) -> (Place<'_>, Program, Peer) {
    let place = Place::new(db);
    let told = json!({ "port": place.ports + 1, "client_id": CLIENT, "client_secret": SECRET });
    let program = Program::start(node("peer/logout.mjs").arg(told.to_string()));
    program.line("ready").expect("a provider");
    let service = place.serve();
    let issuer = place.issuer();
    (place, service, Peer { issuer, _program: program })
}

struct Peer {
    issuer: String,
    _program: Program,
}

impl Peer {
    /// What every token from this provider says, and `more`.
    fn claims(&self, more: &Value) -> Value {
        let jti = vocabulary::random_id(&sealing::SystemChance);
        let mut claims = json!({ "iss": self.issuer, "iat": now(), "jti": jti });
        for (name, value) in more.as_object().expect("claims") {
            claims[name] = value.clone();
        }
        claims
    }

    fn logout_claims(&self, more: &Value) -> Value {
        let mut claims = self.claims(more);
        claims["aud"] = json!(CLIENT);
        claims["events"] = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
        claims
    }

    async fn sign(&self, how: &str, alg: &str, typ: &str, claims: &Value) -> String {
        let asked = json!({ "how": how, "header": { "alg": alg, "typ": typ }, "claims": claims });
        let address = format!("{}/sign", self.issuer);
        let answer = Browser::default().send(Method::POST, &address, &[], Some(asked.to_string())).await;
        answer.json()["token"].as_str().expect("a token").to_owned()
    }
}

fn spoilt(claims: &Value, name: &str, value: &Value) -> Value {
    let mut claims = claims.clone();
    claims[name] = value.clone();
    claims
}

/// The present second: the binary's clock is the machine's.
fn now() -> i64 {
    SystemClock.now().seconds()
}

impl Place<'_> {
    /// The provider beside it.
    fn issuer(&self) -> String {
        format!("http://localhost:{}", self.ports + 1)
    }

    pub(super) fn at(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.ports)
    }

    /// Signs Ada in at a provider that asks nothing.
    async fn arrive(&self) -> Browser {
        let browser = Browser::default();
        let start = browser.post(&self.at("/login_sso"), &[("team_id", "acme")]).await;
        let page = browser.follow(start).await;
        assert_eq!((page.status, page.url.path()), (200, "/t/acme"), "{}", page.body);
        browser
    }

    async fn is_in(&self, browser: &Browser) -> bool {
        browser.get(&self.at("/t/acme/team")).await.status == 200
    }

    async fn tell(&self, token: &str) -> Answer {
        Browser::default().post(&self.at("/t/acme/backchannel_logout"), &[("logout_token", token)]).await
    }

    async fn revoke(&self, token: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        Browser::default()
            .send(Method::POST, &self.at("/t/acme/revoke"), &headers, Some(body.to_string()))
            .await
    }
}
