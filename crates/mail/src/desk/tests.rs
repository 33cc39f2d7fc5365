//! What letters look like, and what no name can make them look like.

use proptest::prelude::*;
use storage::StorageError;
use vocabulary::{Email, Role, Timestamp};

use super::*;
use crate::allowance::{LETTERS, WINDOW};
use crate::support::{Dice, START, database, desk, letter, role_changed, waiting, write};
use crate::{Occasion, Reader, SignInTrouble};

fn text(occasion: Occasion) -> String {
    desk().sheet(&letter("bob@acme.test", occasion)).text()
}

fn subject(occasion: Occasion) -> String {
    desk().sheet(&letter("bob@acme.test", occasion)).subject
}

fn on_its_way(recipient: &str, sheet: &Sheet) -> Waiting {
    Waiting {
        id: "00000000000000000000000001".to_owned(),
        team_id: None,
        recipient: recipient.to_owned(),
        subject: sheet.subject.clone(),
        body_text: sheet.text(),
        body_html: sheet.html(),
        attempts: 1,
        created_at: START.millis(),
    }
}

/// The message as it travels, to `recipient`.
fn travelling(recipient: &str, occasion: Occasion) -> String {
    let desk = desk();
    let sheet = desk.sheet(&letter("bob@acme.test", occasion));
    let message = desk.message(&on_its_way(recipient, &sheet)).unwrap();
    String::from_utf8(message.formatted()).unwrap()
}

/// The names of the headers in front of the first blank line.
fn header_names(message: &str) -> Vec<String> {
    let (headers, _) = message.split_once("\r\n\r\n").unwrap();
    let mut names: Vec<_> = headers
        .split("\r\n")
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split_once(':').unwrap().0.to_owned())
        .collect();
    names.sort();
    names
}

const HEADERS: [&str; 8] =
    ["Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To"];

/// Every occasion, with `name` wherever a name goes.
fn occasions(name: &str) -> Vec<Occasion> {
    let name = || name.to_owned();
    let mut all = vec![Occasion::AdminEmailChanged {
        team_name: name(),
        email: Email::parse("new@acme.test").unwrap(),
        by: name(),
    }];
    for reader in [Reader::Themselves, Reader::Admin] {
        let (team_name, person_name, by) = (name(), name(), name());
        all.push(Occasion::Promoted { team_name, person_name, reader });
        let (team_name, person_name) = (name(), name());
        all.push(Occasion::Deactivated { team_name, person_name, by, reader });
        let (team_name, person_name, by) = (name(), name(), name());
        all.push(Occasion::Activated { team_name, person_name, by, reader });
        for role in [Role::Member, Role::Admin] {
            let (team_name, person_name, by) = (name(), name(), name());
            all.push(Occasion::RoleChanged { team_name, person_name, role, by, reader });
        }
    }
    all.push(Occasion::RequestWaiting {
        id: "01hx3z".to_owned(),
        company: name(),
        team_id: TeamId::parse("acme").unwrap(),
        contact: Email::parse("it@acme.test").unwrap(),
        rivals: 2,
    });
    let trouble = SignInTrouble::Refused { in_a_row: 3, cause: "The identity provider took too long." };
    let (last_good, reference) = (Some(START), Some("7K2F-9QXM".to_owned()));
    all.push(Occasion::SignInsFail { team_name: name(), trouble, last_good, reference });
    for trouble in [SignInTrouble::NobodyComesBack, SignInTrouble::Unreachable] {
        let (last_good, reference) = (None, None);
        all.push(Occasion::SignInsFail { team_name: name(), trouble, last_good, reference });
    }
    all.push(Occasion::SignInsWork { team_name: name() });
    all
}

#[test]
fn a_changed_role_reads_like_this() {
    assert_eq!(
        text(role_changed("Bob Bell")),
        "You are now an admin of Acme. As an admin you can change roles, deactivate people and open billing.\n\n\
         Changed by: Ada Lovelace.\n\n\
         Open the team page:\nhttps://sso.ledger.test/t/acme/team\n\n\
         You get this letter because it is about your account at Acme. Did you not expect it? Ask \
         https://ledger.test/help?a=1&b=2\n\n\
         -- \nLedger\n"
    );
}

#[test]
fn admins_read_what_is_wrong_since_when_and_where_to_look() {
    let (team_name, cause) = ("Acme".to_owned(), "The identity provider rejected the client secret.");
    let trouble = SignInTrouble::Refused { in_a_row: 3, cause };
    let (last_good, reference) = (Timestamp::parse("2026-05-03T09:12:59Z"), Some("7K2F-9QXM".to_owned()));
    assert_eq!(
        text(Occasion::SignInsFail { team_name, trouble, last_good, reference }),
        "The last 3 sign-ins to Acme were refused. The last one: The identity provider rejected the client secret.\n\n\
         Somebody last came in on 2026-05-03 at 09:12 UTC. Whoever is signed in stays so.\n\n\
         The settings page tells what happened and what to do; the reference of the last one is 7K2F-9QXM.\n\n\
         Open the single sign-on settings:\nhttps://sso.ledger.test/t/acme/settings/sso\n\n\
         You get this letter because you are an admin of Acme. Did you not expect it? Ask \
         https://ledger.test/help?a=1&b=2\n\n\
         -- \nLedger\n"
    );
}

#[test]
fn a_letter_about_a_request_leads_to_the_console_where_there_is_one() {
    let waiting = Occasion::RequestWaiting {
        id: "01hx3z".to_owned(),
        company: "Acme".to_owned(),
        team_id: TeamId::parse("acme").unwrap(),
        contact: Email::parse("it@acme.test").unwrap(),
        rivals: 0,
    };
    let address = "https://sso.ledger.test/operator/requests/01hx3z";
    let text = |desk: Desk| desk.sheet(&letter("olga@operator.test", waiting.clone())).text();
    assert!(text(desk().with_console(true)).contains(address));
    assert!(!text(desk()).contains("/operator"));
}

#[test]
fn every_occasion_has_its_subject() {
    let subjects: Vec<_> = occasions("Bo").into_iter().map(subject).collect();
    assert_eq!(
        subjects,
        [
            "The admin email of Bo was changed",
            "You are now an admin of Bo",
            "Your account at Bo was deactivated",
            "Your account at Bo is active again",
            "You are now a member of Bo",
            "You are now an admin of Bo",
            "Bo is now an admin of Bo",
            "Bo was deactivated at Bo",
            "Bo is active again at Bo",
            "Bo is now a member of Bo",
            "Bo is now an admin of Bo",
            "Bo asks for the team acme",
            "Sign-ins to Bo are refused",
            "People can't sign in to Bo",
            "People can't sign in to Bo",
            "People can sign in to Bo again",
        ]
    );
}

#[test]
fn a_question_of_the_operator_says_where_the_answer_goes_and_has_no_link() {
    let team_id = TeamId::parse("acme").unwrap();
    let asked = text(Occasion::RequestAsked { team_id, text: "Whose are you?\n\nWrite soon.".to_owned() });
    assert_eq!(
        asked,
        "Whose are you?\n\nWrite soon.\n\n\
         You get this letter because you were named as the contact of this request. Send your answer to \
         https://ledger.test/help?a=1&b=2\n\n\
         -- \nLedger\n"
    );
}

#[test]
fn an_address_nobody_proved_reads_nothing_that_a_stranger_typed_but_the_team_id() {
    let team_id = TeamId::parse("acme").unwrap();
    let proof = Occasion::RequestProof { team_id, path: "/request/confirm/tdq_x".to_owned(), hours: 24 };
    assert_eq!(
        text(proof),
        "Somebody asked for single sign-on with the Team ID acme and gave this address as the contact.\n\n\
         If it was you, confirm it within 24 hours: only then the request is looked at. If it was not, do nothing, \
         and it is forgotten.\n\n\
         Confirm the request:\nhttps://sso.ledger.test/request/confirm/tdq_x\n\n\
         You get this letter because this address was typed into a form. Did you not expect it? Ask \
         https://ledger.test/help?a=1&b=2\n\n\
         -- \nLedger\n"
    );
}

#[test]
fn every_operator_gets_what_concerns_the_operators() {
    let (_folder, database) = database();
    let operators = ["olga@operator.test", "otto@operator.test"].map(|to| Email::parse(to).unwrap());
    let desk = desk().with_operators(operators.to_vec());
    let team_id = TeamId::parse("acme").unwrap();
    let text = "Why not acme-labs?".to_owned();
    let occasion = Occasion::RequestAsked { team_id, text };
    database.write(START, |tx| desk.write_to_operators(tx, &Dice, &occasion)).unwrap();
    assert_eq!(waiting(&database), 2);
}

#[test]
fn a_letter_travels_with_these_headers_and_both_bodies() {
    let message = travelling("bob@acme.test", role_changed("Bob Bell"));
    assert_eq!(header_names(&message), HEADERS);
    for line in [
        "From: Ledger <sso@ledger.test>",
        "To: bob@acme.test",
        "Subject: You are now an admin of Acme",
        "Date: Sun, 03 May 2026 10:00:00 +0000",
        "Message-ID: <00000000000000000000000001@sso.ledger.test>",
        "Auto-Submitted: auto-generated",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: text/html; charset=utf-8",
        "https://sso.ledger.test/t/acme/team",
        "<p><a href=\"https://sso.ledger.test/t/acme/team\">Open the team page</a></p>",
        "<p>Changed by: Ada Lovelace.</p>",
    ] {
        assert!(message.split("\r\n").any(|there| there == line), "{line} is not in\n{message}");
    }
    assert!(message.contains("href=\"https://ledger.test/help?a=1&amp;b=2\""));
}

#[test]
fn markup_in_names_is_text() {
    let hostile = "<script>alert(1)</script>\"'&<img src=x>";
    for occasion in occasions(hostile) {
        let html = desk().sheet(&letter("bob@acme.test", occasion)).html();
        assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"), "{html}");
    }
}

#[test]
fn line_breaks_in_names_add_no_header_and_no_paragraph() {
    let plain = text(role_changed("Bob")).lines().count();
    for hostile in [
        "Bob\r\nBcc: eve@evil.test",
        "Bob\nBcc: eve@evil.test\n\nHello",
        "Bob\rBcc: eve@evil.test",
        "Bob\u{2028}Bcc: eve@evil.test\u{85}\u{b}\u{c}\0x",
        "Bób\r\nBcc: eve@evil.test",
    ] {
        for occasion in occasions(hostile) {
            let message = travelling("bob@acme.test", occasion);
            assert_eq!(header_names(&message), HEADERS, "{message}");
        }
        let mut occasion = role_changed("Bob");
        if let Occasion::RoleChanged { by, team_name, .. } = &mut occasion {
            (*by, *team_name) = (hostile.to_owned(), hostile.to_owned());
        }
        assert_eq!(text(occasion).lines().count(), plain, "{hostile:?}");
    }
}

proptest! {
    #[test]
    fn no_name_at_all_adds_a_header(name in "\\PC{0,120}|[\\x00-\\x7f]{0,120}") {
        for occasion in occasions(&name) {
            prop_assert_eq!(header_names(&travelling("bob@acme.test", occasion)), HEADERS);
        }
    }
}

#[test]
fn a_megabyte_of_name_makes_no_long_letter() {
    for occasion in occasions(&"W".repeat(1_000_000)) {
        let sheet = desk().sheet(&letter("bob@acme.test", occasion));
        assert!(sheet.subject.chars().count() < 220, "{}", sheet.subject);
        assert!(sheet.text().len() < 2_000 && sheet.html().len() < 4_000);
    }
}

#[test]
fn international_domains_travel_in_ascii_and_strange_addresses_not_at_all() {
    let message = travelling("bob@müller.example", role_changed("Bob"));
    assert!(message.contains("To: bob@xn--mller-kva.example\r\n"), "{message}");
    let sheet = desk().sheet(&letter("bob@acme.test", role_changed("Bob")));
    for bad in ["a..b@acme.test", "bob", "bob@", "bob@acme.test\r\nBcc: x@y.z"] {
        assert!(desk().message(&on_its_way(bad, &sheet)).is_err(), "{bad}");
    }
}

#[test]
fn a_desk_needs_a_sender_and_addresses_that_readers_may_follow() {
    let url = |text: &str| Url::parse(text).unwrap();
    let desk = |public_url: &str, from: &str, support_url: &str| {
        Desk::new("Ledger", url(public_url), from, Some(url(support_url)))
    };
    let good = desk("http://localhost:3000/", "Ledger <a@b.test>", "mailto:help@b.test").unwrap();
    assert_eq!(good.from.to_string(), "Ledger <a@b.test>");
    let link = good.sheet(&letter("bob@acme.test", role_changed("Bob"))).link.unwrap().1;
    assert_eq!(link, "http://localhost:3000/t/acme/team");
    for bad in ["", "sso", "a@b.test\r\nBcc: x@y.z", "a@b.test, c@d.test"] {
        assert_eq!(desk("https://a.test", bad, "https://a.test").unwrap_err(), DeskError::From, "{bad:?}");
    }
    let error = desk("file:///x", "a@b.test", "https://a.test").unwrap_err();
    assert_eq!(error, DeskError::PublicUrl);
    let error = desk("https://a.test", "a@b.test", "javascript:alert(1)").unwrap_err();
    assert_eq!(error, DeskError::SupportUrl);
}

#[test]
fn a_letter_leaves_only_with_the_deed_it_tells_of() {
    let (_folder, database) = database();
    let letter = letter("bob@acme.test", role_changed("Bob"));
    let undone = database.write(START, |tx| {
        desk().write(tx, &Dice, &letter)?;
        Err::<(), _>(StorageError::Unavailable("the deed failed".to_owned()))
    });
    assert!(undone.is_err());
    assert_eq!(waiting(&database), 0);
    database.write(START, |tx| desk().write(tx, &Dice, &letter)).unwrap();
    assert_eq!(waiting(&database), 1);
}

#[test]
fn a_recipient_gets_thirty_letters_an_hour_and_the_last_one_says_so() {
    let (_folder, database) = database();
    let desk = desk();
    for _ in 0..LETTERS + 5 {
        write(&database, &desk, START, "bob@acme.test");
    }
    assert_eq!(waiting(&database), i64::from(LETTERS));
    let bodies = bodies(&database, START);
    let pausing = bodies.iter().filter(|body| body.contains("letters to you now pause")).count();
    assert_eq!(pausing, 1);
    write(&database, &desk, START.plus(WINDOW), "bob@acme.test");
    assert_eq!(waiting(&database), i64::from(LETTERS) + 1);
}

/// The texts of all letters that are due, claiming them on the way.
fn bodies(database: &storage::Database, now: Timestamp) -> Vec<String> {
    let mut bodies = Vec::new();
    loop {
        let candidates = database.read(|connection| outbox::due(connection, now)).unwrap();
        let claimed = database.write(now, |tx| outbox::claim(tx, &candidates)).unwrap();
        match claimed {
            Some(letter) => bodies.push(letter.body_text),
            None => return bodies,
        }
    }
}
