//! The contact's proof: a link that does nothing, and its button that does it once.

use std::time::Duration;

use serde_json::json;
use support::{Browser, on_both};

use super::{CONTACT, OLGA, Operator, deeds, kept, letters_to, link, problem, refused, send, tidy, world};

on_both! {
    async fn a_mail_scanner_confirms_nothing_and_the_button_does_so_once(db) {
        let world = world(db).await;
        send(&world, &[]).await;
        let link = link(&world, CONTACT, "initech").await;
        for _ in 0..3 {
            let page = Browser::default().get(&world.at(&link)).await;
            assert_eq!((page.status, page.heading()), (200, "Confirm your request"));
            for shown in ["Initech Limited", "initech", "bill@initech.test", "client-of-initech", "set, never shown"] {
                assert!(page.body.contains(shown), "{shown}: {}", page.body);
            }
            let head = Browser::default().send(reqwest::Method::HEAD, &world.at(&link), &[], None).await;
            assert_eq!(head.status, 200);
        }
        assert_eq!((kept(&world)[0].1.as_str(), letters_to(&world, OLGA).await.len()), ("unconfirmed", 0));
        for _ in 0..2 {
            let pressed = Browser::default().post(&world.at(&link), &[]).await;
            assert_eq!((pressed.status, pressed.header("location")), (303, Some(link.as_str())));
            let page = Browser::default().follow(pressed).await;
            assert_eq!(page.heading(), "Thank you, your request is on its way");
        }
        assert_eq!(kept(&world)[0].1, "waiting");
        let [(actor, act, detail)] = deeds(&world).try_into().unwrap();
        let id = detail["request"].as_str().unwrap();
        assert_eq!((actor, act.as_str()), (format!("contact:{id}"), "request.confirmed"));
        assert_eq!(detail, json!({ "request": id, "team_id": "initech" }), "no names, no emails");
        let [letter] = letters_to(&world, OLGA).await.try_into().unwrap();
        assert_eq!(letter.subject, "Initech Limited asks for the team initech");
        for told in ["The contact is it@initech.test", &format!("teamdoor request approve {id}"), "--text"] {
            assert!(letter.text.contains(told), "{told}: {}", letter.text);
        }
    }

    async fn a_link_works_for_a_day_and_then_the_request_is_forgotten(db) {
        let world = world(db).await;
        send(&world, &[]).await;
        send(&world, &[("team_id", "initech-labs")]).await;
        let (early, late) = (link(&world, CONTACT, "initech").await, link(&world, CONTACT, "initech-labs").await);
        world.clock.forward(Duration::from_mins(24 * 60 - 2));
        assert_eq!(Browser::default().post(&world.at(&early), &[]).await.status, 303);
        tidy(&world);
        assert_eq!(kept(&world).len(), 2);
        world.clock.forward(Duration::from_mins(2));
        for answer in [Browser::default().get(&world.at(&late)).await, Browser::default().post(&world.at(&late), &[]).await] {
            assert_eq!((answer.status, answer.code()), (404, Some("request_link_gone")), "{}", answer.body);
            assert_eq!(answer.button("Make another request").as_deref(), Some("/request"));
        }
        tidy(&world);
        let left: Vec<_> = kept(&world).into_iter().map(|(team_id, status, _)| (team_id, status)).collect();
        assert_eq!(left, [("initech".to_owned(), "waiting".to_owned())]);
    }

    async fn a_link_that_was_made_up_leads_nowhere(db) {
        let world = world(db).await;
        send(&world, &[]).await;
        let good = link(&world, CONTACT, "initech").await;
        let token = good.rsplit('/').next().unwrap();
        let other_kind = sealing::OpaqueToken::mint(sealing::TokenPrefix::Setup, &sealing::SystemChance);
        let unknown = sealing::OpaqueToken::mint(sealing::TokenPrefix::Request, &sealing::SystemChance);
        for odd in ["x", "tdq_", "%00", &token[..42], &token.to_uppercase(), other_kind.reveal(), unknown.reveal()] {
            let address = world.at(&format!("/request/confirm/{odd}"));
            for answer in [Browser::default().get(&address).await, Browser::default().post(&address, &[]).await] {
                assert_eq!((answer.status, answer.code()), (404, Some("request_link_gone")), "{odd}");
            }
        }
        assert_eq!(kept(&world)[0].1, "unconfirmed");
    }

    async fn another_site_cannot_press_the_button(db) {
        let world = world(db).await;
        send(&world, &[]).await;
        let address = world.at(&link(&world, CONTACT, "initech").await);
        for headers in [[("sec-fetch-site", "cross-site")], [("origin", "https://evil.example")]] {
            let answer = Browser::default().post_with(&address, &[], &headers).await;
            assert_eq!((answer.status, answer.code()), (403, Some("csrf")), "{headers:?}");
        }
        assert_eq!(kept(&world)[0].1, "unconfirmed");
    }

    async fn nobody_decides_what_nobody_confirmed(db) {
        let world = world(db).await;
        let operator = Operator::new(&world, db);
        send(&world, &[]).await;
        assert_eq!(operator.get("/requests").await["items"], json!([]), "it is not in the queue");
        let asked_for = operator.get("/requests?status=unconfirmed").await;
        let id = asked_for["items"][0]["id"].as_str().unwrap();
        for (word, body) in [("approve", ""), ("ask", r#"{"text":"Who?"}"#), ("reject", r#"{"text":"No."}"#)] {
            assert_eq!(problem(&operator.say(id, word, body).await), refused(409, "request_unconfirmed"), "{word}");
        }
        assert_eq!((kept(&world)[0].1.as_str(), deeds(&world).len()), ("unconfirmed", 0));
    }
}
