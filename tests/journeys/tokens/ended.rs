//! What ends somebody's personal tokens, for good and everywhere; and what does not.

use audit::{Act, Actor};
use mock_idp::LogoutOf;
use support::{Browser, Node, World, command, on_both};

use super::{ADA, BOB, Token, ask, change, choose, deeds, make, soon, who};
use crate::eyes;
use crate::from_outside::{CLIENT, email, revocation_token, revoke, tell};

/// The ways out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Deactivated,
    DeactivatedByApi,
    Erased,
    SignedOutByAnAdmin,
    SignedOutByApi,
    SignedOutAtTheCommandLine,
    SignedOutInEveryBrowser,
    RevokedByTheProvider,
}

const WAYS: [Way; 8] = [
    Way::Deactivated,
    Way::DeactivatedByApi,
    Way::SignedOutByAnAdmin,
    Way::SignedOutByApi,
    Way::SignedOutAtTheCommandLine,
    Way::SignedOutInEveryBrowser,
    Way::RevokedByTheProvider,
    Way::Erased,
];

/// Everybody at hand.
struct Cast<'a> {
    world: &'a World,
    other: Node,
    db: &'a support::TestDatabase,
    ada: Browser,
    operator: String,
}

impl Cast<'_> {
    async fn go(&self, way: Way, bob: &Browser) {
        let (world, ada) = (self.world, &self.ada);
        let person = eyes::person(&world.node.house.database, "acme", BOB).person.id;
        let address = format!("/teams/acme/people/{person}");
        let api = |method: &'static str, path: String, body: &'static str| async move {
            ask(&world.node, method, &path, &self.operator, body).await.status
        };
        match way {
            Way::Deactivated => change(world, ada, "Bob Kahn", "deactivate", &[]).await,
            Way::DeactivatedByApi => assert_eq!(api("PATCH", address, r#"{"active":false}"#).await, 200),
            Way::Erased => {
                change(world, ada, "Bob Kahn", "erase", &[("confirm", "yes"), ("typed", "acme")]).await;
            }
            Way::SignedOutByAnAdmin => change(world, ada, "Bob Kahn", "sign-out", &[]).await,
            Way::SignedOutByApi => assert_eq!(api("DELETE", format!("{address}/sessions"), "").await, 204),
            Way::SignedOutAtTheCommandLine => {
                let said = command(world, self.db, &["person", "sign-out", "acme", BOB]);
                assert!(said.done && said.err.contains("personal tokens: 2"), "{}", said.err);
            }
            Way::SignedOutInEveryBrowser => {
                let csrf = bob.get(&world.at("/t/acme")).await.hidden("csrf").unwrap();
                let form = [("csrf", csrf.as_str()), ("everywhere", "1")];
                assert_eq!(bob.post(&world.at("/t/acme/logout"), &form).await.status, 303);
            }
            Way::RevokedByTheProvider => {
                assert_eq!(
                    revoke(&world.node, "acme", &revocation_token(world), &email(BOB)).await.status,
                    204
                );
            }
        }
    }

    /// Whose name the ends stand in.
    fn actor(&self, way: Way, bob: &Actor) -> Actor {
        match way {
            Way::Deactivated | Way::Erased | Way::SignedOutByAnAdmin => {
                Actor::Person(eyes::person(&self.world.node.house.database, "acme", ADA).person.id)
            }
            Way::DeactivatedByApi | Way::SignedOutByApi => Actor::Operator("deploy".to_owned()),
            Way::SignedOutAtTheCommandLine => Actor::CommandLine,
            Way::SignedOutInEveryBrowser => bob.clone(),
            Way::RevokedByTheProvider => Actor::IdentityProvider,
        }
    }
}

on_both! {
    async fn whoever_is_out_is_out_with_all_their_tokens_for_good_on_every_node(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let operator = command(&world, db, &["operator", "add-token", "deploy"]).out.trim().to_owned();
        let cast = Cast { world: &world, other: world.second_node(), db, ada, operator };
        let first = world.sign_in("acme", BOB).await;
        let shared = make(&world, &first, "build-server", "product").await;
        choose(&world, &cast.ada, "personal", "no").await;
        let hers = make(&world, &cast.ada, "hers", "product").await;
        for way in WAYS {
            let bob = world.sign_in("acme", BOB).await;
            let himself = Actor::Person(eyes::person(&world.node.house.database, "acme", BOB).person.id);
            let own: [Token; 2] = [make(&world, &bob, "laptop", "product").await, make(&world, &bob, "script", "product").await];
            for (node, token) in [(&world.node, &own[0]), (&cast.other, &own[0]), (&world.node, &own[1])] {
                assert_eq!(who(node, &token.value).await.status, 200, "{way:?}: both nodes have copies now");
            }
            let before = deeds(&world).len();
            cast.go(way, &bob).await;
            for token in &own {
                if way != Way::SignedOutAtTheCommandLine {
                    assert_eq!(who(&world.node, &token.value).await.status, 401, "{way:?}: at once");
                }
                soon("the first node", || async { who(&world.node, &token.value).await.status == 401 }).await;
                soon("the other node", || async { who(&cast.other, &token.value).await.status == 401 }).await;
            }
            let ends = deeds(&world);
            let ends = &ends[..ends.len() - before];
            assert_eq!(ends.len(), 2, "{way:?}");
            for end in ends {
                assert_eq!((end.act, &end.actor), (Some(Act::TeamTokenRevoked), &cast.actor(way, &himself)), "{way:?}");
            }
            if matches!(way, Way::Deactivated | Way::DeactivatedByApi) {
                change(&world, &cast.ada, "Bob Kahn", "activate", &[]).await;
            }
            if way != Way::Erased {
                world.clock.forward(std::time::Duration::from_secs(1));
                world.sign_in("acme", BOB).await;
            }
            for token in &own {
                assert_eq!(who(&world.node, &token.value).await.status, 401, "{way:?}: nothing brings it back");
            }
            for token in [&shared, &hers] {
                assert_eq!(who(&world.node, &token.value).await.status, 200, "{way:?}: nobody else's");
            }
        }
        let gone = who(&world.node, &shared.value).await;
        assert_eq!(gone.status, 200);
        let list = cast.ada.get(&world.at("/t/acme/tokens")).await;
        assert!(list.row("build-server").unwrap().contains("Maker left"), "the shared one of whoever has left is flagged");
        let listed = ask(&world.node, "GET", "/teams/acme/tokens", &cast.operator, "").await.json();
        let flagged = |name: &str| listed["items"].as_array().unwrap().iter().find(|token| token["name"] == name).unwrap()["maker_left"].clone();
        assert_eq!((flagged("build-server"), flagged("hers")), (true.into(), false.into()));
        assert!(command(&world, db, &["token", "list", "acme"]).out.contains("build-server  (maker left)"));
    }

    async fn one_browser_and_a_word_about_sessions_end_no_token(db) {
        let world = World::new(db).await;
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        choose(&world, &ada, "personal", "no").await;
        let own = make(&world, &bob, "laptop", "product").await;
        let csrf = bob.get(&world.at("/t/acme")).await.hidden("csrf").unwrap();
        assert_eq!(bob.post(&world.at("/t/acme/logout"), &[("csrf", &csrf), ("browser", "1")]).await.status, 303);
        assert_eq!(who(&world.node, &own.value).await.status, 200, "another browser's matter");
        let again = world.sign_in("acme", BOB).await;
        let subject = eyes::person(&world.node.house.database, "acme", BOB).person.subject;
        let token = world.idp.sign_logout_token("acme", CLIENT, LogoutOf::Subject(&subject));
        assert_eq!(tell(&world.node, "acme", &token).await.status, 200);
        assert_eq!(again.get(&world.at("/t/acme")).await.status, 303, "the session has ended");
        assert_eq!(who(&world.node, &own.value).await.status, 200, "back-channel logout speaks of sessions");
        change(&world, &ada, "Bob Kahn", "role", &[("role", "admin")]).await;
        change(&world, &ada, "Bob Kahn", "role", &[("role", "member")]).await;
        assert_eq!(who(&world.node, &own.value).await.status, 200);
        world.suspend("acme");
        assert_eq!(who(&world.node, &own.value).await.status, 401);
        world.resume("acme");
        assert_eq!(who(&world.node, &own.value).await.status, 200, "a team that was closed is open again with all it had");
    }
}
