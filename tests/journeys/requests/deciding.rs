//! The operator's decision, each with its letter, and each once.

use std::time::Duration;

use serde_json::json;
use support::{Browser, command, on_both};

use super::{
    CONTACT, Operator, ask_for, deeds, is_there, kept, letters_to, link, problem, refused, send, tidy, world,
};
use crate::eyes;

const NO: &str = r#"{"text":"We know nobody there.\n\nAsk your account manager."}"#;

on_both! {
    async fn an_approved_request_becomes_a_team_with_its_secret(db) {
        let world = world(db).await;
        let operator = Operator::new(&world, db);
        let id = ask_for(&world, &operator, &[]).await;
        let approved = operator.say(&id, "approve", "").await;
        assert_eq!((approved.status, &approved.json()["status"]), (200, &json!("approved")), "{}", approved.body);
        assert_eq!(approved.json()["decided_by"], "operator:queue");
        let team = operator.get("/teams/initech").await;
        assert_eq!((&team["name"], &team["state"], &team["admin_email"]), (&json!("Initech Limited"), &json!("draft"), &json!("bill@initech.test")));
        assert_eq!((&team["connection"]["issuer"], &team["connection"]["client_id"]), (&json!(world.idp.issuer("globex")), &json!("client-of-initech")));
        assert!(team["connection"]["client_secret_set_at"].is_string(), "{team}");
        assert_eq!(kept(&world), [("initech".to_owned(), "approved".to_owned(), false)], "the secret is the team's alone");
        let acts: Vec<_> = deeds(&world).into_iter().map(|(actor, act, _)| format!("{actor} {act}")).collect();
        assert_eq!(acts, [format!("contact:{id} request.confirmed"), "operator:queue request.approved".to_owned()]);
        let added = eyes::record(&world.node.house.database, "initech");
        assert_eq!(added.iter().map(|row| row.act).collect::<Vec<_>>(), [Some(audit::Act::SetupLinkMade), Some(audit::Act::TeamAdded)]);
        let told = letters_to(&world, CONTACT).await;
        assert!(told.iter().any(|letter| letter.subject == "Set up single sign-on for Initech Limited"), "{told:?}");
        assert!(command(&world, db, &["team", "set", "initech", "--enabled"]).done, "the secret can be used");
    }

    async fn rivals_stand_side_by_side_and_one_gets_the_team_id(db) {
        let world = world(db).await;
        let operator = Operator::new(&world, db);
        let first = ask_for(&world, &operator, &[("contact", "a@initech.test")]).await;
        let second = ask_for(&world, &operator, &[("contact", "b@initech.test"), ("company", "Initech Other")]).await;
        let shown = operator.get(&format!("/requests/{second}")).await;
        assert_eq!((&shown["rivals"], &shown["remarks"][0]["code"]), (&json!([first]), &json!("rivals")));
        assert_eq!(operator.say(&second, "approve", "").await.status, 200);
        assert_eq!(operator.status(&first).await, "waiting", "a rival stays");
        assert_eq!(problem(&operator.say(&first, "approve", "").await), refused(409, "team_id_taken"));
        let left = operator.get(&format!("/requests/{first}")).await;
        assert_eq!((&left["rivals"], &left["remarks"][0]["code"], &left["client_secret_set"]), (&json!([]), &json!("team_id_taken"), &json!(true)));
        assert_eq!(operator.get("/teams/initech").await["name"], "Initech Other");
        assert_eq!(send(&world, &[]).await.status, 303, "of a draft a stranger learns nothing");
    }

    async fn a_rejected_request_loses_its_secret_at_once_and_everything_in_thirty_days(db) {
        let world = world(db).await;
        let operator = Operator::new(&world, db);
        let id = ask_for(&world, &operator, &[]).await;
        assert!(kept(&world)[0].2);
        let rejected = operator.say(&id, "reject", NO).await;
        let now = rejected.json();
        assert_eq!((rejected.status, &now["status"], &now["client_secret_set"]), (200, &json!("rejected"), &json!(false)));
        assert_eq!(kept(&world), [("initech".to_owned(), "rejected".to_owned(), false)]);
        let told = letters_to(&world, CONTACT).await;
        let letter = told.iter().find(|letter| letter.subject == "Your request for initech was not approved").unwrap();
        assert!(letter.text.contains("We know nobody there.\r\n\r\nAsk your account manager.\r\n"), "{}", letter.text);
        assert!(!is_there(&world, "initech"));
        world.clock.forward(Duration::from_hours(30 * 24 - 1));
        tidy(&world);
        assert_eq!(kept(&world).len(), 1);
        world.clock.forward(Duration::from_hours(1));
        tidy(&world);
        assert_eq!(kept(&world), []);
        assert_eq!(problem(&operator.ask("GET", &format!("/requests/{id}"), "").await), refused(404, "request_unknown"));
    }

    async fn a_question_leaves_a_request_open(db) {
        let world = world(db).await;
        let operator = Operator::new(&world, db);
        let id = ask_for(&world, &operator, &[]).await;
        for text in ["Who is Bill?", "And who are you?"] {
            let asked = operator.say(&id, "ask", &json!({ "text": text }).to_string()).await;
            assert_eq!((&asked.json()["status"], &asked.json()["note"]), (&json!("asked"), &json!(text)), "{}", asked.body);
        }
        let told = letters_to(&world, CONTACT).await;
        let questions = told.iter().filter(|letter| letter.subject == "A question about your request for initech");
        assert_eq!(questions.count(), 2);
        assert_eq!(operator.get("/requests?status=asked").await["items"][0]["id"], json!(id));
        assert_eq!(operator.say(&id, "approve", "").await.status, 200);
        assert!(is_there(&world, "initech"));
    }

    async fn a_request_is_decided_once(db) {
        let world = world(db).await;
        let operator = Operator::new(&world, db);
        let id = ask_for(&world, &operator, &[]).await;
        operator.say(&id, "reject", NO).await;
        let letters = letters_to(&world, CONTACT).await.len();
        for (word, body) in [("approve", ""), ("ask", NO), ("reject", NO)] {
            assert_eq!(problem(&operator.say(&id, word, body).await), refused(409, "request_decided"), "{word}");
        }
        assert!(!is_there(&world, "initech"));
        assert_eq!((deeds(&world).len(), letters_to(&world, CONTACT).await.len()), (2, letters));
    }

    async fn of_two_operators_who_decide_at_once_one_wins(db) {
        let world = world(db).await;
        let operator = Operator::new(&world, db);
        for round in 0..6 {
            let (team_id, contact) = (format!("initech-{round}"), format!("it-{round}@initech.test"));
            let id = ask_for(&world, &operator, &[("team_id", &team_id), ("contact", &contact)]).await;
            let (one, other) = tokio::join!(operator.say(&id, "approve", ""), operator.say(&id, "reject", NO));
            let mut statuses = [one.status, other.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 409], "{} {}", one.body, other.body);
            assert_eq!(is_there(&world, &team_id), one.status == 200);
            let expected = if one.status == 200 { "approved" } else { "rejected" };
            assert_eq!(operator.status(&id).await, expected);
        }
    }

    async fn what_the_request_leaves_open_is_filled_in_by_the_link_of_its_letter(db) {
        let world = world(db).await;
        let operator = Operator::new(&world, db);
        let issuer = world.idp.issuer("globex");
        let later = [("issuer", issuer.as_str()), ("client_id", ""), ("client_secret", "")];
        let id = ask_for(&world, &operator, &later).await;
        assert_eq!(problem(&operator.say(&id, "check", "").await), refused(409, "request_incomplete"));
        assert!(!is_there(&world, "initech"));
        assert_eq!(operator.say(&id, "approve", "").await.status, 200);
        let team = operator.get("/teams/initech").await;
        assert_eq!((&team["state"], &team["connection"]), (&json!("draft"), &json!(null)));
        let told = letters_to(&world, CONTACT).await;
        let letter = told.iter().find(|letter| letter.subject.starts_with("Set up single sign-on")).unwrap();
        let link = support::browser::between(&letter.text, "Set up single sign-on:\r\n", "\r\n").unwrap();
        let bill = Browser::default();
        assert_eq!(bill.post(link, &[]).await.status, 303);
        let page = bill.get(link).await;
        assert!(page.body.contains(&format!("value=\"{issuer}\"")), "{}", page.body);
    }

    async fn an_issuer_of_many_needs_to_be_told_whose_people_are_meant(db) {
        let world = world(db).await;
        let operator = Operator::new(&world, db);
        let id = ask_for(&world, &operator, &[("issuer", "https://accounts.google.com")]).await;
        let shown = operator.get(&format!("/requests/{id}")).await;
        assert_eq!(shown["remarks"][0]["code"], "issuer_shared");
        assert_eq!(problem(&operator.say(&id, "approve", "").await), refused(422, "requirement_needed"));
        assert_eq!(problem(&operator.say(&id, "approve?requirement=org%3Dx", "").await), refused(422, "parameter_invalid"));
        assert_eq!(operator.status(&id).await, "waiting", "what was refused left no trace");
        assert_eq!(operator.say(&id, "approve?requirement=hd%3Dinitech.test", "").await.status, 200);
        assert_eq!(operator.get("/teams/initech").await["connection"]["requirement"], "hd=initech.test");
    }

    async fn a_text_is_wanted_where_one_is_sent(db) {
        let world = world(db).await;
        let operator = Operator::new(&world, db);
        let id = ask_for(&world, &operator, &[]).await;
        let long = json!({ "text": "x".repeat(2001) }).to_string();
        for body in ["{}", r#"{"text":" \n "}"#, r#"{"text":7}"#, r#"{"text":"a","to":"b"}"#, "[]", long.as_str()] {
            for word in ["ask", "reject"] {
                assert_eq!(problem(&operator.say(&id, word, body).await), refused(422, "json_invalid"), "{word} {body}");
            }
        }
        assert_eq!(operator.status(&id).await, "waiting");
    }

    async fn a_request_goes_with_its_team(db) {
        let world = world(db).await;
        let operator = Operator::new(&world, db);
        let id = ask_for(&world, &operator, &[]).await;
        operator.say(&id, "approve", "").await;
        assert_eq!(operator.ask("DELETE", "/teams/initech", "").await.status, 204);
        assert_eq!(kept(&world), []);
    }

    async fn a_request_under_way_finds_its_team_id_taken(db) {
        let world = world(db).await;
        let operator = Operator::new(&world, db);
        send(&world, &[]).await;
        let link = link(&world, CONTACT, "initech").await;
        world.add_team("initech", "acme", "ada@acme.test", |_team| ());
        assert_eq!(Browser::default().post(&world.at(&link), &[]).await.status, 303, "the operator sees to it");
        let found = operator.get("/requests").await;
        assert_eq!(found["items"][0]["remarks"][0]["code"], "team_id_taken");
        let id = found["items"][0]["id"].as_str().unwrap();
        assert_eq!(problem(&operator.say(id, "approve", "").await), refused(409, "team_id_taken"));
        assert_eq!(operator.say(id, "reject", NO).await.status, 200);
    }
}
