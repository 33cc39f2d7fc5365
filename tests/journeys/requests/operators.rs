//! The operator's queue by API and command line.

use serde_json::json;
use support::{command, on_both};

use super::{CONTACT, OLGA, Operator, ask_for, deeds, is_there, kept, letters_to, problem, refused, world};

on_both! {
    async fn requests_are_listed_by_pages_the_latest_first(db) {
        let world = world(db).await;
        let operator = Operator::new(&world, db);
        let mut made = Vec::new();
        for n in 0..5 {
            world.clock.forward(std::time::Duration::from_millis(5));
            let body = json!({"company": "Initech", "contact": CONTACT, "team_id": format!("initech-{n}"), "admin_email": "bill@initech.test"});
            let answer = operator.ask("POST", "/requests", &body.to_string()).await;
            assert_eq!(answer.status, 201, "{}", answer.body);
            made.push(answer.json()["id"].as_str().unwrap().to_owned());
        }
        made.reverse();
        let (mut seen, mut path) = (Vec::new(), "/requests?limit=2".to_owned());
        loop {
            let page = operator.get(&path).await;
            seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/requests?limit=2&after={next}");
        }
        assert_eq!(seen, made);
        operator.say(&made[1], "ask", r#"{"text":"Who?"}"#).await;
        assert_eq!(operator.get("/requests?status=asked").await["items"].as_array().unwrap().len(), 1);
        assert_eq!(operator.get("/requests?status=waiting").await["items"].as_array().unwrap().len(), 4);
        for odd in ["?status=open", "?status=waiting&status=asked", "?after=x", "?limit=0", "?stauts=asked"] {
            let answer = operator.ask("GET", &format!("/requests{odd}"), "").await;
            assert_eq!(problem(&answer), refused(422, "parameter_invalid"), "{odd}");
        }
        for odd in ["x", "0", "%00", "01hx3z01hx3z01hx3z01hx3z01"] {
            assert_eq!(problem(&operator.ask("GET", &format!("/requests/{odd}"), "").await), refused(404, "request_unknown"), "{odd}");
        }
    }

    async fn a_request_that_an_operator_makes_counts_as_confirmed(db) {
        let world = world(db).await;
        let operator = Operator::new(&world, db);
        let body = json!({"company": "Initech", "contact": CONTACT, "team_id": "Initech", "admin_email": "bill@initech.test",
            "issuer": "initech.okta.com", "client_id": "0oa1", "client_secret": "s3cret-of-initech"});
        let made = operator.ask("POST", "/requests", &body.to_string()).await;
        let request = made.json();
        assert_eq!((made.status, &request["status"], &request["team_id"]), (201, &json!("waiting"), &json!("initech")), "{}", made.body);
        let id = request["id"].as_str().unwrap();
        assert_eq!(made.header("location"), Some(world.at(&format!("/api/v1/requests/{id}")).as_str()));
        assert_eq!((&request["issuer"], &request["client_secret_set"]), (&json!("https://initech.okta.com"), &json!(true)));
        assert!(!made.body.contains("s3cret"), "{}", made.body);
        assert_eq!(deeds(&world), [("operator:queue".to_owned(), "request.made".to_owned(), json!({"request": id, "team_id": "initech"}))]);
        assert_eq!((letters_to(&world, CONTACT).await.len(), letters_to(&world, OLGA).await.len()), (0, 1));
        let mut taken = body.clone();
        taken["team_id"] = json!("acme");
        assert_eq!(problem(&operator.ask("POST", "/requests", &taken.to_string()).await), refused(409, "team_id_taken"));
        for (field, value) in [("contact", json!("it")), ("client_secret", json!("0oa1")), ("client_secret", json!("****")), ("team_id", json!("teams")), ("colour", json!("red"))] {
            let mut wrong = body.clone();
            wrong[field] = value;
            let answer = operator.ask("POST", "/requests", &wrong.to_string()).await;
            assert_eq!(problem(&answer), refused(422, "json_invalid"), "{field}");
            let detail = answer.json()["detail"].as_str().unwrap().to_owned();
            assert!(detail.contains(field) && !detail.contains("s3cret"), "{detail}");
        }
    }

    async fn a_stranger_and_a_team_see_no_request(db) {
        let world = world(db).await;
        let operator = Operator::new(&world, db);
        let id = ask_for(&world, &operator, &[]).await;
        let token = command(&world, db, &["token", "create", "acme", "--name", "x", "--scope", "team:admin"]).out;
        let stranger = Operator { world: &world, token: token.trim().to_owned() };
        for (method, path) in [("GET", "/requests".to_owned()), ("GET", format!("/requests/{id}")), ("POST", format!("/requests/{id}/approve")), ("POST", format!("/requests/{id}/check"))] {
            assert_eq!(problem(&stranger.ask(method, &path, "").await), refused(403, "scope_missing"), "{path}");
        }
        assert_eq!(operator.status(&id).await, "waiting");
    }

    async fn the_provider_that_a_request_names_is_asked_and_the_answer_kept(db) {
        let world = world(db).await;
        let operator = Operator::new(&world, db);
        let id = ask_for(&world, &operator, &[]).await;
        assert!(operator.get(&format!("/requests/{id}")).await["checks"].is_null());
        let checked = operator.say(&id, "check", "").await;
        let checks = checked.json()["checks"].clone();
        assert_eq!((checked.status, checks.as_array().unwrap().len()), (200, 10), "{}", checked.body);
        assert!(checks.as_array().unwrap().iter().all(|check| check["ok"] == true), "{checks}");
        let kept = operator.get(&format!("/requests/{id}")).await["checks"].clone();
        assert!(kept["at"].is_string() && kept["checks"] == checks, "{kept}");
        let wrong = [("team_id", "initech-labs"), ("contact", "labs@initech.test"), ("issuer", &format!("{}/", world.idp.issuer("globex")))];
        let id = ask_for(&world, &operator, &wrong).await;
        let checks = operator.say(&id, "check", "").await.json()["checks"].clone();
        let bad = checks.as_array().unwrap().iter().find(|check| check["ok"] == false).unwrap();
        assert!(bad["remedy"].is_string(), "{bad}");
    }

    async fn an_operator_decides_at_the_command_line(db) {
        let world = world(db).await;
        let operator = Operator::new(&world, db);
        let id = ask_for(&world, &operator, &[]).await;
        let other = ask_for(&world, &operator, &[("contact", "b@initech.test")]).await;
        let listed = command(&world, db, &["request", "list"]);
        assert!(listed.done && listed.out.lines().count() == 2 && listed.out.starts_with(&other), "{listed:?}");
        let first = command(&world, db, &["request", "list", "--limit", "1", "--json"]);
        assert!(first.out.contains(&format!("\"next\": \"{other}\"")), "{first:?}");
        let shown = command(&world, db, &["request", "show", &id, "--check"]);
        for told in ["Initech Limited", CONTACT, "Client secret   set", "✓ issuer", "Rivals"] {
            assert!(shown.out.contains(told), "{told}: {shown:?}");
        }
        assert!(shown.err.contains("1 more ask for initech."), "{shown:?}");
        let plain = command(&world, db, &["request", "show", &id]);
        assert!(plain.out.contains("✓ issuer"), "the checks are kept: {plain:?}");
        let asked = command(&world, db, &["request", "ask", &id, "--text", "Who is Bill?"]);
        assert!(asked.done && asked.err == format!("Asked. {CONTACT} gets a letter.\n"), "{asked:?}");
        let approved = command(&world, db, &["request", "approve", &id]);
        assert!(approved.done && approved.err.starts_with("Approved: initech is there, as a draft."), "{approved:?}");
        let late = command(&world, db, &["request", "approve", &other]);
        assert!(!late.done && late.err.contains("initech is taken by now."), "{late:?}");
        let rejected = command(&world, db, &["request", "reject", &other, "--text", "Taken."]);
        assert!(rejected.done, "{rejected:?}");
        let again = command(&world, db, &["request", "reject", &other, "--text", "Taken."]);
        assert!(!again.done && again.err.contains("decided before"), "{again:?}");
        for arguments in [&["request", "show", "nothing"][..], &["request", "approve", "nothing"]] {
            let said = command(&world, db, arguments);
            assert!(!said.done && said.err.contains("There is no such request."), "{said:?}");
        }
        assert!(is_there(&world, "initech"));
        assert_eq!(kept(&world).iter().map(|(_, status, _)| status.as_str()).collect::<Vec<_>>(), ["approved", "rejected"]);
        assert_eq!((letters_to(&world, CONTACT).await.len(), letters_to(&world, "b@initech.test").await.len()), (3, 2));
        let by: Vec<String> = deeds(&world).into_iter().map(|(actor, act, _)| format!("{actor} {act}")).collect();
        assert!(by.ends_with(&["command-line request.asked".to_owned(), "command-line request.approved".to_owned(), "command-line request.rejected".to_owned()]), "{by:?}");
    }
}
