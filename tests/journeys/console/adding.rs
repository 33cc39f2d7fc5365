//! The form that adds a team: what it takes, and what it says beside each field that is wrong.

use audit::{Act, Actor};
use support::{command, on_both};

use super::{ADA, add, ends, led, page, world};
use crate::eyes;

const SECRET: &str = "a-secret-of-hooli-8fQ2";

on_both! {
    async fn a_team_is_added_with_as_much_as_is_known(db) {
        let world = world(db).await;
        let (ada, issuer) = (world.sign_in("acme", ADA).await, world.idp.issuer("globex"));
        let whole = [("team_id", " HOOLI "), ("admin_email", "gavin@hooli.test"), ("issuer", issuer.as_str()), ("client_id", "client-of-hooli"), ("client_secret", SECRET)];
        let added = add(&ada, &world, &whole).await;
        assert_eq!(led(&added), (303, "/operator/teams/hooli?done=added".to_owned()), "{}", added.body);
        let seen = ada.follow(added).await;
        assert!(seen.body.contains("<h1>Hooli</h1>") && seen.body.contains("client-of-hooli"), "{}", seen.body);
        assert!(seen.body.contains("Being set up") && seen.body.contains("by Ada Lovelace") && !seen.body.contains(SECRET), "{}", seen.body);

        let half = [("team_id", "piedpiper"), ("name", "Pied Piper"), ("admin_email", "richard@piedpiper.test"), ("issuer", issuer.as_str())];
        assert_eq!(add(&ada, &world, &half).await.status, 303);
        let seen = ada.get(&page(&world, "piedpiper")).await;
        assert!(seen.body.contains("Settings that wait") && seen.body.contains(&issuer), "{}", seen.body);
        let bare = [("team_id", "aviato"), ("admin_email", "erlich@aviato.test")];
        assert_eq!(add(&ada, &world, &bare).await.status, 303);
        assert!(ada.get(&page(&world, "aviato")).await.body.contains("None yet: the team"));

        let who = Actor::Console(eyes::person(&world.node.house.database, "acme", ADA).person.id);
        for team in ["hooli", "piedpiper", "aviato"] {
            let record = eyes::record(&world.node.house.database, team);
            assert_eq!(record.iter().map(|entry| (entry.act, &entry.actor)).collect::<Vec<_>>(), [(Some(Act::TeamAdded), &who)], "{team}");
        }
        let google = [("team_id", "raviga"), ("admin_email", "monica@raviga.test"), ("issuer", "https://accounts.google.com"), ("client_id", "raviga"), ("requirement", "hd=raviga.test")];
        assert_eq!(add(&ada, &world, &google).await.status, 303);
        assert!(ada.get(&page(&world, "raviga")).await.body.contains("hd=raviga.test"));
    }

    async fn each_field_says_what_is_wrong_and_nothing_is_lost_but_the_secret(db) {
        let world = world(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let wrong = [("team_id", "Ho oli!"), ("name", "Hooli &c"), ("admin_email", "gavin"), ("issuer", "ftp://hooli"), ("client_id", "hooli client"), ("client_secret", SECRET), ("requirement", "org=hooli"), ("link_to", "it at hooli")];
        let again = add(&ada, &world, &wrong).await;
        assert_eq!(ends(&again), (422, Some("form_invalid")), "{}", again.body);
        for field in ["team_id", "admin_email", "issuer", "client_id", "requirement", "link_to"] {
            assert!(again.body.contains(&format!("<p class=\"error\" id=\"{field}_error\">")), "{field}: {}", again.body);
            assert!(again.body.contains(&format!("{field}_error\" aria-invalid=\"true\"")), "{field}: {}", again.body);
        }
        for (name, value) in wrong.iter().filter(|(name, _)| *name != "client_secret") {
            let kept = format!(" name=\"{name}\" value=\"{}\"", value.replace('&', "&#38;"));
            assert!(again.body.contains(&kept), "{kept}: {}", again.body);
        }
        assert!(!again.body.contains(SECRET) && again.body.contains("Paste it again"), "{}", again.body);

        let twice = [("team_id", "hooli"), ("admin_email", "gavin@hooli.test"), ("issuer", "https://hooli.test"), ("client_id", SECRET), ("client_secret", SECRET)];
        let again = add(&ada, &world, &twice).await;
        assert!(again.status == 422 && !again.body.contains(SECRET), "{}", again.body);
        let alone = [("team_id", "hooli"), ("admin_email", "gavin@hooli.test"), ("client_secret", SECRET)];
        let again = add(&ada, &world, &alone).await;
        assert!(again.status == 422 && again.body.contains("issuer_error") && !again.body.contains(SECRET), "{}", again.body);
        assert!(eyes::record(&world.node.house.database, "hooli").is_empty());
    }

    async fn what_the_registry_refuses_stands_beside_its_field(db) {
        let world = world(db).await;
        let ada = world.sign_in("acme", ADA).await;
        assert!(command(&world, db, &["team", "remove", "acme-labs", "--yes"]).done);
        let google = [("issuer", "https://accounts.google.com"), ("client_id", "hooli")];
        let none: [(&str, &str); 0] = [];
        let table = [
            ("globex", &none[..], "team_exists", "team_id"),
            ("acme-labs", &none, "team_id_used_before", "team_id"),
            ("new", &none, "form_invalid", "team_id"),
            ("hooli", &google, "requirement_needed", "requirement"),
        ];
        for (team, more, code, field) in table {
            let mut form = vec![("team_id", team), ("admin_email", "gavin@hooli.test")];
            form.extend_from_slice(more);
            let again = add(&ada, &world, &form).await;
            assert_eq!(ends(&again), (422, Some(code)), "{team}: {}", again.body);
            assert!(again.body.contains(&format!("id=\"{field}_error\"")), "{team}: {}", again.body);
        }
        assert!(eyes::record(&world.node.house.database, "hooli").is_empty(), "all of it or nothing");
    }
}
