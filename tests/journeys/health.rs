//! How connections fare, as operators see it in API and command line: every judgement, counts of genuine
//! things alone, two nodes that add up, restarts and changes of settings.

use std::time::{Duration, Instant};

use mock_idp::{Endpoint, TokenFault, WireFault};
use serde_json::{Value, json};
use support::{Answer, Browser, Node, TestDatabase, World, command, on_both};
use teams::Edit;
use vocabulary::{ClientSecret, Issuer};

/// Counts are written down every two seconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// An operator, who asks.
struct Operator(String);

impl Operator {
    fn new(world: &World, db: &TestDatabase) -> Self {
        let token = command(world, db, &["operator", "add-token", "health"]).out;
        Self(format!("Bearer {}", token.trim()))
    }

    async fn answer(&self, node: &Node, team: &str) -> Answer {
        let address = node.at(&format!("/api/v1/teams/{team}/health"));
        Browser::default().get_with(&address, &[("authorization", &self.0)]).await
    }

    async fn ask(&self, node: &Node, team: &str) -> Value {
        let answer = self.answer(node, team).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    /// Asks until the counts are these: started, returned, finished, refused.
    async fn until(&self, node: &Node, team: &str, counts: [i64; 4]) -> Value {
        let begun = Instant::now();
        loop {
            let health = self.ask(node, team).await;
            if self::counts(&health) == counts {
                return health;
            }
            assert!(begun.elapsed() < PATIENCE, "{counts:?}: {health}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn counts(health: &Value) -> [i64; 4] {
    ["started", "returned", "finished", "refused"].map(|name| health[name].as_i64().unwrap())
}

/// Goes to the provider and no further.
async fn start(node: &Node, browser: &Browser, team: &str) -> Answer {
    browser.post(&node.at("/login_sso"), &[("team_id", team)]).await
}

on_both! {
    async fn a_wrong_redirect_uri_shows_as_started_12_returned_0(db) {
        let world = World::new(db).await;
        let operator = Operator::new(&world, db);
        world.idp.edit_client("acme", "client-of-acme", |client| {
            client.redirect_uris = vec![world.at("/t/Acme/callback")];
        });
        for _ in 0..12 {
            let browser = Browser::default();
            let there = start(&world.node, &browser, "acme").await.location().unwrap();
            let page = browser.get(there.as_str()).await;
            assert_eq!((page.status, page.location()), (400, None), "only the provider sees it");
        }
        let health = operator.until(&world.node, "acme", [12, 0, 0, 0]).await;
        assert_eq!(health["judgement"], "nobody_comes_back");
        let remedy = health["remedy"].as_str().unwrap();
        assert!(remedy.contains(&world.at("/t/acme/callback")), "{remedy}");
        assert!(health["metadata_fetched_at"].is_string() && health["last_bad"].is_null(), "{health}");

        let said = command(&world, db, &["team", "health", "acme"]);
        assert!(said.done && said.out.contains("started 12, returned 0"), "{} {}", said.out, said.err);
        assert!(said.out.contains("letter by letter"), "{}", said.out);
        let all = command(&world, db, &["team", "health"]).out;
        assert!(all.starts_with("acme "), "those that are not well come first: {all}");

        // Mended at the provider: whoever comes back is counted, whoever comes in heals.
        world.idp.edit_client("acme", "client-of-acme", |client| {
            client.redirect_uris = vec![world.at("/t/acme/callback")];
        });
        world.sign_in("acme", "ada@acme.test").await;
        let healed = operator.until(&world.node, "acme", [13, 1, 1, 0]).await;
        assert_eq!((&healed["judgement"], &healed["remedy"]), (&json!("well"), &Value::Null));
    }

    async fn a_change_of_the_settings_starts_the_counts_anew_and_a_new_issuer_everything(db) {
        let world = World::new(db).await;
        let operator = Operator::new(&world, db);
        world.sign_in("acme", "ada@acme.test").await;
        let before = operator.until(&world.node, "acme", [1, 1, 1, 0]).await;

        let said = command(&world, db, &["team", "set", "acme", "--email-trust", "issuer"]);
        assert!(said.done, "{}", said.err);
        // What a node that has not heard of it yet counts is of the old settings.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let changed = operator.ask(&world.node, "acme").await;
        assert_eq!((counts(&changed), &changed["judgement"]), ([0; 4], &json!("quiet")));
        assert_eq!(changed["last_good_at"], before["last_good_at"], "the past is as it was");
        start(&world.node, &Browser::default(), "acme").await;
        operator.until(&world.node, "acme", [1, 0, 0, 0]).await;

        let (issuer, secret) = (Issuer::parse(&world.idp.issuer("globex")).unwrap(), ClientSecret::parse("another-practice-secret"));
        world.set("acme", &Edit { issuer: Some(issuer), client_secret: secret, ..Edit::default() });
        let new = operator.ask(&world.node, "acme").await;
        assert_eq!((counts(&new), &new["last_good_at"]), ([0; 4], &Value::Null));
        start(&world.node, &Browser::default(), "acme").await;
        operator.until(&world.node, "acme", [1, 0, 0, 0]).await;
    }

    async fn several_bad_sign_ins_in_a_row_are_failing_until_one_is_good(db) {
        let world = World::new(db).await;
        let operator = Operator::new(&world, db);
        assert_eq!(operator.ask(&world.node, "acme").await["judgement"], "quiet");
        world.sign_in("acme", "ada@acme.test").await;
        world.idp.misbehave("acme", TokenFault::InvalidClient);
        for bad in 1..=3 {
            let judgement = operator.until(&world.node, "acme", [bad, bad, 1, bad - 1]).await["judgement"].clone();
            assert_eq!(judgement, "well", "after {} bad ones", bad - 1);
            let page = world.sign_in_with(&Browser::default(), "acme", "bob@acme.test").await;
            assert_eq!(page.code(), Some("idp_client_rejected"));
            if bad == 3 {
                let health = operator.until(&world.node, "acme", [4, 4, 1, 3]).await;
                assert_eq!(health["judgement"], "failing");
                assert_eq!(health["last_bad"]["cause"], "idp_client_rejected");
                assert_eq!(health["last_bad"]["reference"].as_str(), page.reference());
                assert!(health["remedy"].as_str().unwrap().contains("--client-secret-file"), "{health}");
                let said = command(&world, db, &["team", "health", "acme"]).out;
                assert!(said.contains(page.reference().unwrap()), "{said}");
            }
        }
        world.idp.behave("acme");
        world.sign_in("acme", "bob@acme.test").await;
        let healed = operator.until(&world.node, "acme", [5, 5, 2, 3]).await;
        assert_eq!(healed["judgement"], "well");
        assert_eq!(healed["last_bad"]["cause"], "idp_client_rejected", "it is remembered all the same");
    }

    async fn a_provider_that_does_not_answer_is_unreachable(db) {
        let world = World::new(db).await;
        let operator = Operator::new(&world, db);
        world.idp.misbehave("acme", mock_idp::Misbehaviour::Wire(Endpoint::Discovery, WireFault::Down));
        for _ in 0..6 {
            // A failure is remembered for up to a minute, and the breaker wants real ones.
            world.clock.forward(Duration::from_secs(61));
            assert_eq!(start(&world.node, &Browser::default(), "acme").await.code(), Some("idp_unreachable"));
        }
        let begun = Instant::now();
        let mut health = operator.ask(&world.node, "acme").await;
        while health["judgement"] != "unreachable" {
            assert!(begun.elapsed() < PATIENCE, "{health}");
            tokio::time::sleep(Duration::from_millis(50)).await;
            health = operator.ask(&world.node, "acme").await;
        }
        assert_eq!(counts(&health), [0; 4], "nobody was sent anywhere");
        assert_eq!(health["last_bad"]["cause"], "idp_unreachable");
        assert!(health["breaker_open_until"].is_string(), "{health}");
        world.clock.forward(Duration::from_mins(6));
        let later = operator.ask(&world.node, "acme").await;
        assert_eq!((&later["judgement"], &later["breaker_open_until"]), (&json!("failing"), &Value::Null));
    }

    async fn what_anybody_can_make_up_does_not_count(db) {
        let world = World::new(db).await;
        let operator = Operator::new(&world, db);
        let browser = Browser::default();
        let callback = world.callback(&browser, "acme", "ada@acme.test").await;
        for junk in ["/t/acme/callback", "/t/acme/callback?state=x&code=y", "/t/acme/callback?state=x&error=access_denied"] {
            assert_eq!(browser.get(&world.at(junk)).await.status, 400);
        }
        let stranger = Browser::default().get(&callback).await;
        assert_eq!(stranger.code(), Some("attempt_cookie_missing"));
        let elsewhere = browser.get(&callback.replace("/t/acme/", "/t/acme-labs/")).await;
        assert_eq!(elsewhere.code(), Some("attempt_team_mismatch"));
        assert_eq!(browser.get(&callback).await.status, 303);
        assert_eq!(browser.get(&callback).await.status, 303, "played twice: on to the dashboard");
        browser.get_with(&world.at("/t/acme/login"), &[("sec-purpose", "prefetch")]).await;
        operator.until(&world.node, "acme", [1, 1, 1, 0]).await;
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        assert_eq!(counts(&operator.ask(&world.node, "acme").await), [1, 1, 1, 0]);
        let labs = operator.ask(&world.node, "acme-labs").await;
        assert_eq!((counts(&labs), &labs["judgement"]), ([0; 4], &json!("quiet")));
    }

    async fn two_nodes_add_up(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let operator = Operator::new(&world, db);
        for (first, second) in [(&world.node, &other), (&other, &world.node), (&other, &other)] {
            let browser = Browser::default();
            let request = start(first, &browser, "acme").await.location().unwrap();
            let chooser = browser.get(request.as_str()).await;
            let back = browser.choose(&chooser, "ada@acme.test").await.location().unwrap().to_string();
            let done = browser.get(&back.replace(&world.node.base, &second.base)).await;
            assert_eq!(done.status, 303, "{}", done.body);
        }
        start(&other, &Browser::default(), "acme").await;
        let health = operator.until(&world.node, "acme", [4, 3, 3, 0]).await;
        assert_eq!(health, operator.ask(&other, "acme").await);
    }

    async fn a_node_that_stops_leaves_its_counts(db) {
        let mut world = World::new(db).await;
        let operator = Operator::new(&world, db);
        let other = world.second_node();
        world.sign_in("acme", "ada@acme.test").await;
        world.sign_in("acme", "bob@acme.test").await;
        world.node.stop();
        let health = operator.ask(&other, "acme").await;
        assert_eq!(counts(&health), [2, 2, 2, 0], "at once");
        assert!(health["counted_since"].is_string() && health["keys_fetched_at"].is_string(), "{health}");
    }

    async fn all_teams_are_told_page_by_page_the_unwell_first(db) {
        let world = World::new(db).await;
        let operator = Operator::new(&world, db);
        for _ in 0..5 {
            start(&world.node, &Browser::default(), "globex").await;
        }
        operator.until(&world.node, "globex", [5, 0, 0, 0]).await;
        let (mut seen, mut after) = (Vec::new(), None::<String>);
        loop {
            let mut arguments = vec!["team", "health", "--json", "--limit", "1"];
            arguments.extend(after.iter().flat_map(|after| ["--after", after.as_str()]));
            let said = command(&world, db, &arguments);
            assert!(said.done, "{}", said.err);
            let page: Value = serde_json::from_str(&said.out).unwrap();
            seen.extend(page["items"].as_array().unwrap().iter().map(|team| team["team_id"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => after = Some(next.to_owned()),
                None => break,
            }
        }
        assert_eq!(seen, ["globex", "acme", "acme-labs", "operators"]);
        assert!(!command(&world, db, &["team", "health", "--after", "somewhere"]).done);
    }

    async fn a_team_that_is_not_there_has_no_health(db) {
        let world = World::new(db).await;
        let operator = Operator::new(&world, db);
        start(&world.node, &Browser::default(), "globex").await;
        operator.until(&world.node, "globex", [1, 0, 0, 0]).await;
        world.remove("globex");
        for team in ["globex", "never"] {
            let answer = operator.answer(&world.node, team).await;
            assert_eq!((answer.status, answer.json()["code"].clone()), (404, json!("team_unknown")), "{team}");
            assert!(!command(&world, db, &["team", "health", team]).done, "{team}");
        }
        assert!(!command(&world, db, &["team", "health"]).out.contains("globex"));
    }
}
