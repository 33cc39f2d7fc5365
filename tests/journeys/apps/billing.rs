//! Billing: for admins, and a calm word for everybody else.

use serde_json::json;
use support::{World, on_both};

use super::{ADA, BOB, Vendor, told};

on_both! {
    async fn admins_come_to_billing_and_members_learn_whom_to_ask(db) {
        let world = World::new(db).await;
        let vendor = Vendor::new(&world, db);
        vendor.register(json!({"name": "Billing", "place": "billing", "min_role": "admin", "initiate_login_uri": "https://billing.example/in"})).await;
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        let address = world.at("/t/acme/billing");
        let answer = ada.get(&address).await;
        let (there, all) = told(&answer);
        assert_eq!((answer.status, there.as_str()), (303, "https://billing.example/in"));
        assert_eq!(all, [("iss".to_owned(), world.node.base.clone()), ("team_id".to_owned(), "acme".to_owned())]);
        let page = bob.get(&address).await;
        assert_eq!((page.status, page.code(), page.heading()), (403, Some("not_admin"), "Billing is for admins of Acme"));
        assert!(page.sentence().contains("ask Ada Lovelace."), "{}", page.sentence());
        assert_eq!(page.button("Back to apps").as_deref(), Some("/t/acme"));
        for path in ["/t/acme", "/t/acme/team", "/t/acme/tokens", "/t/acme/activity"] {
            let link = "href=\"/t/acme/billing\"";
            let [to_ada, to_bob] = [ada.get(&world.at(path)).await, bob.get(&world.at(path)).await];
            assert!(to_ada.body.contains(link) && !to_bob.body.contains(link), "{path}");
        }
        let team = world.team_page(&ada, "acme").await;
        world.change(&ada, &team, BOB, "role", &[("role", "admin")]).await;
        assert_eq!(told(&bob.get(&address).await).0, "https://billing.example/in");
    }

    async fn a_team_without_billing_is_told_so_and_has_no_link(db) {
        let world = World::new(db).await;
        let vendor = Vendor::new(&world, db);
        vendor.register(json!({"name": "Of globex", "place": "billing", "home_url": "https://b.example/", "teams": ["globex"]})).await;
        vendor.register(json!({"name": "A tile", "home_url": "https://t.example/"})).await;
        let (ada, bob) = (world.sign_in("acme", ADA).await, world.sign_in("acme", BOB).await);
        let page = ada.get(&world.at("/t/acme/billing")).await;
        assert_eq!((page.status, page.code()), (404, Some("billing_missing")));
        assert!(page.sentence().contains("no billing page for Acme"), "{}", page.sentence());
        assert!(!ada.get(&world.at("/t/acme")).await.body.contains("/billing\""));
        assert_eq!(bob.get(&world.at("/t/acme/billing")).await.code(), Some("not_admin"), "a member learns no more");
    }

    async fn each_team_has_its_own_billing_the_first_by_name(db) {
        let world = World::new(db).await;
        let vendor = Vendor::new(&world, db);
        for (name, teams) in [("c", json!(null)), ("b", json!(["acme"])), ("a", json!(["globex"]))] {
            let mut app = json!({"name": name, "place": "billing", "home_url": format!("https://{name}.example/")});
            if !teams.is_null() {
                app["teams"] = teams;
            }
            vendor.register(app).await;
        }
        for (team, admin, billing) in [("acme", ADA, "b"), ("globex", "gil@globex.test", "a"), ("acme-labs", "cyd@acme.test", "c")] {
            let browser = world.sign_in(team, admin).await;
            let answer = browser.get(&world.at(&format!("/t/{team}/billing"))).await;
            assert_eq!(answer.location().unwrap().as_str(), format!("https://{billing}.example/"), "{team}");
        }
    }
}
