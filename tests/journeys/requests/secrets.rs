//! The secret of a request is with the team it becomes, sealed, and nowhere else.

use diesel::prelude::*;
use storage::schema::{audit, connections, outbox, requests};
use storage::{StorageError, each};
use support::{Browser, World, command, on_both};

use super::{CONTACT, Operator, ask_for, letters, link, send, world};

const CANARY: &str = "canary-7d1e-practice-secret-in-a-request";

/// Id, secret, note and checks of a request.
type Kept = (String, Option<String>, Option<String>, Option<String>);

/// Every text of the tables through which it comes.
fn rows(world: &World) -> String {
    let all = world.node.house.database.read(|connection| {
        let requests: Vec<Kept> = each!(connection, c => requests::table
            .select((requests::id, requests::client_secret, requests::note, requests::checks)).load(c))?;
        let connections: Vec<(String, Option<String>)> =
            each!(connection, c => connections::table.select((connections::id, connections::client_secret)).load(c))?;
        let letters: Vec<(String, String)> =
            each!(connection, c => outbox::table.select((outbox::body_text, outbox::body_html)).load(c))?;
        let deeds: Vec<String> = each!(connection, c => audit::table.select(audit::detail).load(c))?;
        Ok::<_, StorageError>(format!("{requests:?} {connections:?} {letters:?} {deeds:?}"))
    });
    all.unwrap()
}

on_both! {
    async fn a_secret_of_a_request_shows_nowhere(db) {
        let world = world(db).await;
        let operator = Operator::new(&world, db);
        let with = |more: &[(&'static str, &'static str)]| [&[("client_secret", CANARY)], more].concat();
        let mut seen = Vec::new();
        for wrong in [("contact", "x"), ("team_id", "acme"), ("client_id", ""), ("issuer", "x y")] {
            let page = send(&world, &with(&[wrong])).await;
            seen.push(format!("{:?}{}", page.headers, page.body));
        }
        let sent = send(&world, &with(&[("contact", "other@initech.test"), ("team_id", "initech-labs")])).await;
        seen.push(format!("{:?}{}", sent.headers, sent.body));
        seen.push(rows(&world));
        let link = link(&world, "other@initech.test", "initech-labs").await;
        seen.push(Browser::default().get(&world.at(&link)).await.body);
        let rejected = ask_for(&world, &operator, &with(&[("contact", "no@initech.test")])).await;
        let approved = ask_for(&world, &operator, &with(&[])).await;
        for id in [&rejected, &approved] {
            seen.push(operator.get(&format!("/requests/{id}")).await.to_string());
            seen.push(operator.say(id, "check", "").await.body);
            seen.push(operator.say(id, "ask", r#"{"text":"Who?"}"#).await.body);
            seen.push(format!("{:?}", command(&world, db, &["request", "show", id, "--json"])));
        }
        seen.push(operator.say(&rejected, "reject", r#"{"text":"No."}"#).await.body);
        seen.push(operator.say(&approved, "approve", "").await.body);
        seen.push(operator.get("/requests").await.to_string());
        seen.push(operator.get("/teams/initech").await.to_string());
        seen.push(operator.get("/teams/initech/audit").await.to_string());
        seen.push(rows(&world));
        seen.extend(letters(&world).await.into_iter().map(|letter| letter.text));
        let seen = seen.join("\n");
        assert!(seen.contains(CONTACT) && seen.contains("client-of-initech"), "the search looks where it would be");
        assert!(!seen.contains(CANARY) && !seen.contains("7d1e0b5f"), "{seen}");
        assert!(command(&world, db, &["team", "set", "initech", "--enabled"]).done, "and yet it came through");
    }
}
