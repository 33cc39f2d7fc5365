//! Link and code on all their ways: in no page, record, answer or log, and not in the database.

use support::{Browser, command, on_both};
use vocabulary::{Clock as _, SystemClock};

use super::{ADA, BOB, Hand, PAGE, asked, typed, world};
use crate::requests::Operator;
use crate::setup::canary::whole;
use crate::setup::press;
use crate::tokens::canary::serve;

/// The part of a link that is random, and the code with and without its dashes.
fn secrets(hand: &Hand) -> Vec<String> {
    let random: String = hand.link.chars().rev().take(39).collect::<Vec<_>>().into_iter().rev().collect();
    vec![random, hand.code.clone(), hand.code.replace('-', "")]
}

on_both! {
    async fn neither_link_nor_code_is_seen_again(db) {
        let world = world(db).await;
        world.sign_in("acme", BOB).await;
        assert!(command(&world, db, &["role", "set", "acme", BOB, "admin"]).done);
        let (hand, ada) = (asked(&world, db, ADA).await, Browser::default());
        let mut seen: Vec<String> = Vec::new();
        let note = |seen: &mut Vec<String>, answer: &support::Answer| seen.push(format!("{:?}\n{}", answer.headers, answer.body));
        note(&mut seen, &ada.get(&hand.link).await);
        note(&mut seen, &typed(&ada, &hand.link, "nonsense").await);
        note(&mut seen, &typed(&ada, &hand.link, &hand.code).await);
        note(&mut seen, &Browser::default().get(&hand.link).await);
        note(&mut seen, &typed(&Browser::default(), &hand.link, &hand.code).await);
        let page = world.at(PAGE);
        note(&mut seen, &ada.get(&page).await);
        for action in ["save", "check", "probe", "test", "enable", "discard", "done"] {
            note(&mut seen, &press(&ada, &page, action, &[]).await);
            note(&mut seen, &ada.get(&page).await);
        }
        let bob = world.sign_in("acme", BOB).await;
        for path in ["/activity", "/team", "/settings/sso"] {
            note(&mut seen, &bob.get(&world.at(&format!("/t/acme{path}"))).await);
        }
        let operator = Operator::new(&world, db);
        for path in ["/audit", "/teams/acme/audit", "/teams/acme", "/sign-ins", "/teams/acme/health"] {
            note(&mut seen, &operator.ask("GET", path, "").await);
        }
        let letters = crate::requests::letters(&world).await;
        for letter in &letters {
            // The link is in the letter that brings it, and there alone.
            let code_alone = usize::from(letter.text.contains("/break-glass/"));
            for secret in secrets(&hand).iter().skip(code_alone) {
                assert!(!letter.text.contains(secret), "{}", letter.text);
            }
        }
        let held = String::from_utf8_lossy(&whole(db)).into_owned();
        assert!(seen.len() > 20 && seen.join("").contains("break_glass"), "much was looked at");
        for secret in secrets(&hand) {
            for text in &seen {
                assert!(!text.contains(&secret), "{secret} stands in {text}");
            }
            if secret.contains('-') {
                assert!(!held.contains(&secret), "the code stands in the database");
            }
        }
    }

    async fn no_line_of_the_log_has_link_or_code(db) {
        let world = world(db).await;
        // The binary's clock is the machine's.
        world.clock.forward(SystemClock.now().since(world.clock.now()));
        let hand = asked(&world, db, ADA).await;
        let log = tempfile::NamedTempFile::new().unwrap();
        let (serving, base) = serve(&world, log.as_file());
        let path = hand.link.strip_prefix(&world.at("")).unwrap();
        let (ada, link) = (Browser::default(), format!("{base}{path}"));
        assert_eq!(ada.get(&link).await.status, 200);
        assert_eq!(typed(&ada, &link, "0000-0000-00").await.status, 422);
        assert_eq!(typed(&ada, &link, &hand.code).await.status, 303);
        assert_eq!(ada.get(&format!("{base}{PAGE}")).await.status, 200);
        assert_eq!(typed(&Browser::default(), &link, &hand.code).await.status, 404);
        drop(serving);
        let said = std::fs::read_to_string(log.path()).unwrap();
        assert!(said.contains("break_glass_code_wrong") && said.contains("break_glass_gone"), "the log was heard: {said}");
        for secret in secrets(&hand) {
            let line = said.lines().find(|line| line.contains(&secret));
            assert!(line.is_none(), "{line:?}");
        }
    }
}
