//! Rivals at one token, a program whose maker is demoted while it works, and what must not outlive what.

use audit::Act;
use support::{World, on_both};
use tokens::team::{Page, Seen};
use tokio::task::JoinSet;

use super::{ADA, BOB, Token, act, ask, change, choose, deeds, kept, make, send_form, who};
use crate::eyes;

const ROUNDS: usize = 12;

/// Both post the same form about a token at once; their statuses and codes.
async fn both(world: &World, token: &Token, act: &str) -> Vec<(u16, Option<String>)> {
    let address = world.at(&format!("/t/acme/tokens/{}/{act}", token.id));
    let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
    let mut forms = Vec::new();
    for browser in [&ada, &bob] {
        let page = browser.get(&address).await;
        forms.push((page.hidden("csrf").unwrap(), page.hidden("version").unwrap()));
    }
    let form = |n: usize| [("csrf", forms[n].0.as_str()), ("version", forms[n].1.as_str())];
    let (ones, others) = (form(0), form(1));
    let (one, other) = tokio::join!(ada.post(&address, &ones), bob.post(&address, &others));
    [one, other].map(|answer| (answer.status, answer.code().map(str::to_owned))).to_vec()
}

on_both! {
    async fn of_two_who_rotate_at_once_one_wins(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        for round in 1..=ROUNDS {
            let token = make(&world, &ada, &format!("number {round}"), "product").await;
            let mut got = both(&world, &token, "rotate").await;
            got.sort();
            assert_eq!(got, [(303, None), (409, Some("version_conflict".to_owned()))], "round {round}");
            assert_eq!(who(&world.node, &token.value).await.status, 401);
            assert_eq!(eyes::times(&world.node.house.database, "acme", Act::TeamTokenRotated), round);
        }
    }

    async fn two_who_revoke_at_once_leave_one_deed(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        for round in 1..=ROUNDS {
            let token = make(&world, &ada, &format!("number {round}"), "product").await;
            assert_eq!(both(&world, &token, "revoke").await, [(303, None), (303, None)], "round {round}");
            assert_eq!(who(&world.node, &token.value).await.status, 401);
            assert_eq!(eyes::times(&world.node.house.database, "acme", Act::TeamTokenRevoked), round);
        }
    }

    async fn the_last_place_is_taken_once(db) {
        let world = World::new(db).await;
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        for n in 0..tokens::team::MOST - 1 {
            assert_eq!(send_form(&world, &bob, &[("name", &format!("number {n}")), ("lasts", "")]).await.status, 303);
        }
        for _ in 0..3 {
            let form = [("name", "the last one"), ("lasts", "")];
            let (one, other) = tokio::join!(send_form(&world, &ada, &form), send_form(&world, &bob, &form));
            let mut got = [one.status, other.status];
            got.sort_unstable();
            assert_eq!(got, [303, 409]);
            let won = if one.status == 303 { &one } else { &other };
            let id = won.location().unwrap().query_pairs().find(|(name, _)| name == "token").unwrap().1.into_owned();
            let token = Token { id, value: String::new() };
            assert_eq!(act(&world, &ada, &token, "revoke").await.status, 303);
        }
    }

    async fn once_its_maker_is_demoted_a_program_changes_nothing_more(db) {
        let world = World::new(db).await;
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        for round in 0..3 {
            change(&world, &ada, "Bob Kahn", "role", &[("role", "admin")]).await;
            let token = make(&world, &bob, &format!("busy {round}"), "team:admin").await;
            let mut working = JoinSet::new();
            for _ in 0..4 {
                let (base, value) = (world.node.base.clone(), token.value.clone());
                working.spawn(busy(base, value));
            }
            tokio::time::sleep(std::time::Duration::from_millis(60)).await;
            change(&world, &ada, "Bob Kahn", "role", &[("role", "member")]).await;
            let made_by_then = deeds(&world).len();
            while let Some(stopped) = working.join_next().await {
                assert_eq!(stopped.unwrap(), 401, "it is told so, and nothing worse");
            }
            assert_eq!(deeds(&world).len(), made_by_then, "after the demotion was answered nothing was made");
            assert_eq!(ask(&world.node, "GET", "/teams/acme/people", &token.value, "").await.status, 401);
            for (id, _) in tokens_of(&world) {
                act(&world, &ada, &Token { id, value: String::new() }, "revoke").await;
            }
        }
    }
}

/// How many personal tokens of acme are alive.
fn personal_alive(world: &World) -> usize {
    kept(world).iter().filter(|(_, personal, _, revoked)| *personal && !revoked).count()
}

on_both! {
    async fn no_rotation_and_no_making_outlives_a_deactivation(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        choose(&world, &ada, "personal", "no").await;
        for round in 0..ROUNDS {
            let bob = world.sign_in("acme", BOB).await;
            let token = make(&world, &bob, &format!("number {round}"), "product").await;
            let address = world.at(&format!("/t/acme/tokens/{}/rotate", token.id));
            let csrf = bob.get(&address).await.hidden("csrf").unwrap();
            let team = world.team_page(&ada, "acme").await;
            let rotate = [("csrf", csrf.as_str()), ("version", "1")];
            let another = [("csrf", csrf.as_str()), ("name", "another"), ("scope", "product"), ("lasts", "")];
            let list = world.at("/t/acme/tokens");
            let (rotated, made, off) = tokio::join!(
                bob.post(&address, &rotate),
                bob.post(&list, &another),
                world.change(&ada, &team, "Bob Kahn", "deactivate", &[]),
            );
            assert_eq!(off.status, 303, "round {round}: {}", off.body);
            for answer in [&rotated, &made] {
                assert!([303, 401, 404].contains(&answer.status), "round {round}: {} {}", answer.status, answer.body);
            }
            assert_eq!(personal_alive(&world), 0, "round {round}");
            change(&world, &ada, "Bob Kahn", "activate", &[]).await;
        }
    }

    async fn no_making_outlives_a_sign_out_everywhere_on_another_node(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let ada = world.sign_in("acme", ADA).await;
        choose(&world, &ada, "personal", "no").await;
        for round in 0..ROUNDS {
            let bob = world.sign_in("acme", BOB).await;
            let csrf = bob.get(&world.at("/t/acme/tokens")).await.hidden("csrf").unwrap();
            let team = world.team_page(&ada, "acme").await;
            let form = [("csrf", csrf.as_str()), ("name", "another"), ("scope", "product"), ("lasts", "")];
            let list = other.at("/t/acme/tokens");
            let (made, out) = tokio::join!(bob.post(&list, &form), world.change(&ada, &team, "Bob Kahn", "sign-out", &[]));
            assert_eq!(out.status, 303, "round {round}: {}", out.body);
            assert!([303, 401].contains(&made.status), "round {round}: {} {}", made.status, made.body);
            assert_eq!(personal_alive(&world), 0, "round {round}: a session that has ended leaves no token behind");
        }
    }

    async fn nobody_reads_a_value_after_reading_was_turned_off(db) {
        let world = World::new(db).await;
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        for round in 0..ROUNDS {
            choose(&world, &ada, "shared", "yes").await;
            let token = make(&world, &bob, &format!("number {round}"), "product").await;
            let address = world.at(&format!("/t/acme/tokens/{}/reveal", token.id));
            let csrf = bob.get(&address).await.hidden("csrf").unwrap();
            let form = [("csrf", csrf.as_str())];
            let (read, ()) = tokio::join!(bob.post(&address, &form), choose(&world, &ada, "shared", "no"));
            let of = |act| eyes::record(&world.node.house.database, "acme").into_iter().find(|entry| entry.act == Some(act));
            match (read.status, read.code()) {
                (200, _) => {
                    assert!(read.body.contains(&token.value));
                    assert!(of(Act::TeamTokenRevealed).unwrap().n < of(Act::TokensChosen).unwrap().n, "round {round}");
                }
                refused => assert_eq!(refused, (409, Some("token_not_kept")), "round {round}"),
            }
            assert!(kept(&world).iter().all(|(_, _, value, _)| value.is_none()), "round {round}");
        }
    }

    async fn no_value_is_kept_by_a_rotation_that_meets_turning_it_off(db) {
        let world = World::new(db).await;
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        for round in 0..ROUNDS {
            choose(&world, &ada, "shared", "yes").await;
            let token = make(&world, &bob, &format!("number {round}"), "product").await;
            let (rotated, ()) = tokio::join!(act(&world, &bob, &token, "rotate"), choose(&world, &ada, "shared", "no"));
            assert_eq!(rotated.status, 303, "round {round}");
            assert!(kept(&world).iter().all(|(_, _, value, _)| value.is_none()), "round {round}");
        }
    }
}

/// Makes tokens until that is refused; the status that ended it. At the limit it goes on asking.
async fn busy(base: String, value: String) -> u16 {
    let client = reqwest::Client::builder().tls_certs_only([]).no_proxy().build().unwrap();
    loop {
        let request = client.post(format!("{base}/api/v1/teams/acme/tokens")).bearer_auth(&value);
        let request =
            request.header("content-type", "application/json").body(r#"{"name":"made by a program"}"#);
        let status = request.send().await.unwrap().status().as_u16();
        if status != 201 && status != 409 {
            return status;
        }
    }
}

/// Ids and names of the team's tokens.
fn tokens_of(world: &World) -> Vec<(String, String)> {
    use vocabulary::Clock as _;
    let (house, now) = (&world.node.house, world.clock.now());
    let (limits, page) = (house.token_limits(), Page { after: None, limit: 1000 });
    let all =
        house.database.read(|c| tokens::team::list(c, &eyes::team("acme"), &Seen::All, page, limits, now));
    let all = all.unwrap();
    all.into_iter().map(|token| (token.id, token.name)).collect()
}
