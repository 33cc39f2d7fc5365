//! Rivals at one token, and a program whose maker is demoted while it works.

use audit::Act;
use support::{World, on_both};
use tokio::task::JoinSet;

use super::{ADA, BOB, Token, act, ask, change, deeds, make, send_form, who};
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
    let (database, now) = (&world.node.house.database, world.clock.now());
    let all =
        database.read(|c| tokens::team::list(c, &eyes::team("acme"), tokens::team::Seen::All, now)).unwrap();
    all.into_iter().map(|token| (token.id, token.name)).collect()
}
