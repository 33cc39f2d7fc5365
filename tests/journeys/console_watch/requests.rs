//! Requests, decided in the console.

use serde_json::json;
use support::{Browser, on_both};

use super::{Console, leads_to, says, says_not, world};
use crate::requests::{CONTACT, OLGA, Operator, SECRET, ask_for, deeds, is_there, kept, letters_to, send};

const REASON: [(&str, &str); 1] = [("text", "We know nobody there.\n\nAsk your account manager.")];

on_both! {
    async fn a_request_is_looked_at_asked_about_and_approved_in_the_console(db) {
        let world = world(db).await;
        let api = Operator::new(&world, db);
        let id = ask_for(&world, &api, &[]).await;
        let console = Console::open(&world).await;
        let there = format!("/operator/requests/{id}");
        let letter = letters_to(&world, OLGA).await;
        assert!(letter.iter().any(|letter| letter.text.contains(&world.at(&there))), "the letter leads here: {letter:?}");
        says(&console.page("/operator/requests").await, &["Waiting for a decision: 1", "Initech Limited", CONTACT, &there]);
        let page = console.page(&there).await;
        says(&page, &["Initech Limited", "Has confirmed this address.", "bill@initech.test", "client-of-initech", "given; it is sealed", "Nobody has asked it yet.", "action\" value=\"approve\""]);
        says_not(&page, &[SECRET]);

        let checked = console.say(&id, "check", &[]).await;
        assert_eq!((checked.status, leads_to(&checked)), (303, format!("{there}?done=checked")));
        assert_eq!(checked.location().unwrap().fragment(), Some("checks"));
        let page = console.page(&there).await;
        says(&page, &["class=\"tick\"", "Ask again"]);

        let asked = console.say(&id, "ask", &[("text", "Who is Bill?\r\nAnd you?")]).await;
        assert_eq!((asked.status, leads_to(&asked)), (303, format!("{there}?done=asked")));
        says(&console.page(&leads_to(&asked)).await, &["Your question is on its way.", "Question sent", "Who is Bill?\nAnd you?"]);
        assert!(letters_to(&world, CONTACT).await.iter().any(|letter| letter.text.contains("Who is Bill?")));
        says(&console.page("/operator/requests").await, &["Waiting for a decision: 1", "Question sent"]);

        let approved = console.say(&id, "approve", &[("requirement", " ")]).await;
        assert_eq!((approved.status, leads_to(&approved)), (303, "/operator/teams/initech?done=approved".to_owned()), "{}", approved.body);
        assert!(is_there(&world, "initech"));
        assert_eq!(kept(&world), [("initech".to_owned(), "approved".to_owned(), false)]);
        let page = console.page(&there).await;
        says(&page, &["Decided by Olga Petrova, operator", "/operator/teams/initech\"", "not given"]);
        says_not(&page, &["name=\"action\" value=\"approve\"", "name=\"text\""]);
        says(&console.page("/operator/requests").await, &["Nothing waits for you", "Decided", "Approved"]);
        let by = deeds(&world).into_iter().map(|(actor, act, _)| (actor.split(':').next().unwrap().to_owned(), act));
        let expected = [("contact", "request.confirmed"), ("console", "request.asked"), ("console", "request.approved")];
        assert_eq!(by.collect::<Vec<_>>(), expected.map(|(by, act)| (by.to_owned(), act.to_owned())));
        assert!(api.get(&format!("/requests/{id}")).await["decided_by"].as_str().unwrap().starts_with("console:"));
    }

    async fn rejecting_asks_for_a_text_and_takes_the_secret(db) {
        let world = world(db).await;
        let id = ask_for(&world, &Operator::new(&world, db), &[]).await;
        let console = Console::open(&world).await;
        let letters = letters_to(&world, CONTACT).await.len();
        for (action, text) in [("reject", ""), ("reject", " \n "), ("ask", ""), ("reject", &"x".repeat(2001))] {
            let page = console.say(&id, action, &[("text", text)]).await;
            assert_eq!((page.status, page.code()), (422, Some("form_invalid")), "{action} {text:?}");
            says(&page, &["Write something for the contact", "aria-invalid=\"true\""]);
        }
        assert_eq!((letters_to(&world, CONTACT).await.len(), kept(&world)[0].2), (letters, true), "nothing happened");
        let rejected = console.say(&id, "reject", &REASON).await;
        assert_eq!((rejected.status, leads_to(&rejected)), (303, format!("/operator/requests/{id}?done=rejected")));
        assert_eq!(kept(&world), [("initech".to_owned(), "rejected".to_owned(), false)]);
        says(&console.page(&leads_to(&rejected)).await, &["Rejected. The contact gets your text", "We know nobody there."]);
        assert!(letters_to(&world, CONTACT).await.iter().any(|letter| letter.text.contains("Ask your account manager.")));
        assert!(!is_there(&world, "initech"));
    }

    async fn rivals_stand_together_and_each_shows_the_others(db) {
        let world = world(db).await;
        let api = Operator::new(&world, db);
        let first = ask_for(&world, &api, &[("contact", "a@initech.test")]).await;
        let between = ask_for(&world, &api, &[("contact", "h@hooli.test"), ("team_id", "hooli"), ("company", "Hooli")]).await;
        let second = ask_for(&world, &api, &[("contact", "b@initech.test"), ("company", "Initech Other")]).await;
        let console = Console::open(&world).await;
        let list = console.page("/operator/requests").await;
        says(&list, &["Waiting for a decision: 3", "2 ask for initech."]);
        let place = |id: &str| list.body.find(id).unwrap();
        assert!(place(&first) < place(&second) && place(&second) < place(&between), "a Team ID stands where its latest request does");
        says(&console.page(&format!("/operator/requests/{first}")).await, &["1 more ask for initech.", "Others who ask for this Team ID", "Initech Other", "b@initech.test"]);
        assert_eq!(console.say(&second, "approve", &[]).await.status, 303);
        let late = console.say(&first, "approve", &[]).await;
        assert_eq!((late.status, late.code()), (409, Some("team_id_taken")));
        assert_eq!(api.status(&first).await, "waiting");
        says(&console.page(&format!("/operator/requests/{first}")).await, &["initech is taken by now."]);
    }

    async fn console_and_api_decide_a_request_once(db) {
        let world = world(db).await;
        let api = Operator::new(&world, db);
        let console = Console::open(&world).await;
        for round in 0..4 {
            let (team_id, contact) = (format!("initech-{round}"), format!("it-{round}@initech.test"));
            let id = ask_for(&world, &api, &[("team_id", &team_id), ("contact", &contact)]).await;
            let body = json!({ "text": "No." }).to_string();
            let (by_page, by_api) = tokio::join!(console.say(&id, "approve", &[]), api.say(&id, "reject", &body));
            let expected = if by_page.status == 303 { (409, "approved") } else { (200, "rejected") };
            assert_eq!((by_api.status, api.status(&id).await.as_str()), expected, "{} {}", by_page.body, by_api.body);
            assert!(by_page.status == 303 || by_page.code() == Some("request_decided"), "{}", by_page.body);
            assert_eq!(is_there(&world, &team_id), by_page.status == 303);
            let again = console.say(&id, "reject", &REASON).await;
            assert_eq!((again.status, again.code()), (409, Some("request_decided")));
        }
    }

    async fn unconfirmed_ones_are_shown_when_asked_for_and_cannot_be_decided(db) {
        let world = world(db).await;
        assert_eq!(send(&world, &[("company", "<b onclick=x>\"'&</b><script>alert(1)</script>")]).await.status, 303);
        let console = Console::open(&world).await;
        says_not(&console.page("/operator/requests").await, &[CONTACT]);
        let list = console.page("/operator/requests?show=unconfirmed").await;
        says(&list, &[CONTACT, "Not confirmed", "&#60;script&#62;"]);
        says_not(&list, &["<script", "<b onclick"]);
        let id = list.between("href=\"/operator/requests/", "\"").unwrap().to_owned();
        let page = console.page(&format!("/operator/requests/{id}")).await;
        says(&page, &["Has not confirmed this address.", "&#60;script&#62;"]);
        says_not(&page, &["<script", "<b onclick", "value=\"approve\""]);
        for (action, more) in [("approve", &[][..]), ("reject", &REASON)] {
            let answer = console.say(&id, action, more).await;
            assert_eq!((answer.status, answer.code()), (409, Some("request_unconfirmed")), "{action}");
        }
    }

    async fn a_shared_issuer_needs_a_claim_and_what_is_no_request_is_404(db) {
        let world = world(db).await;
        let api = Operator::new(&world, db);
        let shared = [("issuer", "https://accounts.google.com")];
        let id = ask_for(&world, &api, &shared).await;
        let console = Console::open(&world).await;
        says(&console.page(&format!("/operator/requests/{id}")).await, &["is shared by many organisations"]);
        for requirement in ["", "hd", "sub=x"] {
            let page = console.say(&id, "approve", &[("requirement", requirement)]).await;
            assert_eq!((page.status, page.code()), (422, Some("form_invalid")), "{requirement}");
            says(&page, &["id=\"requirement_error\"", &format!("name=\"requirement\" value=\"{requirement}\"")]);
        }
        assert!(!is_there(&world, "initech"));
        assert_eq!(console.say(&id, "approve", &[("requirement", "hd=initech.test")]).await.status, 303);
        for id in ["x", "00000000000000000000000000", "%22%3E%3Cb%3E"] {
            let page = console.get(&format!("/operator/requests/{id}")).await;
            assert_eq!((page.status, page.code()), (404, Some("request_unknown")), "{id}");
        }
        assert_eq!(console.say(&id, "eat", &[]).await.status, 422);
    }

    async fn a_form_without_its_token_or_of_somebody_who_is_no_operator_decides_nothing(db) {
        let world = world(db).await;
        let api = Operator::new(&world, db);
        let id = ask_for(&world, &api, &[]).await;
        let console = Console::open(&world).await;
        let there = world.at(&format!("/operator/requests/{id}"));
        let bare = console.browser.post(&there, &[("action", "approve")]).await;
        assert_eq!((bare.status, bare.code()), (403, Some("csrf")));
        let csrf = console.page("/operator/requests").await.hidden("csrf").unwrap();
        let form = [("csrf", csrf.as_str()), ("action", "approve")];
        let foreign = console.browser.post_with(&there, &form, &[("sec-fetch-site", "cross-site")]).await;
        assert_eq!((foreign.status, foreign.code()), (403, Some("csrf")));
        let oscar = world.sign_in("operators", "oscar@operator.test").await;
        let stranger = world.sign_in("acme", "ada@acme.test").await;
        for (browser, status, code) in [(&oscar, 403, "not_admin"), (&stranger, 401, "session_required"), (&Browser::default(), 401, "session_required")] {
            let answer = browser.post(&there, &form).await;
            assert_eq!((answer.status, answer.code()), (status, Some(code)));
            says_not(&answer, &["Initech", CONTACT]);
        }
        // Whoever stops being an operator loses the console at once, whatever their page shows.
        assert!(support::command(&world, db, &["role", "set", "operators", "oscar@operator.test", "admin"]).done);
        assert!(support::command(&world, db, &["role", "set", "operators", OLGA, "member"]).done);
        let late = console.browser.post(&there, &form).await;
        assert_eq!((late.status, late.code()), (403, Some("not_admin")));
        assert_eq!(api.status(&id).await, "waiting");
    }
}
