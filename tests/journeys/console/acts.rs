//! What an operator does to a team: every act, what refuses it, and who the record says it was.

use std::time::Duration;

use audit::{Act, Actor};
use support::world::client;
use support::{Answer, Browser, on_both};

use super::{ADA, BOB, add, ends, led, page, press, send, set, world};
use crate::eyes;
use crate::setup::{self, CLIENT, HAN, SECRET, TEAM, letters, rehearse, values};

const TO: &str = "/operator/teams/initech";

/// What comes after an act that was done.
fn done(word: &str) -> (u16, String) {
    (303, format!("{TO}?done={word}"))
}

/// The setup link that an answer shows.
fn link(answer: &Answer) -> &str {
    answer.between("<code class=\"link\">", "</code>").unwrap_or_else(|| panic!("{}", answer.body))
}

on_both! {
    async fn an_operator_does_every_act_to_a_team(db) {
        let world = world(db).await;
        let database = &world.node.house.database;
        world.idp.add_client("globex", client(TEAM, &world.node.base));
        let (ada, initech) = (world.sign_in("acme", ADA).await, page(&world, TEAM));
        let mut pages = Vec::new();

        let new = [("team_id", TEAM), ("name", "Initech"), ("admin_email", HAN), ("link_to", "it@initech.test")];
        let added = add(&ada, &world, &new).await;
        assert_eq!(led(&added), done("invited"), "{}", added.body);
        let seen = ada.follow(added).await;
        assert!(seen.body.contains("it@initech.test") && seen.body.contains("Being set up"), "{}", seen.body);
        assert!(letters(&world).await.iter().any(|letter| letter.contains("To: it@initech.test") && letter.contains("/setup/")));

        let made = press(&ada, &initech, "setup_link", &[("link_to", "")]).await;
        let link = link(&made).to_owned();
        assert!(made.status == 200 && link.starts_with(&world.at("/setup/")), "{}", made.body);
        let after = ada.get(&initech).await;
        assert!(!after.body.contains(&link) && after.body.contains("Not yet"), "shown once: {}", after.body);

        assert_eq!(ends(&press(&ada, &initech, "enable", &[]).await), (409, Some("not_tested")));
        let ian = Browser::default();
        assert_eq!(ian.post(&link, &[]).await.status, 303);
        let issuer = world.idp.issuer("globex");
        assert_eq!(setup::press(&ian, &link, "save", &values(&issuer)).await.status, 303);
        let pending = ada.get(&initech).await;
        assert!(pending.body.contains("Settings that wait") && pending.body.contains(CLIENT), "{}", pending.body);
        assert!(pending.body.contains("whoever has the setup link"), "who set the secret: {}", pending.body);
        let checked = press(&ada, &initech, "check", &[]).await;
        assert!(checked.status == 200 && checked.body.contains("Issuer, letter by letter"), "{}", checked.body);
        assert!(!checked.body.contains("Client ID and secret</b>"));
        let probed = press(&ada, &initech, "probe", &[]).await;
        assert!(probed.status == 200 && probed.body.contains("Client ID and secret</b>"), "{}", probed.body);
        rehearse(&ian, &link, &[], HAN).await;
        assert!(ada.get(&initech).await.body.contains("Tested"));
        assert_eq!(led(&press(&ada, &initech, "enable", &[]).await), done("live"));
        assert_eq!(ends(&press(&ada, &initech, "setup_link", &[("link_to", "")]).await), (409, Some("setup_finished")));
        assert_eq!(Browser::default().get(&link).await.status, 404, "links end");

        assert_eq!(ends(&press(&ada, &initech, "require", &[]).await), (409, Some("require_needs_admin")));
        let han = world.sign_in(TEAM, HAN).await;
        assert_eq!(led(&press(&ada, &initech, "require", &[]).await), done("required"));
        assert_eq!(led(&press(&ada, &initech, "relax", &[]).await), done("relaxed"));
        assert_eq!(ends(&press(&ada, &initech, "rollback", &[]).await), (409, Some("version_conflict")));

        let edit = [("name", "Initech Ltd"), ("admin_email", "peter@globex.test")];
        assert_eq!(led(&press(&ada, &initech, "edit", &edit).await), done("saved"));
        let back = [("name", "Initech Ltd"), ("admin_email", HAN)];
        assert_eq!(led(&press(&ada, &initech, "edit", &back).await), done("known"), "Han has an account with it");

        let asked = press(&ada, &initech, "suspend", &[]).await;
        assert!(asked.status == 200 && asked.body.contains("Type the Team ID initech"), "{}", asked.body);
        assert_eq!(ends(&press(&ada, &initech, "suspend", &[("typed", "Initech Ltd")]).await), (422, Some("form_invalid")));
        assert_eq!(han.get(&world.at("/t/initech")).await.status, 200, "nothing was done yet");
        assert_eq!(led(&press(&ada, &initech, "suspend", &[("typed", " initech ")]).await), done("suspended"));
        assert_eq!((han.get(&world.at("/t/initech")).await.status, eyes::sessions(database, TEAM)), (404, 0));
        assert_eq!(ends(&press(&ada, &initech, "setup_link", &[("link_to", "")]).await), (409, Some("team_suspended")));
        assert_eq!(led(&press(&ada, &initech, "resume", &[]).await), done("resumed"));
        pages.extend([seen, after, pending, checked, probed, asked, ada.get(&initech).await]);
        let removed = press(&ada, &initech, "remove", &[("typed", "initech")]).await;
        assert_eq!(led(&removed), (303, "/operator?removed=initech".to_owned()));
        let list = ada.follow(removed).await;
        assert!(list.body.contains("initech is removed."), "{}", list.body);
        assert_eq!(ends(&ada.get(&initech).await), (404, Some("team_unknown")));

        assert!(pages.iter().chain([&list, &made]).all(|page| !page.body.contains(SECRET)), "a secret is never shown");
        let ada = eyes::person(database, "acme", ADA).person.id;
        let by_console = [Act::TeamAdded, Act::SetupLinkMade, Act::SettingsLive, Act::SsoRequired, Act::SsoRelaxed, Act::TeamChanged, Act::TeamSuspended, Act::TeamResumed, Act::TeamRemoved];
        let record = eyes::record(database, TEAM);
        for act in by_console {
            let mut entries = record.iter().filter(|entry| entry.act == Some(act)).peekable();
            assert!(entries.peek().is_some(), "{act:?} is on record");
            assert!(entries.all(|entry| entry.actor == Actor::Console(ada.clone())), "{act:?} by Ada at the console");
        }
        assert!(record.iter().all(|entry| !entry.detail.to_string().contains(SECRET)));
    }

    async fn a_setup_link_is_revoked_and_goes_to_a_good_address_alone(db) {
        let world = world(db).await;
        let (ada, initech) = (world.sign_in("acme", ADA).await, page(&world, TEAM));
        assert_eq!(led(&add(&ada, &world, &[("team_id", TEAM), ("admin_email", HAN)]).await), done("added"));
        let wrong = press(&ada, &initech, "setup_link", &[("link_to", "it at initech")]).await;
        assert_eq!(ends(&wrong), (422, Some("form_invalid")));
        assert!(wrong.body.contains("value=\"it at initech\"") && wrong.body.contains("id=\"link_to_error\""), "{}", wrong.body);
        assert!(wrong.body.contains(&format!("value=\"{HAN}\"")), "the other fields stay as they are: {}", wrong.body);

        let made = press(&ada, &initech, "setup_link", &[("link_to", "it@initech.test")]).await;
        let link = link(&made).to_owned();
        assert!(made.body.contains("A letter with it is on its way to it@initech.test."), "{}", made.body);
        assert_eq!(Browser::default().get(&link).await.status, 200);
        assert_eq!(led(&press(&ada, &initech, "revoke_link", &[]).await), done("revoked"));
        assert_eq!(Browser::default().get(&link).await.status, 404);
        let entry = eyes::record(&world.node.house.database, TEAM).remove(0);
        assert_eq!(entry.act, Some(Act::SetupLinkRevoked));
        assert!(matches!(entry.actor, Actor::Console(_)), "{:?}", entry.actor);

        let again = press(&ada, &initech, "setup_link", &[("link_to", "")]).await;
        assert_eq!(again.status, 200);
        world.clock.forward(Duration::from_mins(50));
        assert!(ada.get(&initech).await.body.contains("Revoke the setup link"));
        world.clock.forward(Duration::from_hours(72));
        let ada = world.sign_in("acme", ADA).await;
        assert!(!ada.get(&initech).await.body.contains("Revoke the setup link"), "it grew too old");
    }

    async fn what_changed_meanwhile_is_looked_at_again_first(db) {
        let world = world(db).await;
        let (ada, globex) = (world.sign_in("acme", ADA).await, page(&world, "globex"));
        world.sign_in("acme", BOB).await;
        set(&world, db, BOB, "admin");
        let bob = world.sign_in("acme", BOB).await;
        let seen = ada.get(&globex).await;
        let edit = |name| [("name", name), ("admin_email", "gil@globex.test")];
        assert_eq!(press(&bob, &globex, "edit", &edit("Globex Two")).await.status, 303);
        let late = send(&ada, &globex, &seen, "edit", &edit("Globex Three")).await;
        assert_eq!(ends(&late), (409, Some("version_conflict")), "{}", late.body);
        assert_eq!(late.button("Back to the team").as_deref(), Some("/operator/teams/globex"));
        assert!(ada.get(&globex).await.body.contains("<h1>Globex Two</h1>"));

        for (wrong, code) in [(edit(""), "name_invalid"), ([("name", "Globex"), ("admin_email", "gil")], "form_invalid")] {
            let refused = press(&ada, &globex, "edit", &wrong).await;
            assert_eq!(ends(&refused), (422, Some(code)), "{}", refused.body);
            assert!(refused.body.contains("aria-invalid=\"true\""), "{}", refused.body);
        }
        let nothing = eyes::record(&world.node.house.database, "globex").len();
        assert_eq!(press(&ada, &globex, "edit", &edit("Globex Two")).await.status, 303);
        assert_eq!(eyes::record(&world.node.house.database, "globex").len(), nothing, "nothing changed");
    }

    async fn a_refused_sign_in_stands_on_the_teams_page(db) {
        let world = world(db).await;
        let ada = world.sign_in("acme", ADA).await;
        world.idp.misbehave("globex", mock_idp::AuthorizeFault::AccessDenied);
        let refused = world.sign_in_with(&Browser::default(), "globex", "gil@globex.test").await;
        let reference = refused.reference().expect("a reference");
        let seen = ada.get(&page(&world, "globex")).await;
        assert!(seen.body.contains(&format!("href=\"/operator/sign-ins/{reference}\"")), "{}", seen.body);
        assert!(seen.body.contains("href=\"/operator/audit?team=globex\"") && seen.body.contains("/t/globex/login"));
    }

    async fn break_glass_shows_its_code_once_and_mails_the_link_to_that_admin(db) {
        let world = world(db).await;
        let (ada, globex) = (world.sign_in("acme", ADA).await, page(&world, "globex"));
        let seen = ada.get(&globex).await;
        assert!(seen.body.contains("It is for an active admin of this team"), "nobody is one yet: {}", seen.body);
        world.sign_in("globex", "gil@globex.test").await;
        let gil = eyes::person(&world.node.house.database, "globex", "gil@globex.test").person.id.to_string();
        world.sign_in("globex", HAN).await;
        let han = eyes::person(&world.node.house.database, "globex", HAN).person.id.to_string();
        assert_eq!(ends(&press(&ada, &globex, "break_glass", &[("person", &han)]).await), (409, Some("person_not_admin")));
        assert_eq!(ends(&press(&ada, &globex, "break_glass", &[("person", "gil")]).await), (422, Some("form_invalid")));

        let made = press(&ada, &globex, "break_glass", &[("person", &gil)]).await;
        let code = link(&made).to_owned();
        assert_eq!((made.status, code.len()), (200, "7K2F-9QXM-3T".len()), "{}", made.body);
        let told = letters(&world).await;
        let letter = told.iter().find(|letter| letter.contains("To: gil@globex.test") && letter.contains("/break-glass/")).expect("the link by mail");
        assert!(!letter.contains(&code) && !made.body.contains("/break-glass/"), "neither is beside the other");
        assert!(!ada.get(&globex).await.body.contains(&code));
        assert_eq!(led(&press(&ada, &globex, "revoke_glass", &[]).await), (303, "/operator/teams/globex?done=glass_revoked".to_owned()));
        let record = eyes::record(&world.node.house.database, "globex");
        for act in [Act::BreakGlassMade, Act::BreakGlassRevoked] {
            let entry = record.iter().find(|entry| entry.act == Some(act)).expect("an entry");
            assert!(matches!(entry.actor, Actor::Console(_)) && !entry.detail.to_string().contains(&code), "{entry:?}");
        }
    }

    async fn two_operators_who_suspend_and_resume_at_once_take_turns(db) {
        let world = world(db).await;
        let (ada, globex) = (world.sign_in("acme", ADA).await, page(&world, "globex"));
        world.sign_in("acme", BOB).await;
        set(&world, db, BOB, "admin");
        let bob = world.sign_in("acme", BOB).await;
        let database = &world.node.house.database;
        for _round in 0..20 {
            let (suspended, resumed) = tokio::join!(
                press(&ada, &globex, "suspend", &[("typed", "globex")]),
                press(&bob, &globex, "resume", &[]),
            );
            assert_eq!((suspended.status, resumed.status), (303, 303), "{}\n{}", suspended.body, resumed.body);
            let record = eyes::record(database, "globex");
            let turns: Vec<Act> = record.iter().filter_map(|entry| entry.act).filter(|act| matches!(act, Act::TeamSuspended | Act::TeamResumed)).collect();
            assert!(turns.windows(2).all(|two| two[0] != two[1]), "each turn follows the other one: {turns:?}");
            let is_suspended = ada.get(&globex).await.body.contains("value=\"resume\"");
            assert_eq!(is_suspended, turns.first() == Some(&Act::TeamSuspended), "the record says how it stands");
        }
    }
}
