//! Floods: made-up tokens cost the provider and the database nothing, and a provider that tells much keeps
//! neither the database nor other teams busy.

use std::rc::Rc;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use mock_idp::{LogoutOf, SignatureFault};
use serde_json::json;
use storage::schema::{change_counter, ended_at_idp, heard_tokens};
use storage::{StorageError, each};
use support::{Browser, World, on_both};

use super::{
    BOB, CLIENT, REVOCATION, email, is_in, revocation_claims, revocation_token, revoke, send, subject, tell,
};

const MADE_UP: usize = 500;
/// Far longer than a sign-in takes, even while other tests run beside it.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many tokens were heard, how many words are kept, and the number of the last change.
fn written(world: &World) -> (i64, i64, i64) {
    let rows = world.node.house.database.read(|connection| {
        let heard: i64 = each!(connection, c => heard_tokens::table.count().get_result(c))?;
        let kept: i64 = each!(connection, c => ended_at_idp::table.count().get_result(c))?;
        let changes: i64 =
            each!(connection, c => change_counter::table.select(change_counter::n).get_result(c))?;
        Ok::<_, StorageError>((heard, kept, changes))
    });
    rows.unwrap()
}

on_both! {
    async fn made_up_keys_are_asked_for_once_in_thirty_seconds_and_good_ones_kept(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", BOB).await;
        let sub = subject(&world, "acme", BOB);
        let (before, rows) = (world.idp.counts("acme"), written(&world));
        let logout = world.idp.logout_claims("acme", CLIENT, LogoutOf::Subject(&sub));
        let revocation = revocation_claims(&world);
        for _ in 0..MADE_UP / 2 {
            let unknown = |typ, claims| world.idp.sign_despite("acme", typ, claims, SignatureFault::KidUnknown, CLIENT);
            assert_eq!(tell(&world.node, "acme", &unknown("logout+jwt", &logout)).await.status, 400);
            assert_eq!(revoke(&world.node, "acme", &unknown(REVOCATION, &revocation), &email(BOB)).await.status, 401);
        }
        let asked = world.idp.counts("acme");
        assert!(asked.keys - before.keys <= 1, "{} times in half a minute", asked.keys - before.keys);
        assert_eq!(asked.discovery, before.discovery);
        assert_eq!(written(&world), rows, "junk leaves nothing behind");
        assert!(is_in(&world.node, &bob, "acme").await);
        assert!(is_in(&world.node, &world.sign_in("acme", "ada@acme.test").await, "acme").await, "the good keys are kept");

        world.clock.forward(Duration::from_secs(31));
        world.idp.rotate_keys("acme");
        let token = world.idp.sign_logout_token("acme", CLIENT, LogoutOf::Subject(&sub));
        assert_eq!(tell(&world.node, "acme", &token).await.status, 200, "new keys are found afterwards");
        assert!(!is_in(&world.node, &bob, "acme").await);
    }

    async fn a_provider_that_tells_much_at_once_is_heard_and_keeps_nobody_waiting(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", BOB).await;
        let sub = subject(&world, "acme", BOB);
        let address = world.at("/t/acme/backchannel_logout");
        let (mut flood, provider) = (Vec::new(), Rc::new(Browser::default()));
        for n in 0..300 {
            let named = format!("session-{n}");
            let of = if n == 299 { LogoutOf::Subject(&sub) } else { LogoutOf::Session(&named) };
            let (address, token) = (address.clone(), world.idp.sign_logout_token("acme", CLIENT, of));
            let provider = Rc::clone(&provider);
            flood.push(tokio::task::spawn_local(async move {
                provider.post(&address, &[("logout_token", &token)]).await
            }));
        }
        let started = Instant::now();
        let gil = world.sign_in("globex", "gil@globex.test").await;
        assert!(is_in(&world.node, &gil, "globex").await);
        let took = started.elapsed();
        assert!(took < PATIENCE, "another team's sign-in took {took:?}");
        let mut heard = 0;
        for answer in flood {
            let answer = answer.await.unwrap();
            if answer.status == 200 {
                heard += 1;
            } else {
                assert_eq!((answer.status, answer.json()["code"].as_str()), (503, Some("provider_busy")));
                assert!(answer.header("retry-after").is_some());
            }
        }
        eprintln!("heard {heard} of 300; a sign-in of another team took {took:?}");
        assert!(heard > 0);
        if is_in(&world.node, &bob, "acme").await {
            let token = world.idp.sign_logout_token("acme", CLIENT, LogoutOf::Subject(&sub));
            assert_eq!(tell(&world.node, "acme", &token).await.status, 200, "said again after the flood");
        }
        assert!(!is_in(&world.node, &bob, "acme").await);
    }

    async fn cookies_origins_and_forged_headers_change_nothing_of_what_a_provider_gets(db) {
        let world = World::new(db).await;
        let bob = world.sign_in("acme", BOB).await;
        let headers = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("host", "evil.example"), ("x-forwarded-host", "evil.example")];
        let address = world.at("/t/acme/backchannel_logout");
        let refused = bob.post_with(&address, &[("logout_token", "x")], &headers).await;
        assert_eq!((refused.status, refused.set_cookies().len()), (400, 0));
        assert!(is_in(&world.node, &bob, "acme").await);
        let token = world.idp.sign_logout_token("acme", CLIENT, LogoutOf::Subject(&subject(&world, "acme", BOB)));
        let told = bob.post_with(&address, &[("logout_token", &token)], &headers).await;
        assert_eq!((told.status, told.body.as_str(), told.set_cookies().len()), (200, "", 0));
        assert!(!is_in(&world.node, &bob, "acme").await);

        // `aud` is our public address, whatever Host says.
        let mut claims = revocation_claims(&world);
        claims["aud"] = json!("http://evil.example/t/acme/revoke");
        let bearer = format!("Bearer {}", world.idp.sign("acme", REVOCATION, &claims));
        let mut all = vec![("authorization", bearer.as_str()), ("content-type", "application/json")];
        all.extend(headers);
        assert_eq!(send(&world.node, "acme", &all, &email(BOB)).await.status, 403);
        assert_eq!(revoke(&world.node, "acme", &revocation_token(&world), &email(BOB)).await.status, 204);
    }
}
