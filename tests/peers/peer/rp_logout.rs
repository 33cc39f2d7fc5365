//! npm `oidc-provider` signs people out by RP-Initiated Logout, through its own question whether they are sure, and
//! sends them back to us.

use serde_json::json;
use support::{Answer, Browser, on_both};
use url::Url;

use super::oidc_provider::{CLIENT, Place, form, provider_with};
use crate::program::Program;

on_both! {
    async fn a_certified_provider_signs_people_out_and_sends_them_back(db) {
        let place = Place::new(db);
        let (provider, _keys) = provider_with(place.ports, json!({
            "algorithm": "RS256",
            "post_logout_redirect_uris": [place.at("/t/acme/signed-out")],
        }));
        let _service = place.serve();
        let address = place.at("/t/acme/signed-out");
        Program::start(place.teamdoor().args(["team", "set", "acme", "--post-logout-redirect-uri", &address])).succeed();

        let ada = Browser::default();
        place.sign_in_with(&ada, "Ada").await;
        let question = place.sign_out_there_too(&ada).await;
        provider.line("end_session answered 200").expect("it took the request with its hint");
        let asked = question.url.query_pairs().find(|(name, _)| name == "client_id").map(|(_, value)| value.into_owned());
        assert_eq!(asked.as_deref(), Some(CLIENT));
        let here = ada.get(&place.at("/t/acme/team")).await;
        assert_eq!(here.heading(), "You are signed out of Acme", "the session here does not wait for the answer");

        let back = answer(&ada, &question, &[("logout", "yes")]).await;
        let way = back.location().expect("the way back");
        assert!(way.as_str().starts_with(&format!("{address}?state=")), "{way}");
        let page = ada.follow(back).await;
        assert!(page.body.contains("your session there has ended too."), "{}", page.body);
        let told = Program::start(place.teamdoor().args(["team", "show", "acme", "--json"])).succeed();
        assert!(told.contains("\"logout_tested\":true") || told.contains("\"logout_tested\": true"), "{told}");
        let again = ada.open(&place.at("/t/acme/login")).await;
        assert!(again.body.contains("name=\"login\""), "the provider asks who it is: {}", again.body);
    }

    async fn whoever_stays_at_the_provider_is_out_here_all_the_same(db) {
        let place = Place::new(db);
        let address = place.at("/t/acme/signed-out");
        let (_provider, _keys) = provider_with(place.ports, json!({
            "algorithm": "ES256",
            "post_logout_redirect_uris": [address],
        }));
        let _service = place.serve();
        Program::start(place.teamdoor().args(["team", "set", "acme", "--post-logout-redirect-uri", &address])).succeed();
        let ada = Browser::default();
        place.sign_in_with(&ada, "Ada").await;
        // The question is left open; the browser goes on as if it had been closed.
        place.sign_out_there_too(&ada).await;
        for path in ["/t/acme", "/t/acme/team", "/t/acme/signed-out"] {
            let page = ada.get(&place.at(path)).await;
            assert_eq!((page.status, page.heading()), (200, "You are signed out of Acme"), "{path}");
            assert!(page.body.contains("You may still be signed in at"), "{}", page.body);
        }
        let told = Program::start(place.teamdoor().args(["team", "show", "acme", "--json"])).succeed();
        assert!(!told.contains("\"logout_tested\":true") && !told.contains("\"logout_tested\": true"), "{told}");
    }
}

impl Place<'_> {
    /// Presses "Try signing out at … too", as far as the provider's question.
    async fn sign_out_there_too(&self, browser: &Browser) -> Answer {
        let dashboard = browser.get(&self.at("/t/acme")).await;
        assert!(dashboard.body.contains("name=\"at_idp\""), "an admin may try: {}", dashboard.body);
        let policy = dashboard.header("content-security-policy").unwrap_or_default();
        assert!(
            policy.contains(&format!("form-action 'self' http://localhost:{};", self.ports + 1)),
            "{policy}"
        );
        let csrf = dashboard.hidden("csrf").expect("a form");
        let out = browser.post(&self.at("/t/acme/logout"), &[("csrf", &csrf), ("at_idp", "1")]).await;
        let question = browser.follow(out).await;
        assert_eq!((question.status, question.url.port()), (200, Some(self.ports + 1)), "{}", question.body);
        question
    }
}

/// Answers the provider's question; its form carries a token of its own.
async fn answer(browser: &Browser, question: &Answer, with: &[(&str, &str)]) -> Answer {
    let xsrf = question.hidden("xsrf").expect("its token");
    let address = Url::parse(&form(question)).expect("its address");
    let fields: Vec<(&str, &str)> = [("xsrf", xsrf.as_str())].iter().chain(with).copied().collect();
    browser.post(address.as_str(), &fields).await
}
