//! The form: what is wrong says what to do, what was typed is kept, and nobody's mailbox is filled by it.

use support::{Browser, World, command, on_both};

use super::{CONTACT, OLGA, SECRET, deeds, form, kept, letters, letters_to, link, send, send_with, world};

/// The value of a field of the page.
fn value<'a>(page: &'a support::Answer, name: &str) -> &'a str {
    let field =
        page.between(&format!(" name=\"{name}\""), ">").unwrap_or_else(|| panic!("no {name}: {}", page.body));
    support::browser::between(field, "value=\"", "\"").unwrap()
}

/// What stands beside a field.
fn beside<'a>(page: &'a support::Answer, name: &str) -> Option<&'a str> {
    page.between(&format!("id=\"{name}_error\">"), "</p>")
}

on_both! {
    async fn a_company_that_asks_is_told_to_look_into_its_mail(db) {
        let world = world(db).await;
        let page = Browser::default().get(&world.at("/request")).await;
        assert_eq!((page.status, page.heading()), (200, "Set up single sign-on"));
        let sent = send(&world, &[]).await;
        assert_eq!((sent.status, sent.header("location")), (303, Some("/request/sent")));
        let page = Browser::default().follow(sent).await;
        assert_eq!((page.status, page.heading()), (200, "Check your mail"));
        let found = letters(&world).await;
        assert_eq!(found.len(), 1, "nobody but the contact hears of it: {found:?}");
        assert_eq!((found[0].to.as_str(), found[0].subject.as_str()), (CONTACT, "Confirm your request for single sign-on"));
        for typed in ["Initech Limited", "bill@initech.test", "client-of-initech", SECRET] {
            assert!(!found[0].text.contains(typed), "an address nobody proved reads nothing a stranger typed: {typed}");
        }
        assert_eq!(kept(&world), [("initech".to_owned(), "unconfirmed".to_owned(), true)]);
        assert_eq!(deeds(&world), [], "nothing is recorded of what anybody can type");
    }

    async fn the_connection_may_come_later_and_typing_is_forgiven(db) {
        let world = world(db).await;
        let later = [("team_id", " https://initech.okta.com "), ("issuer", ""), ("client_id", " "), ("client_secret", "")];
        assert_eq!(send(&world, &later).await.status, 303);
        let bare = [("team_id", "INITECH-LABS"), ("issuer", "initech.okta.com"), ("company", "  Initech ")];
        assert_eq!(send(&world, &bare).await.header("location"), Some("/request/sent"));
        let kept: Vec<_> = kept(&world).into_iter().map(|(team_id, _, secret)| (team_id, secret)).collect();
        assert_eq!(kept, [("initech".to_owned(), false), ("initech-labs".to_owned(), true)]);
    }

    async fn each_field_that_is_wrong_says_what_to_do_and_keeps_what_was_typed(db) {
        let world = world(db).await;
        let table = [
            ("company", " ", "Enter your company&#39;s name, at most 100 characters."),
            ("contact", "it at initech", "Enter an email address, for example ada@acme.com."),
            ("admin_email", "bill@", "Enter an email address, for example ada@acme.com."),
            ("team_id", "", "Choose a Team ID, for example acme or acme-research."),
            ("team_id", "a b", "Team IDs use lowercase letters, digits and single dashes, for example acme-research."),
            ("team_id", "it@initech.test", "That looks like an email address. Choose a short name, for example acme."),
            ("team_id", "support", "support is a word we use ourselves. Choose another Team ID."),
            ("issuer", "http://initech.okta.com", "The issuer must begin with https://."),
            ("issuer", "initech-admin.okta.com/admin", "That is where Okta&#39;s administrators work. Your issuer is probably https://initech.okta.com."),
            ("issuer", "https://initech.okta.com/?x=1", "Paste only the part of the issuer before ? or #."),
            ("issuer", "https://me:pw@initech.okta.com", "The issuer has no user name, password or @ in it. Paste the address alone."),
            ("issuer", "not an address", "Enter the issuer&#39;s address, for example https://acme.okta.com."),
            ("client_id", "a b", "A client ID has at most 255 characters and no blanks, for example 0oa74mh2scJf29qOD697."),
            ("client_secret", "••••••••", "These are only the dots or stars shown in its place. Copy the secret itself with the copy button there."),
            ("client_secret", "client-of-initech", "This is the client ID once more. Copy the secret from its own field."),
            ("issuer", "", "Enter the issuer that the client secret belongs to, or leave all three fields empty."),
            ("client_id", "", "Enter the client ID that the client secret belongs to, or leave all three fields empty."),
        ];
        for (field, typed, told) in table {
            let page = send(&world, &[(field, typed)]).await;
            assert_eq!((page.status, page.code()), (422, Some("request_invalid")), "{field} {typed}");
            assert_eq!(beside(&page, field), Some(told), "{field} {typed}");
            assert_eq!(page.body.matches("aria-invalid").count(), 1, "{field} {typed}");
            assert!(page.body.contains("<title>Error: ") && page.reference().is_some(), "{}", page.body);
            for (name, before) in form(&world, &[(field, typed)]).iter().filter(|(name, _)| *name != "client_secret") {
                // Pasted into both fields, it may be the secret.
                let kept = if *name == "client_id" && field == "client_secret" && typed == before { "" } else { before };
                assert_eq!(value(&page, name), kept.replace('&', "&#38;"), "{field} {typed}");
            }
            assert_eq!(value(&page, "client_secret"), "", "a secret never comes back");
            assert!(!page.body.contains(SECRET), "{}", page.body);
            let again = page.body.contains("For safety the secret was not kept.");
            assert_eq!(again, field != "client_secret", "{field} {typed}");
        }
        let page = Browser::default().post(&world.at("/request"), &[]).await;
        assert_eq!(page.body.matches("aria-invalid").count(), 4, "all at once: {}", page.body);
        assert_eq!((kept(&world).len(), letters(&world).await.len()), (0, 0));
    }

    async fn an_open_teams_id_is_taken_and_of_others_a_stranger_learns_nothing(db) {
        let world = world(db).await;
        world.add_team("gone", "acme", "ada@acme.test", |_team| ());
        world.add_team("shut", "acme", "ada@acme.test", |_team| ());
        assert!(command(&world, db, &["team", "remove", "gone", "--yes"]).done);
        assert!(command(&world, db, &["team", "suspend", "shut"]).done);
        let page = send(&world, &[("team_id", "acme")]).await;
        assert_eq!((page.status, page.code()), (422, Some("team_id_taken")));
        assert_eq!(beside(&page, "team_id"), Some("acme is taken. Choose another Team ID."));
        assert_eq!((kept(&world).len(), letters(&world).await.len()), (0, 0));
        for (n, closed) in ["gone", "shut", "never"].into_iter().enumerate() {
            let contact = format!("it{n}@initech.test");
            assert_eq!(send(&world, &[("team_id", closed), ("contact", &contact)]).await.status, 303, "{closed}");
        }
    }

    async fn what_is_worth_a_second_thought_refuses_nothing(db) {
        let world = world(db).await;
        let unlike = send(&world, &[("team_id", "widgets"), ("issuer", "https://initech.okta.com")]).await;
        assert_eq!(unlike.status, 303);
        let page = Browser::default().follow(unlike).await;
        assert!(page.body.contains("does not begin with your provider&#39;s subdomain"), "{}", page.body);
        let shared = send(&world, &[("issuer", "https://accounts.google.com")]).await;
        let page = Browser::default().follow(shared).await;
        assert!(page.body.contains("shared by many organisations"), "{}", page.body);
        let page = Browser::default().get(&world.at("/request/sent?remark=%3Cscript%3E&remark=anything")).await;
        assert!(page.status == 200 && !page.body.contains("script") && !page.body.contains("anything"), "{}", page.body);
    }

    async fn a_form_of_another_site_is_refused(db) {
        let world = world(db).await;
        for headers in [[("sec-fetch-site", "cross-site")], [("sec-fetch-site", "same-site")], [("origin", "https://evil.example")]] {
            let page = send_with(&world, &[], &headers).await;
            assert_eq!((page.status, page.code()), (403, Some("csrf")), "{headers:?}");
        }
        let own = [("sec-fetch-site", "same-origin"), ("origin", "null")];
        assert_eq!(send_with(&world, &[], &own).await.status, 303);
        assert_eq!(kept(&world).len(), 1);
    }

    async fn ten_requests_an_hour_come_from_one_network_and_mistypings_do_not_count(db) {
        let proxies = ("SERVER__TRUSTED_PROXIES", r#"["127.0.0.0/8", "::1/128"]"#);
        let world = World::with(db, &[proxies]).await;
        let from = async |address: &str, n: usize| {
            let (contact, team_id) = (format!("it-{n}@initech.test"), format!("initech-{n}"));
            let changes = [("contact", contact.as_str()), ("team_id", team_id.as_str())];
            send_with(&world, &changes, &[("x-forwarded-for", address)]).await
        };
        for n in 0..20 {
            let wrong = send_with(&world, &[("contact", "x")], &[("x-forwarded-for", "2001:db8::1")]).await;
            assert_eq!(wrong.status, 422, "{n}");
        }
        for n in 0..10 {
            assert_eq!(from(&format!("2001:db8::{n:x}"), n).await.status, 303, "{n}");
        }
        let page = from("2001:db8::ffff:1", 10).await;
        assert_eq!((page.status, page.code()), (429, Some("rate_limited")));
        assert_eq!(page.header("retry-after"), Some("3600"));
        assert!(page.body.contains("Too many requests came from your network"), "{}", page.body);
        assert_eq!((value(&page, "team_id"), value(&page, "client_secret")), ("initech-10", ""));
        assert_eq!(from("2001:db8:0:1::1", 10).await.status, 303, "its neighbour is another");
        assert_eq!(kept(&world).len(), 11);
    }

    async fn the_limit_can_be_switched_off(db) {
        let world = World::with(db, &[("LIMITS__REQUESTS_PER_ADDRESS", "off")]).await;
        for n in 0..15 {
            let (contact, team_id) = (format!("it-{n}@initech.test"), format!("initech-{n}"));
            assert_eq!(send(&world, &[("contact", &contact), ("team_id", &team_id)]).await.status, 303, "{n}");
        }
    }

    async fn nobodys_mailbox_is_filled_by_a_form(db) {
        let world = world(db).await;
        for spelling in ["it@initech.test", "IT@initech.test", "It@Initech.test", "iT@initech.TEST", "it@INITECH.test"] {
            assert_eq!(send(&world, &[("contact", spelling)]).await.status, 303, "{spelling}");
        }
        let page = send(&world, &[("contact", "IT@INITECH.TEST")]).await;
        assert_eq!((page.status, page.code()), (422, Some("request_invalid")));
        assert!(beside(&page, "contact").unwrap().starts_with("Five requests of this address wait"), "{}", page.body);
        assert_eq!(letters(&world).await.len(), 5);
        assert_eq!(send(&world, &[("contact", "boss@initech.test")]).await.status, 303);
    }

    async fn operators_without_an_address_miss_nothing_but_the_letter(db) {
        let world = World::new(db).await;
        assert_eq!(send(&world, &[]).await.status, 303);
        let link = link(&world, CONTACT, "initech").await;
        assert_eq!(Browser::default().post(&world.at(&link), &[]).await.status, 303);
        assert_eq!(letters_to(&world, OLGA).await, []);
        assert_eq!(kept(&world)[0].1, "waiting");
    }
}
