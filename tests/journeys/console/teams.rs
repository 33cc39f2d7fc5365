//! Who may sit at the console, and the list of teams.

use std::time::Duration;

use mock_idp::Person;
use storage::each;
use support::{Browser, World, command, on_both};

use super::{olga, refused_within_a_second};

on_both! {
    async fn only_an_admin_of_the_operators_team_sits_at_the_console(db) {
        let world = World::new(db).await;
        let stranger = world.sign_in("acme", "ada@acme.test").await;
        let sent = stranger.get(&world.at("/operator")).await;
        assert_eq!(sent.status, 303, "an admin of another team is nobody here");
        assert_eq!(sent.location().unwrap().path(), "/t/operators/login");
        let (olga, page) = olga(&world).await;
        for team in ["acme", "acme-labs", "globex", "operators"] {
            assert!(page.body.contains(&format!("href=\"/operator/teams/{team}\"")), "{team}: {}", page.body);
        }
        let promoted = command(&world, db, &["person", "list", "operators", "--json"]).out;
        assert!(promoted.contains("olga@operator.test"), "{promoted}");
        // Somebody else becomes admin, and Olga a member: her next request is a member's.
        world.idp.add_person("operators", Person::named("Omar", "omar@operator.test"));
        world.sign_in("operators", "omar@operator.test").await;
        assert!(command(&world, db, &["role", "set", "operators", "omar@operator.test", "admin"]).done);
        assert!(command(&world, db, &["role", "set", "operators", "olga@operator.test", "member"]).done);
        refused_within_a_second(&olga, &world.at("/operator")).await;
        let refused = olga.get(&world.at("/operator")).await;
        assert_eq!((refused.status, refused.code()), (403, Some("not_admin")));
        assert!(!refused.body.contains("globex"), "{}", refused.body);
    }

    async fn an_hour_without_use_ends_an_operators_session_and_nobody_elses(db) {
        let world = World::new(db).await;
        let (olga, _) = olga(&world).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        for _ in 0..3 {
            world.clock.forward(Duration::from_mins(50));
            assert_eq!(olga.get(&world.at("/operator")).await.status, 200, "it is in use");
        }
        world.clock.forward(Duration::from_hours(1));
        assert_eq!(olga.get(&world.at("/operator")).await.status, 303);
        assert_eq!(ada.get(&world.at("/t/acme")).await.status, 200);
    }

    async fn without_an_operators_team_there_is_no_console(db) {
        let world = World::with(db, &[("OPERATOR__TEAM", "nobody")]).await;
        let elsewhere = Browser::default().get(&world.at("/operator")).await;
        assert_eq!((elsewhere.status, elsewhere.code()), (404, Some("team_unknown")), "no such team is open");
    }

    async fn teams_are_found_and_paged(db) {
        let world = World::new(db).await;
        sow(&world, 120);
        let (olga, page) = olga(&world).await;
        let count = |body: &str| body.matches("<th scope=\"row\"><a class=\"plain\" href=\"/operator/teams/").count();
        assert_eq!(count(&page.body), 50);
        let mut seen = 0;
        let mut next = Some("/operator".to_owned());
        while let Some(path) = next {
            let page = olga.get(&world.at(&path)).await;
            seen += count(&page.body);
            next = page.between("rel=\"next\" href=\"", "\"").map(|path| path.replace("&#38;", "&").replace("&amp;", "&"));
        }
        assert_eq!(seen, 124, "every team once");
        for (typed, found) in [("field-0007", 1), ("FIELD 0007", 1), ("gil@globex", 1), ("0007", 1), ("fi%d", 0), ("field-", 50)] {
            let page = olga.get(&world.at(&format!("/operator?q={}", typed.replace('%', "%25").replace(' ', "+")))).await;
            assert_eq!((page.status, count(&page.body)), (200, found), "{typed}");
        }
        let nothing = olga.get(&world.at("/operator?q=%3Cscript%3E")).await;
        assert!(nothing.body.contains("No team matches") && !nothing.body.contains("<script>"), "{}", nothing.body);
        let odd = olga.get(&world.at("/operator?after=%00&q=%00")).await;
        assert_eq!(odd.status, 200);
    }
}

/// Many teams at once, behind the service's back.
fn sow(world: &World, many: usize) {
    use diesel::prelude::*;
    use storage::schema::teams;
    let rows = (0..many).map(|n| {
        (
            teams::team_id.eq(format!("field-{n:0>4}")),
            teams::name.eq(format!("Field {n:0>4}")),
            teams::status.eq("active"),
            teams::admin_email.eq(format!("admin@field{n}.test")),
            teams::roles_version.eq(0_i64),
            teams::sso_required.eq(false),
            teams::created_at.eq(0_i64),
            teams::tokens.eq("shared"),
            teams::tokens_reveal.eq(false),
        )
    });
    let rows: Vec<_> = rows.collect();
    let now = world.node.house.parts.clock.now();
    let sown = world.node.house.database.write(now, |tx| {
        for row in rows {
            each!(&mut **tx, c => diesel::insert_into(teams::table).values(row).execute(c))?;
        }
        Ok::<_, storage::StorageError>(())
    });
    sown.unwrap();
}
