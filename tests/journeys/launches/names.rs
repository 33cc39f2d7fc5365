//! The table by which `/launch` finds a team: it follows every change, and the migration fills it for teams that
//! were there before.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use storage::schema::launch_names;
use storage::{StorageError, each};
use support::{Kind, World, on_both};
use teams::{ConnectionOptions, Edit, State};
use vocabulary::{ClientId, Issuer};

const SQLITE: &str = include_str!("../../../migrations/sqlite/00000000000002_launch_and_sign_out/up.sql");
const POSTGRES: &str = include_str!("../../../migrations/postgres/00000000000002_launch_and_sign_out/up.sql");

fn names(world: &World) -> Vec<(String, String, String)> {
    let all = launch_names::table.order((launch_names::team_id, launch_names::kind, launch_names::name));
    let rows = world.node.house.database.read(|connection| {
        let rows: Vec<(String, String, String)> = each!(connection, c => all.load(c))?;
        Ok::<_, StorageError>(rows)
    });
    rows.unwrap()
}

fn names_of(world: &World, team_id: &str) -> Vec<String> {
    names(world).into_iter().filter(|(_, _, team)| team == team_id).map(|(_, name, _)| name).collect()
}

on_both! {
    async fn the_names_of_a_team_follow_its_settings(db) {
        let world = World::new(db).await;
        let issuer = world.idp.issuer("globex");
        assert_eq!(names_of(&world, "globex"), ["client-of-globex", issuer.as_str()]);
        let mut options = ConnectionOptions::usual(&Issuer::parse(&issuer).unwrap());
        let alias = Issuer::parse("https://login.globex.test").unwrap();
        options.aliases = vec![alias.clone(), Issuer::parse(&issuer).unwrap(), alias];
        let client_id = ClientId::parse("another").ok();
        world.set("globex", &Edit { options: Some(options), client_id, ..Edit::default() });
        assert_eq!(names_of(&world, "globex"), ["another", issuer.as_str(), "https://login.globex.test"]);
        world.set("globex", &Edit { state: Some(State::Draft), ..Edit::default() });
        assert!(names_of(&world, "globex").is_empty());
        world.set("globex", &Edit { state: Some(State::Enabled), ..Edit::default() });
        world.suspend("globex");
        assert!(names_of(&world, "globex").is_empty());
        world.resume("globex");
        assert_eq!(names_of(&world, "globex").len(), 3);
        world.remove("globex");
        assert!(names_of(&world, "globex").is_empty());
    }

    async fn the_migration_notes_the_names_of_teams_that_were_there_before(db) {
        let world = World::new(db).await;
        world.add_team("draft", "acme", "a@acme.test", |new| new.state = State::Draft);
        world.add_team("closed", "acme", "a@acme.test", |_new| ());
        world.suspend("closed");
        let mut options = ConnectionOptions::usual(&Issuer::parse(&world.idp.issuer("acme")).unwrap());
        options.aliases = ["https://a.test", "https://b.test"].map(|text| Issuer::parse(text).unwrap()).into();
        world.set("acme", &Edit { options: Some(options), ..Edit::default() });
        let before = names(&world);
        assert!(before.len() >= 10, "{before:?}");
        let script = match db.kind() {
            Kind::Sqlite => SQLITE,
            Kind::Postgres => POSTGRES,
        };
        let from = script.find("INSERT INTO launch_names").unwrap();
        let filled = world.node.house.database.write(world.node.house.parts.clock.now(), |tx| {
            let statements = format!("DELETE FROM launch_names; {}", &script[from..]);
            each!(&mut **tx, c => c.batch_execute(&statements))?;
            Ok::<_, StorageError>(())
        });
        filled.unwrap();
        assert_eq!(names(&world), before);
    }
}
