//! Who is told of a change, what is kept together with it, and how the command line names people.

use std::collections::BTreeSet;
use std::time::Duration;

use audit::{Act, Actor};
use people::{CameBy, EmailStanding, Profile};
use roles::{Authority, Clerk, Expected, Operator, RoleError};
use sealing::SystemChance;
use storage::StorageError;
use support::{Kind, World, command, on_both};
use teams::Edit;
use vocabulary::{ClientSecret, Clock as _, Email, Issuer, PersonId, Role, Subject};

use super::{ADA, BOB, CYD, about, database, send, set, version};
use crate::eyes;

const GIL: &str = "gil@globex.test";

/// What an admin does to Bob, and the letters that come of it.
type Step = (&'static str, &'static [(&'static str, &'static str)], [&'static str; 2]);

/// Everything that was written until now: whom to and about what.
pub(crate) async fn letters(world: &World) -> BTreeSet<(String, String)> {
    let house = &world.node.house;
    let (desk, clock) = (house.desk.clone(), house.parts.clock.clone());
    let worker =
        mail::Worker::new(house.database.clone(), desk, house.carrier().unwrap(), clock, |_tx, _letter| {
            Ok(())
        });
    // What the command line wrote is of the real present, which the clock moved by hand lags behind.
    world.clock.forward(Duration::from_secs(10));
    // The service's own worker may hold one; it is done with it in a moment.
    for _ in 0..500 {
        worker.deliver_due().await.unwrap();
        if house.database.read(mail::waiting).unwrap() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(house.database.read(mail::waiting).unwrap(), 0, "unsent letters");
    let Ok(files) = std::fs::read_dir(world.outbox()) else { return BTreeSet::new() };
    let read = |file: std::fs::DirEntry| std::fs::read_to_string(file.path()).unwrap();
    let header = |text: &str, name: &str| {
        support::browser::between(text, &format!("{name}: "), "\r\n").unwrap().to_owned()
    };
    files
        .map(|file| read(file.unwrap()))
        .map(|text| (header(&text, "To"), header(&text, "Subject")))
        .collect()
}

/// The letters since those.
async fn news(world: &World, before: &BTreeSet<(String, String)>) -> Vec<String> {
    letters(world).await.difference(before).map(|(to, subject)| format!("{to}: {subject}")).collect()
}

on_both! {
    async fn what_is_done_its_record_and_its_letters_are_kept_or_lost_together(db) {
        let world = World::new(db).await;
        world.sign_in("acme", ADA).await;
        world.sign_in("acme", BOB).await;
        letters(&world).await;
        let (house, bob) = (&world.node.house, eyes::person(database(&world), "acme", BOB));
        let before = eyes::record(database(&world), "acme").len();
        let operator = Operator::at_the_command_line();
        let change = |keep: bool| house.database.write(world.clock.now(), |tx| {
            let clerk = Clerk { desk: &house.desk, chance: &SystemChance };
            let (authority, team) = (Authority::Operator(&operator), eyes::team("acme"));
            roles::set(tx, clerk, &authority, &team, &bob.person.id, Role::Admin, Expected::Any)?;
            if keep { Ok(()) } else { Err(RoleError::Storage(StorageError::Unavailable("on purpose".to_owned()))) }
        });
        assert!(change(false).is_err());
        assert_eq!(eyes::person(database(&world), "acme", BOB).membership, bob.membership);
        assert_eq!(eyes::record(database(&world), "acme").len(), before);
        assert_eq!(house.database.read(mail::waiting).unwrap(), 0);
        let told = letters(&world).await;
        assert!(change(true).is_ok());
        assert_eq!(eyes::record(database(&world), "acme").len(), before + 1);
        assert_eq!(news(&world, &told).await.len(), 2, "Bob and Ada");
    }

    async fn the_person_and_the_other_admins_are_told_and_whoever_did_it_is_not(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        world.sign_in("acme", BOB).await;
        world.sign_in("acme", CYD).await;
        let told = letters(&world).await;
        assert_eq!(told.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>(), [ADA], "her promotion");
        set(&world, db, CYD, "admin");
        assert_eq!(news(&world, &told).await, ["ada@acme.test: Cyd Rivera is now an admin of Acme", "cyd@acme.test: You are now an admin of Acme"]);

        let steps: [Step; 4] = [
            ("role", &[("role", "admin")], ["bob@acme.test: You are now an admin of Acme", "cyd@acme.test: Bob Kahn is now an admin of Acme"]),
            ("role", &[("role", "member")], ["bob@acme.test: You are now a member of Acme", "cyd@acme.test: Bob Kahn is now a member of Acme"]),
            ("deactivate", &[], ["bob@acme.test: Your account at Acme was deactivated", "cyd@acme.test: Bob Kahn was deactivated at Acme"]),
            ("activate", &[], ["bob@acme.test: Your account at Acme is active again", "cyd@acme.test: Bob Kahn is active again at Acme"]),
        ];
        for (act, more, expected) in steps {
            let told = letters(&world).await;
            let answer = send(&world, &ada, &about(&world, BOB, act), version(&world, BOB), more).await;
            assert_eq!(answer.status, 303, "{act}");
            assert_eq!(news(&world, &told).await, expected, "{act}");
        }
    }

    async fn a_new_admin_email_is_told_to_the_present_admins_and_names_whoever_has_it(db) {
        let world = World::new(db).await;
        world.sign_in("acme", ADA).await;
        world.sign_in("acme", CYD).await;
        let told = letters(&world).await;
        let said = command(&world, db, &["team", "set", "acme", "--admin-email", CYD]);
        assert!(said.done, "{}", said.err);
        assert!(said.err.contains("Cyd Rivera") && said.err.contains("role set"), "{}", said.err);
        assert_eq!(news(&world, &told).await, ["ada@acme.test: The admin email of Acme was changed"]);
        let record = eyes::record(database(&world), "acme");
        assert_eq!((record[0].act, &record[0].actor), (Some(Act::TeamChanged), &Actor::CommandLine));
        assert!(!record[0].detail.to_string().contains("cyd"), "no email on record");
        world.sign_in("acme", CYD).await;
        assert_eq!(eyes::admins(database(&world), "acme"), 2, "unspent again");
    }

    async fn admins_of_a_replaced_connection_count_for_nothing(db) {
        let world = World::new(db).await;
        world.sign_in("acme", ADA).await;
        world.sign_in("acme", BOB).await;
        set(&world, db, BOB, "admin");
        world.idp.add_client("globex", support::world::client("acme", &world.node.base));
        let issuer = Issuer::parse(&world.idp.issuer("globex")).ok();
        let client_secret = ClientSecret::parse("practice-secret-of-acme");
        world.set("acme", &Edit { issuer, client_secret, ..Edit::default() });
        world.sign_in("acme", GIL).await;
        let told = letters(&world).await;
        set(&world, db, GIL, "admin");
        assert_eq!(news(&world, &told).await, ["gil@globex.test: You are now an admin of Acme"]);

        // The command line is another process: what it did is known here with the next session at the latest.
        let gil = world.sign_in("acme", GIL).await;
        let page = world.team_page(&gil, "acme").await;
        let [own, old] = [GIL, BOB].map(|email| page.row(email).unwrap().contains("<button disabled"));
        assert_eq!((own, old), (true, false), "Gil is the last admin, Bob is none any more: {}", page.body);
        let said = command(&world, db, &["role", "set", "acme", GIL, "member"]);
        assert!(!said.done && said.err.contains("acme needs at least one admin"), "{}", said.err);
        let asked = send(&world, &gil, &about(&world, GIL, "role"), version(&world, GIL), &[("role", "member")]).await;
        assert_eq!((asked.status, asked.code()), (409, Some("last_admin")), "nothing to confirm");
        let told = letters(&world).await;
        set(&world, db, ADA, "member");
        let expected = ["ada@acme.test: You are now a member of Acme", "gil@globex.test: Ada Lovelace is now a member of Acme"];
        assert_eq!(news(&world, &told).await, expected);
    }

    async fn people_are_found_as_their_names_are_written(db) {
        let world = World::new(db).await;
        world.idp.add_person("acme", mock_idp::Person::named("Åsa ÖBERG_100%", "asa@acme.test"));
        let ada = world.sign_in("acme", ADA).await;
        world.sign_in("acme", "asa@acme.test").await;
        let search = async |text: &str| {
            let mut url = url::Url::parse(&world.at("/t/acme/team")).unwrap();
            url.query_pairs_mut().append_pair("q", text);
            ada.get(url.as_str()).await.row("asa@acme.test").is_some()
        };
        for good in ["Åsa", "ÖBERG", "sa ÖB", "BERG_1", "100%", "ASA@ACME"] {
            assert!(search(good).await, "{good}");
        }
        // What capitals are beyond ASCII is the database's knowledge.
        let knows = db.kind() == Kind::Postgres;
        assert_eq!(search("åSA öberg").await, knows);
        for bad in ["B_RG", "Å%a", "\\", "100%%"] {
            assert!(!search(bad).await, "{bad}");
        }
    }

    async fn the_command_line_names_people_by_email_and_by_id_where_two_have_one(db) {
        let world = World::new(db).await;
        world.sign_in("acme", ADA).await;
        world.sign_in("acme", BOB).await;
        let nobody = command(&world, db, &["role", "set", "acme", "zoe@acme.test", "admin"]);
        assert!(!nobody.done && nobody.err.contains("zoe@acme.test"), "{}", nobody.err);
        let no_team = command(&world, db, &["role", "set", "nowhere", BOB, "admin"]);
        assert!(!no_team.done && no_team.err.contains("nowhere"), "{}", no_team.err);
        let twin = twin_of_bob(&world);
        let bob = eyes::everybody(database(&world), "acme").into_iter()
            .find(|row| row.person.id != twin && row.person.email.as_ref().is_some_and(|e| e.as_str() == BOB)).unwrap();
        let both = command(&world, db, &["role", "set", "acme", BOB, "admin"]);
        assert!(!both.done && both.err.contains(twin.as_str()) && both.err.contains(bob.person.id.as_str()), "{}", both.err);
        assert_eq!(eyes::admins(database(&world), "acme"), 1);
        assert!(command(&world, db, &["role", "set", "acme", twin.as_str(), "admin"]).done);
        let admin = eyes::everybody(database(&world), "acme").into_iter().find(|row| row.person.id == twin).unwrap();
        assert_eq!((admin.membership.role, eyes::admins(database(&world), "acme")), (Role::Admin, 2));
        let again = command(&world, db, &["role", "set", "acme", twin.as_str(), "admin"]);
        assert!(again.done && again.err.contains("already"), "{}", again.err);
        assert_eq!(eyes::times(database(&world), "acme", Act::RoleSet), 1, "what was so already is no act");
    }
}

/// Somebody else with Bob's email, as identity providers may have them.
fn twin_of_bob(world: &World) -> PersonId {
    let team = database(world).read(|c| teams::find_connected(c, &eyes::team("acme"))).unwrap().unwrap();
    let profile = Profile {
        subject: Subject::parse("the-other-bob").unwrap(),
        email: Some(Email::parse(BOB).unwrap()),
        standing: EmailStanding::Trusted,
        name: None,
        given_name: None,
        family_name: None,
    };
    let made = database(world).write(world.clock.now(), |tx| {
        let (id, connection) = (&team.team.team_id, &team.connection.id);
        let (person, _) = people::recognise(tx, &SystemChance, id, connection, &profile, CameBy::TeamId)?;
        roles::admit(tx, id, &person)?;
        Ok::<_, StorageError>(person.id)
    });
    made.unwrap()
}
