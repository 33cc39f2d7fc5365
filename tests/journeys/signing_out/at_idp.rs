//! At the identity provider too (OpenID Connect RP-Initiated Logout 1.0): who is offered it, what is sent, what a
//! browser's way back proves, and that the session here ends whatever the provider does.

use std::time::Duration;

use audit::{Act, Actor};
use mock_idp::{DiscoveryFault, Endpoint, ProfileFault, WireFault};
use support::{Answer, Browser, World, on_both};
use teams::Edit;
use url::Url;

use super::{connection, is_in, last_sign_out, leads_to, register, register_ours, sign_out, text};
use crate::eyes;

const TOO: [(&str, &str); 1] = [("at_idp", "1")];
const PERHAPS: &str = "You may still be signed in at your company's sign-in service.";
const ENDED: &str = "According to your company's sign-in service, your session there has ended too.";
const TRY: &str = "Try signing out at your company's sign-in service too";
const ALSO: &str = "Also sign out at your company's sign-in service";

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// What the menu of a browser's dashboard says of the provider.
async fn offered(world: &World, browser: &Browser) -> &'static str {
    let page = browser.get(&world.at("/t/acme")).await;
    let body = page.body.replace("&#39;", "'");
    match (body.contains(&format!(">{TRY}</button>")), body.contains(&format!(">{ALSO}</button>"))) {
        (true, false) => "try",
        (false, true) => "also",
        (false, false) => "nothing",
        (true, true) => panic!("both: {body}"),
    }
}

/// As far as the provider: the answer that brings the browser back, which is not followed.
async fn to_provider_and_back(world: &World, browser: &Browser) -> Answer {
    let out = sign_out(world, browser, "acme", &TOO).await;
    let request = out.location().expect("the way to the provider");
    assert!(request.as_str().starts_with(&format!("{}/logout?", world.idp.issuer("acme"))), "{request}");
    browser.get(request.as_str()).await
}

fn is_tested(world: &World) -> bool {
    connection(world, "acme").logout_tested
}

fn tests_on_record(world: &World) -> usize {
    eyes::times(&world.node.house.database, "acme", Act::LogoutTested)
}

/// A world where everybody of `acme` is offered it: an admin has tried.
async fn tried(world: &World) {
    register_ours(world, "acme", "acme");
    let ada = world.sign_in("acme", "ada@acme.test").await;
    let back = to_provider_and_back(world, &ada).await;
    ada.follow(back).await;
    assert!(is_tested(world));
}

on_both! {
    async fn an_admin_tries_it_and_then_everybody_is_offered_it(db) {
        let world = World::new(db).await;
        let (ada, bob) = (world.sign_in("acme", "ada@acme.test").await, world.sign_in("acme", "bob@acme.test").await);
        assert_eq!((offered(&world, &ada).await, offered(&world, &bob).await), ("nothing", "nothing"));
        register_ours(&world, "acme", "acme");
        assert_eq!((offered(&world, &ada).await, offered(&world, &bob).await), ("try", "nothing"));

        let out = sign_out(&world, &ada, "acme", &TOO).await;
        assert_eq!(world.sessions_of("acme"), 1, "hers has ended before the provider was asked");
        let request = out.location().unwrap();
        assert_eq!(parameter(&request, "client_id").as_deref(), Some("client-of-acme"));
        assert_eq!(parameter(&request, "post_logout_redirect_uri"), Some(world.at("/t/acme/signed-out")));
        assert_eq!(parameter(&request, "id_token_hint").unwrap().split('.').count(), 3);
        assert_eq!(world.idp.sids("acme", "ada@acme.test").len(), 1);
        assert_eq!(last_sign_out(&world, "acme")["at_idp"], true);
        let waiting = ada.get(&world.at("/t/acme/signed-out")).await;
        assert!(text(&waiting).contains(PERHAPS), "she is not back yet: {}", waiting.body);

        let back = ada.get(request.as_str()).await;
        let way = back.location().unwrap();
        assert_eq!((way.path(), parameter(&way, "state")), ("/t/acme/signed-out", parameter(&request, "state")));
        assert!(world.idp.sids("acme", "ada@acme.test").is_empty());
        assert!(!is_tested(&world));
        let page = ada.follow(back).await;
        assert_eq!((page.url.path(), page.url.query()), ("/t/acme/signed-out", None), "the state is out of sight");
        assert!(text(&page).contains(ENDED), "{}", page.body);
        assert!(is_tested(&world));
        let record = eyes::record(&world.node.house.database, "acme");
        let entry = record.iter().find(|entry| entry.act == Some(Act::LogoutTested)).unwrap();
        let her = eyes::person(&world.node.house.database, "acme", "ada@acme.test").person.id;
        assert_eq!(entry.actor, Actor::Person(her));
        assert_eq!(offered(&world, &bob).await, "also");
        let before = ada.get(&world.at("/t/acme/team")).await;
        assert_eq!((before.status, before.heading()), (200, "You are signed out of Acme"));
        let chooser = ada.open(&world.at("/t/acme/login")).await;
        assert!(chooser.hidden("request").is_some(), "the provider asks who it is: {}", chooser.url);
    }

    async fn a_member_who_asks_too_early_is_signed_out_here_alone(db) {
        let world = World::new(db).await;
        register_ours(&world, "acme", "acme");
        let bob = world.sign_in("acme", "bob@acme.test").await;
        let out = sign_out(&world, &bob, "acme", &TOO).await;
        assert_eq!(leads_to(&out), "/t/acme/signed-out");
        assert!(text(&bob.follow(out).await).contains(PERHAPS));
        assert_eq!((world.idp.sids("acme", "bob@acme.test").len(), world.idp.counts("acme").end_session), (1, 0));
        assert_eq!(last_sign_out(&world, "acme")["at_idp"], false);
    }

    async fn without_a_registered_address_nobody_goes_there(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let out = sign_out(&world, &ada, "acme", &TOO).await;
        assert_eq!(leads_to(&out), "/t/acme/signed-out");
        assert_eq!(world.idp.counts("acme").end_session, 0);
        assert!(!is_tested(&world));
    }

    async fn a_provider_without_a_sign_out_is_not_offered(db) {
        let world = World::new(db).await;
        register_ours(&world, "acme", "acme");
        world.idp.misbehave("acme", DiscoveryFault::OnlyTheRequired);
        let ada = world.sign_in("acme", "ada@acme.test").await;
        assert_eq!(offered(&world, &ada).await, "nothing");
        assert_eq!(leads_to(&sign_out(&world, &ada, "acme", &TOO).await), "/t/acme/signed-out");
    }

    async fn a_state_that_is_forged_old_or_foreign_changes_nothing(db) {
        let world = World::new(db).await;
        register_ours(&world, "acme", "acme");
        register_ours(&world, "acme-labs", "acme");
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let way = to_provider_and_back(&world, &ada).await.location().unwrap();
        let state = parameter(&way, "state").unwrap();
        let errand = ada.cookie("td-out-acme").unwrap();

        let told = async |browser: &Browser, address: &str, what: &str| {
            let page = browser.get(address).await;
            assert_eq!((page.status, page.code()), (200, None), "{what}");
            assert!(text(&page).contains(PERHAPS), "{what}: {}", page.body);
            assert!(!is_tested(&world) && !connection(&world, "acme-labs").logout_tested, "{what}");
        };
        let (first, rest) = state.split_at(1);
        let bent = format!("{}{rest}", if first == "A" { "B" } else { "A" });
        for forged in ["", "x", bent.as_str(), &state[..state.len() - 1], &format!("{state}A"), &"A".repeat(5000)] {
            told(&ada, &world.at(&format!("/t/acme/signed-out?state={forged}")), "forged").await;
        }
        told(&Browser::default(), way.as_str(), "in another browser").await;
        let other = world.sign_in("acme", "ada@acme.test").await;
        to_provider_and_back(&world, &other).await;
        told(&other, way.as_str(), "in another browser that was there itself").await;
        let elsewhere = Browser::default();
        elsewhere.set_cookie("td-out-acme-labs", &errand);
        told(&elsewhere, &way.as_str().replace("/t/acme/", "/t/acme-labs/"), "for another team").await;
        for (header, value) in [("sec-purpose", "prefetch"), ("sec-fetch-dest", "iframe")] {
            let page = ada.get_with(way.as_str(), &[(header, value)]).await;
            assert_eq!((page.status, is_tested(&world)), (200, false), "{header}");
        }
        world.clock.forward(Duration::from_mins(61));
        told(&ada, way.as_str(), "old").await;
        assert_eq!(tests_on_record(&world), 0);
    }

    async fn a_state_is_worth_nothing_after_a_change_of_the_settings(db) {
        let world = World::new(db).await;
        register_ours(&world, "acme", "acme");
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let way = to_provider_and_back(&world, &ada).await.location().unwrap();
        let secret = vocabulary::ClientSecret::parse("another-practice-secret-of-acme");
        world.set("acme", &Edit { client_secret: secret, ..Edit::default() });
        let page = ada.open(way.as_str()).await;
        assert!(text(&page).contains(PERHAPS) && !is_tested(&world));
    }

    async fn a_state_counts_once(db) {
        let world = World::new(db).await;
        register_ours(&world, "acme", "acme");
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let way = to_provider_and_back(&world, &ada).await.location().unwrap();
        ada.open(way.as_str()).await;
        assert_eq!(tests_on_record(&world), 1);
        assert!(text(&ada.open(way.as_str()).await).contains(ENDED), "a reload says what is so");
        register(&world, "acme", "acme", &world.at("/elsewhere"));
        assert!(!is_tested(&world), "another address is another matter");
        register_ours(&world, "acme", "acme");
        world.sign_in_with(&ada, "acme", "ada@acme.test").await;
        sign_out(&world, &ada, "acme", &[]).await;
        assert!(text(&ada.open(way.as_str()).await).contains(PERHAPS), "it was for an earlier sign-out");
        assert_eq!((tests_on_record(&world), is_tested(&world)), (1, false));
    }

    async fn a_second_test_of_the_same_settings_is_not_recorded_again(db) {
        let world = World::new(db).await;
        register_ours(&world, "acme", "acme");
        let (one, two) = (world.sign_in("acme", "ada@acme.test").await, world.sign_in("acme", "ada@acme.test").await);
        let ways = [to_provider_and_back(&world, &one).await, to_provider_and_back(&world, &two).await];
        for (browser, back) in [&one, &two].into_iter().zip(ways) {
            assert!(text(&browser.follow(back).await).contains(ENDED));
        }
        assert_eq!(tests_on_record(&world), 1);
    }

    async fn whatever_the_provider_does_the_session_here_has_ended(db) {
        let world = World::new(db).await;
        tried(&world).await;
        // A node that never spoke to the provider does not know its address, and now it can't be asked.
        let fresh = world.second_node();
        let bob = world.sign_in("acme", "bob@acme.test").await;
        world.idp.misbehave("acme", mock_idp::Misbehaviour::Wire(Endpoint::Discovery, WireFault::Unavailable));
        let csrf = bob.get(&fresh.at("/t/acme")).await.hidden("csrf").unwrap();
        let form = [("csrf", csrf.as_str()), ("at_idp", "1")];
        let out = bob.post(&fresh.at("/t/acme/logout"), &form).await;
        assert_eq!((out.status, leads_to(&out)), (303, "/t/acme/signed-out".to_owned()));
        assert_eq!(world.sessions_of("acme"), 0);
        let page = bob.get(&fresh.at("/t/acme/signed-out")).await;
        let says = "We could not sign you out at your company's sign-in service, so you may still be signed in there.";
        assert!(text(&page).contains(says), "{}", page.body);
    }

    async fn an_address_that_the_provider_does_not_know_ends_the_session_here_alone(db) {
        let world = World::new(db).await;
        register_ours(&world, "acme", "acme");
        world.idp.edit_client("acme", "client-of-acme", |client| client.post_logout_redirect_uris.clear());
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let refused = to_provider_and_back(&world, &ada).await;
        assert_eq!((refused.status, refused.location()), (400, None), "the provider's own page");
        assert!(!is_in(&world, &ada, "acme").await && !is_tested(&world));
        assert!(text(&ada.get(&world.at("/t/acme/signed-out")).await).contains(PERHAPS));
    }

    async fn it_goes_with_the_other_ways_out(db) {
        let world = World::new(db).await;
        tried(&world).await;
        let (here, there) = (world.sign_in("acme", "bob@acme.test").await, world.sign_in("acme", "bob@acme.test").await);
        world.sign_in_with(&here, "globex", "han@globex.test").await;
        let fields = [("everywhere", "1"), ("browser", "1"), ("at_idp", "1")];
        let out = sign_out(&world, &here, "acme", &fields).await;
        let page = here.follow(out).await;
        let words = text(&page);
        assert!(words.contains("Your sessions with Acme have ended in every browser, and so has every other team's in this one."), "{words}");
        assert!(words.contains(ENDED) && words.contains("You may still be signed in at the sign-in services of your other teams."), "{words}");
        assert!(!is_in(&world, &there, "acme").await);
        let globex = here.get(&world.at("/t/globex")).await;
        assert_eq!((globex.status, globex.heading()), (200, "You are signed out of Globex"));
        assert_eq!(last_sign_out(&world, "globex")["at_idp"], false, "its provider was not asked");
    }

    async fn an_address_elsewhere_stands_by_the_operators_word(db) {
        let world = World::new(db).await;
        register(&world, "acme", "acme", "https://ledger.test/goodbye");
        let bob = world.sign_in("acme", "bob@acme.test").await;
        assert_eq!(offered(&world, &bob).await, "also");
        let policy = bob.get(&world.at("/t/acme")).await.header("content-security-policy").unwrap().to_owned();
        let provider = Url::parse(world.idp.base()).unwrap().origin().ascii_serialization();
        assert!(policy.contains(&format!("form-action 'self' {provider} https://ledger.test;")), "{policy}");
        let back = to_provider_and_back(&world, &bob).await.location().unwrap();
        assert!(back.as_str().starts_with("https://ledger.test/goodbye?state="), "{back}");
        assert!(!is_tested(&world));
        assert_eq!(bob.get(&world.at("/t/acme/team")).await.heading(), "You are signed out of Acme");
    }

    async fn pages_name_where_their_sign_out_may_end(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let policy = async |node: &support::Node| {
            let page = ada.get(&node.at("/t/acme/team")).await;
            page.header("content-security-policy").unwrap().to_owned()
        };
        assert!(policy(&world.node).await.contains("; form-action 'self'; "));
        register_ours(&world, "acme", "acme");
        // The settings are new: nobody has asked the provider with them yet.
        assert!(!policy(&world.node).await.contains("form-action"));
        world.sign_in("acme", "bob@acme.test").await;
        let provider = Url::parse(world.idp.base()).unwrap().origin().ascii_serialization();
        assert!(policy(&world.node).await.contains(&format!("; form-action 'self' {provider}; ")));
        assert!(!policy(&world.second_node()).await.contains("form-action"));
        let out = ada.get(&world.at("/login")).await;
        assert!(out.header("content-security-policy").unwrap().contains("; form-action 'self'; "));
    }

    async fn an_id_token_too_long_for_an_address_is_left_out(db) {
        let world = World::new(db).await;
        tried(&world).await;
        world.idp.misbehave("acme", ProfileFault::NameLong);
        let bob = world.sign_in("acme", "bob@acme.test").await;
        let out = sign_out(&world, &bob, "acme", &TOO).await;
        let request = out.location().unwrap();
        assert_eq!(parameter(&request, "id_token_hint"), None);
        assert!(request.as_str().len() < 1000);
        assert!(text(&bob.follow(out).await).contains(ENDED), "the provider knows the browser by its own cookie");
    }

    async fn the_operator_sees_whether_it_was_tested(db) {
        let world = World::new(db).await;
        let token = support::command(&world, db, &["operator", "add-token", "eyes"]).out;
        let bearer = format!("Bearer {}", token.trim());
        let seen = async || {
            let answer = Browser::default().get_with(&world.at("/api/v1/teams/acme"), &[("authorization", &bearer)]).await;
            answer.json()["connection"]["logout_tested"].clone()
        };
        assert_eq!(seen().await, false);
        tried(&world).await;
        assert_eq!(seen().await, true);
    }
}
