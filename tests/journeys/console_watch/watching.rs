//! Who may watch, how connections fare, and what a reference leads to.

use std::time::{Duration, Instant};

use mock_idp::AuthorizeFault;
use support::{Browser, World, command, on_both};

use super::{Console, PAGES, leads_to, says, says_not, world};
use crate::eyes;

/// A refused sign-in of Acme; its reference.
async fn refused(world: &World) -> String {
    world.idp.misbehave("acme", AuthorizeFault::AccessDenied);
    let page = world.sign_in_with(&Browser::default(), "acme", "bob@acme.test").await;
    world.idp.behave("acme");
    page.reference().unwrap().to_owned()
}

on_both! {
    async fn operators_alone_see_the_console(db) {
        let world = world(db).await;
        let reference = refused(&world).await;
        let olga = Console::open(&world).await;
        let oscar = world.sign_in("operators", "oscar@operator.test").await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let nobody = Browser::default();
        for path in PAGES.map(|path| path.replace("7K2F-9QXM", &reference)) {
            olga.page(&path).await;
            let member = oscar.get(&world.at(&path)).await;
            assert_eq!((member.status, member.code()), (403, Some("not_admin")), "{path}");
            for browser in [&ada, &nobody] {
                let answer = browser.get(&world.at(&path)).await;
                assert_eq!(answer.status, 303, "{path}");
                assert!(leads_to(&answer).starts_with("/t/operators/login?return_to=%2Foperator"), "{path}");
                says_not(&answer, &["acme", "Olga"]);
            }
            says_not(&member, &["acme", &reference]);
        }
        // An hour without use, and the console is closed.
        world.clock.forward(Duration::from_hours(1) + Duration::from_secs(1));
        assert_eq!(olga.get("/operator/audit").await.status, 303);
    }

    async fn without_a_team_of_operators_there_is_no_console(db) {
        let world = World::with(db, &[("OPERATOR__TEAM", "")]).await;
        let olga = world.sign_in("operators", "olga@operator.test").await;
        for path in PAGES {
            let answer = olga.get(&world.at(path)).await;
            assert_eq!((answer.status, answer.code()), (404, Some("console_not_configured")), "{path}");
        }
    }

    async fn the_unwell_stand_first_with_their_remedy_and_reference(db) {
        let world = world(db).await;
        world.sign_in("acme", "ada@acme.test").await;
        world.idp.misbehave("globex", AuthorizeFault::AccessDenied);
        let mut last = String::new();
        for _ in 0..3 {
            let page = world.sign_in_with(&Browser::default(), "globex", "gil@globex.test").await;
            page.reference().unwrap().clone_into(&mut last);
        }
        let (console, begun) = (Console::open(&world).await, Instant::now());
        let page = loop {
            let page = console.page("/operator/health").await;
            if page.body.contains("Failing") && page.body.contains("People come in.") {
                break page;
            }
            assert!(begun.elapsed() < Duration::from_secs(15), "{}", page.body);
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        let place = |team: &str| page.body.find(&format!("/operator/teams/{team}\"")).unwrap();
        assert!(place("globex") < place("acme") && place("acme") < place("operators"), "{}", page.body);
        let said = command(&world, db, &["team", "health", "globex"]).out;
        let message = support::browser::between(&said, "failing: ", "\n").unwrap();
        says(&page, &[message, "3 started, 3 returned, 0 came in, 3 refused", &format!("/operator/sign-ins/{last}\"")]);
        let api = crate::requests::Operator::new(&world, db).get("/health?limit=1").await;
        assert_eq!((&api["items"][0]["team_id"], &api["items"][0]["judgement"]), (&"globex".into(), &"failing".into()));
        assert_eq!(api["next"], "unwell.globex");
    }

    async fn a_reference_leads_to_its_sign_in_across_teams_however_it_is_typed(db) {
        let world = world(db).await;
        let reference = refused(&world).await;
        let console = Console::open(&world).await;
        let there = format!("/operator/sign-ins/{reference}");
        let bare = reference.to_lowercase().replace('-', "");
        for typed in [reference.clone(), bare.clone(), format!("+{}+{}", &bare[..4], &bare[4..])] {
            let found = console.get(&format!("/operator/sign-ins?reference={typed}")).await;
            assert_eq!((found.status, leads_to(&found)), (303, there.clone()), "{typed}");
        }
        let page = console.page(&there).await;
        says(&page, &[&reference, "/operator/teams/acme\"", ">Acme</a>", "<b>For the administrator of their sign-in service:</b>", "<dt>Code</dt><dd><code>idp_refused"]);
        says_not(&page, &["For you:", "/t/acme/settings"]);
        says(&console.page("/operator/sign-ins").await, &[&there, "/operator/teams/acme\""]);
        says(&console.page("/operator/sign-ins?team=+ACME+").await, &[&there]);
        for team in ["globex", "no-such-team", "%3Cscript%3E"] {
            let page = console.page(&format!("/operator/sign-ins?team={team}")).await;
            says(&page, &["was refused"]);
            says_not(&page, &[&there, "<script"]);
        }
        says(&console.page("/operator/sign-ins?reference=nonsense!").await, &["is no reference."]);
    }

    async fn a_reference_that_is_no_refused_sign_in_shows_the_record_or_says_that_the_log_has_it(db) {
        let world = world(db).await;
        let console = Console::open(&world).await;
        let reference = vocabulary::ReferenceId::parse("7K2F-9QXM").unwrap();
        let unknown = console.get("/operator/sign-ins/7k2f-9qxm").await;
        assert_eq!((unknown.status, unknown.code()), (404, Some("reference_unknown")));
        says(&unknown, &["Nothing is kept under this reference", "the log of the service"]);
        let (team, database) = (eyes::team("acme"), &world.node.house.database);
        let deed = audit::Deed {
            team: Some(&team),
            actor: &audit::Actor::IdentityProvider,
            act: audit::Act::SignedOutByIdp,
            target: None,
            detail: serde_json::json!({}),
            reference: Some(&reference),
        };
        database.write(vocabulary::Clock::now(&world.clock), |tx| audit::record(tx, &deed)).unwrap();
        says(&console.page("/operator/sign-ins/7K2F-9QXM").await, &["In the record", "person.signed_out_by_idp", "/operator/teams/acme\""]);
        let page = console.get("/operator/sign-ins/nonsense!").await;
        assert_eq!((page.status, page.code()), (404, Some("not_found")));
    }

    async fn pages_of_refused_sign_ins_follow_each_other_without_a_gap(db) {
        let world = world(db).await;
        for n in 0..120_u32 {
            let team = if n % 3 == 0 { "globex" } else { "acme" };
            let row = audit::Refused {
                reference: vocabulary::ReferenceId::parse(&format!("{n:0>8}")).unwrap(),
                team: eyes::team(team),
                stage: "authorization",
                cause: "idp_refused",
                detail: String::new(),
                claims: Vec::new(),
                timings: audit::Timings::default(),
            };
            let now = vocabulary::Clock::now(&world.clock).plus(Duration::from_millis(u64::from(n / 4)));
            world.node.house.database.write(now, |tx| audit::refused(tx, &row)).unwrap();
        }
        let console = Console::open(&world).await;
        for (filter, expected) in [("", 120), ("?team=acme", 80)] {
            let (mut seen, mut next) = (std::collections::BTreeSet::new(), Some(format!("/operator/sign-ins{filter}")));
            while let Some(path) = next {
                let page = console.page(&path).await;
                let rows = page.body.split("/operator/sign-ins/").skip(1);
                seen.extend(rows.map(|row| row[..9].to_owned()));
                next = page.between("rel=\"next\" href=\"", "\"").map(|path| path.replace("&#38;", "&").replace("&amp;", "&"));
            }
            assert_eq!(seen.len(), expected, "{filter}");
        }
    }
}
