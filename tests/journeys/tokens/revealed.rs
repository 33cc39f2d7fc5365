//! Reading a value again: only where the team allows it, only of the product's shared tokens, only by a POST, and never
//! without a trace.

use audit::{Act, Actor};
use support::{Answer, Browser, World, on_both};

use super::{ADA, BOB, Token, act, choose, deeds, kept, make, read, shown, who};
use crate::eyes;

const CYD: &str = "cyd@acme.test";

/// Asks for the value, as the page does: a question, then the form.
async fn reveal(world: &World, browser: &Browser, token: &Token) -> Answer {
    let address = world.at(&format!("/t/acme/tokens/{}/reveal", token.id));
    let csrf = browser.get(&world.at("/t/acme/tokens")).await.hidden("csrf").unwrap();
    browser.post(&address, &[("csrf", &csrf)]).await
}

on_both! {
    async fn where_the_team_allows_it_every_member_reads_a_value_again_and_that_stands_on_the_record(db) {
        let world = World::new(db).await;
        let (ada, bob, cyd) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await, world.sign_in("acme", CYD).await);
        choose(&world, &ada, "shared", "yes").await;
        let token = make(&world, &bob, "build-server", "product").await;
        let sealed = kept(&world)[0].2.clone().unwrap();
        assert!(!sealed.contains(&token.value[4..37]), "sealed, not written down");

        let address = world.at(&format!("/t/acme/tokens/{}/reveal", token.id));
        let list = cyd.get(&world.at("/t/acme/tokens")).await;
        assert!(list.row("build-server").unwrap().contains("/reveal"), "{}", list.body);
        let question = cyd.get(&address).await;
        assert_eq!((question.status, shown(&question)), (200, None));
        assert!(question.body.contains("with your name"), "they are told before: {}", question.body);
        assert_eq!(eyes::times(&world.node.house.database, "acme", Act::TeamTokenRevealed), 0);

        let answer = reveal(&world, &cyd, &token).await;
        assert_eq!((answer.status, shown(&answer).as_deref()), (200, Some(token.value.as_str())));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert!(!format!("{:?}", answer.headers).contains(&token.value[4..37]));
        assert_eq!(shown(&reveal(&world, &ada, &token).await).as_deref(), Some(token.value.as_str()), "by anybody, again");
        let person = |email| Actor::Person(eyes::person(&world.node.house.database, "acme", email).person.id);
        let revealed: Vec<_> = deeds(&world).into_iter().filter(|deed| deed.act == Some(Act::TeamTokenRevealed)).collect();
        assert_eq!(revealed.iter().map(|deed| deed.actor.clone()).collect::<Vec<_>>(), [person(ADA), person(CYD)]);
        assert_eq!(revealed[0].detail, serde_json::json!({ "token": token.id, "scope": "product" }));
        let activity = bob.get(&world.at("/t/acme/activity")).await.body;
        assert!(activity.contains("read the value of the API token <b>build-server</b>"), "{activity}");
        for path in ["/tokens", "/activity", "/team", &format!("/tokens/{}/reveal", token.id)] {
            let page = cyd.get(&world.at(&format!("/t/acme{path}"))).await;
            assert!(!page.body.contains(&token.value[4..37]), "{path}");
        }

        let rotated = act(&world, &bob, &token, "rotate").await;
        let new = read(&bob, rotated).await;
        assert_eq!(shown(&reveal(&world, &cyd, &new).await).as_deref(), Some(new.value.as_str()));
        assert_eq!(act(&world, &bob, &new, "revoke").await.status, 303);
        assert_eq!(reveal(&world, &cyd, &new).await.status, 404);
        assert_eq!(kept(&world)[0].2, None, "nothing is kept of a revoked one");
    }

    async fn reading_again_needs_a_form_of_ours_and_a_session_of_the_team(db) {
        let world = World::new(db).await;
        let (ada, gil) = (world.sign_in("acme", ADA).await, world.sign_in("globex", "gil@globex.test").await);
        choose(&world, &ada, "shared", "yes").await;
        let token = make(&world, &ada, "build-server", "product").await;
        let address = world.at(&format!("/t/acme/tokens/{}/reveal", token.id));
        let elsewhere = world.at(&format!("/t/globex/tokens/{}/reveal", token.id));
        let csrf = gil.get(&world.at("/t/globex/tokens")).await.hidden("csrf").unwrap();
        let answers = [
            (ada.post(&address, &[]).await, 403),
            (ada.post(&address, &[("csrf", &csrf)]).await, 403),
            (gil.post(&address, &[("csrf", &csrf)]).await, 401),
            (gil.post(&elsewhere, &[("csrf", &csrf)]).await, 404),
            (gil.get(&elsewhere).await, 404),
            (Browser::default().post(&address, &[]).await, 401),
        ];
        for (answer, status) in answers {
            assert_eq!((answer.status, shown(&answer)), (status, None), "{}", answer.body);
        }
        assert_eq!(eyes::times(&world.node.house.database, "acme", Act::TeamTokenRevealed), 0);
    }

    async fn what_is_not_kept_is_not_shown(db) {
        let world = World::new(db).await;
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        let before = make(&world, &bob, "made before", "product").await;
        choose(&world, &ada, "shared", "yes").await;
        let admins = make(&world, &ada, "sync", "team:read").await;
        choose(&world, &ada, "personal", "yes").await;
        let own = make(&world, &bob, "laptop", "product").await;
        assert_eq!(kept(&world).iter().filter(|(_, _, value, _)| value.is_some()).count(), 0);
        for (browser, token) in [(&bob, &before), (&ada, &admins), (&bob, &own), (&ada, &own)] {
            let question = browser.get(&world.at(&format!("/t/acme/tokens/{}/reveal", token.id))).await;
            assert_eq!((question.status, question.code()), (409, Some("token_not_kept")));
            let answer = reveal(&world, browser, token).await;
            assert_eq!((answer.status, answer.code(), shown(&answer)), (409, Some("token_not_kept"), None));
        }
        assert_eq!(reveal(&world, &bob, &admins).await.status, 404, "a member does not see it at all");
        let list = ada.get(&world.at("/t/acme/tokens")).await;
        assert!(!list.body.contains("/reveal"), "{}", list.body);
        choose(&world, &ada, "shared", "yes").await;
        let rotated = act(&world, &bob, &before, "rotate").await;
        let kept_now = read(&bob, rotated).await;
        assert_eq!(shown(&reveal(&world, &ada, &kept_now).await), Some(kept_now.value), "rotated, its value is kept");
    }

    async fn turned_off_every_value_is_forgotten_and_nothing_brings_it_back(db) {
        let world = World::new(db).await;
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        choose(&world, &ada, "shared", "yes").await;
        let (one, two) = (make(&world, &bob, "one", "product").await, make(&world, &bob, "two", "product").await);
        assert_eq!(kept(&world).iter().filter(|(_, _, value, _)| value.is_some()).count(), 2);
        choose(&world, &ada, "shared", "no").await;
        assert_eq!(kept(&world).iter().filter(|(_, _, value, _)| value.is_some()).count(), 0);
        choose(&world, &ada, "shared", "yes").await;
        for token in [&one, &two] {
            let answer = reveal(&world, &bob, token).await;
            assert_eq!((answer.status, answer.code()), (409, Some("token_not_kept")));
            assert_eq!(who(&world.node, &token.value).await.status, 200, "it works on");
        }
    }

    async fn a_value_of_another_row_is_not_shown(db) {
        use diesel::prelude::*;
        use storage::schema::team_tokens::dsl;
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        choose(&world, &ada, "shared", "yes").await;
        let (one, two) = (make(&world, &ada, "one", "product").await, make(&world, &ada, "two", "product").await);
        let foreign = kept(&world).into_iter().find(|(name, ..)| name == "two").unwrap().2;
        let database = &world.node.house.database;
        let moved = diesel::update(dsl::team_tokens.filter(dsl::id.eq(one.id.clone()))).set(dsl::value.eq(foreign));
        let now = vocabulary::Clock::now(&world.clock);
        database.write(now, |tx| Ok::<_, storage::StorageError>(storage::each!(&mut **tx, c => moved.execute(c))?)).unwrap();
        let answer = reveal(&world, &ada, &one).await;
        assert_eq!((answer.status, shown(&answer)), (503, None), "sealed for its own token");
        assert_eq!(shown(&reveal(&world, &ada, &two).await), Some(two.value));
    }
}
