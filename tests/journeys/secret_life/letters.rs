//! Letters before the secret expires: 30, 7 and 1 days, and when it has; each once, however many nodes there are.

use std::sync::Barrier;
use std::time::Duration;

use roles::Clerk;
use support::{Node, World, on_both};
use vocabulary::{Clock as _, Timestamp};

use super::{ADA, BOB, NEXT, rotate, rows, set_next, set_next_until};
use crate::eyes;
use crate::setup::press;

const DAY: Duration = Duration::from_hours(24);

/// One round of the loop on each node, at the same moment.
fn round(world: &World, nodes: &[&Node]) {
    let start = Barrier::new(nodes.len());
    let now = world.clock.now();
    std::thread::scope(|scope| {
        for node in nodes {
            let start = &start;
            scope.spawn(move || {
                let house = &node.house;
                let clerk = Clerk { desk: &house.desk, chance: &*house.parts.chance };
                start.wait();
                onboarding::tell_of_expiring_secrets(&house.database, now, clerk).unwrap();
            });
        }
    });
}

/// The subjects of all letters about secrets until now: to whom, and about what.
async fn told(world: &World) -> Vec<(String, String)> {
    let letters = crate::roles::told::letters(world).await;
    letters.into_iter().filter(|(_, subject)| subject.contains("client secret")).collect()
}

fn expire(world: &World, at: Option<Timestamp>) {
    let operator = roles::Operator::at_the_command_line();
    let hand = onboarding::Hand::Authority(roles::Authority::Operator(&operator));
    let done = world
        .node
        .house
        .database
        .write(world.clock.now(), |tx| onboarding::set_secret_expiry(tx, hand, &eyes::team("acme"), at));
    done.unwrap();
}

on_both! {
    async fn letters_come_30_7_and_1_days_before_and_when_it_has_expired_each_once(db) {
        let world = World::new(db).await;
        let other = world.second_node();
        let nodes = [&world.node, &other];
        world.sign_in("acme", ADA).await;
        world.sign_in("acme", BOB).await;
        let day = world.clock.now().plus(40 * DAY);
        expire(&world, Some(day));
        let mut expected = Vec::new();
        for (left, subject) in [
            (31, None),
            (30, Some("The client secret of Acme expires in 30 days")),
            (8, None),
            (7, Some("The client secret of Acme expires in 7 days")),
            (2, None),
            (1, Some("The client secret of Acme expires within a day")),
            (0, Some("The client secret of Acme has expired")),
        ] {
            world.clock.forward(day.minus(left * DAY).since(world.clock.now()));
            for _again in 0..3 {
                round(&world, &nodes);
            }
            expected.extend(subject.map(|subject| (ADA.to_owned(), subject.to_owned())));
            let (mut found, mut wanted) = (told(&world).await, expected.clone());
            found.sort();
            wanted.sort();
            assert_eq!(found, wanted, "{left} days before: admins alone, each once");
        }
        world.clock.forward(90 * DAY);
        round(&world, &nodes);
        assert_eq!(told(&world).await.len(), 4, "and that was all");
        let letters = crate::setup::letters(&world).await;
        let week = letters.iter().find(|letter| letter.contains("in 7 days")).unwrap();
        assert!(week.contains(&world.at("/t/acme/settings/sso")) && week.contains("as the next"), "{week}");
    }

    async fn a_day_that_is_said_late_or_anew_is_told_from_there_on(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let page = world.at("/t/acme/settings/sso");
        let nodes = [&world.node];
        let day = world.clock.now().plus(5 * DAY).day();
        assert_eq!(press(&ada, &page, "secret_expires", &[("client_secret_expires", &day)]).await.status, 303);
        round(&world, &nodes);
        assert_eq!(told(&world).await, [], "whoever said so knows");
        world.clock.forward(4 * DAY);
        round(&world, &nodes);
        assert_eq!(told(&world).await.len(), 1, "a day before");
        expire(&world, Some(world.clock.now().plus(31 * DAY)));
        world.clock.forward(2 * DAY);
        round(&world, &nodes);
        assert_eq!(told(&world).await.len(), 2, "another day, told anew");
        expire(&world, None);
        world.clock.forward(60 * DAY);
        round(&world, &nodes);
        assert_eq!(told(&world).await.len(), 2, "no day, no letter");
    }

    async fn the_next_one_is_spoken_of_and_has_a_life_of_its_own(db) {
        let world = World::new(db).await;
        world.sign_in("acme", ADA).await;
        expire(&world, Some(world.clock.now().plus(10 * DAY)));
        set_next_until(&world, NEXT, Some(world.clock.now().plus(20 * DAY)));
        world.clock.forward(4 * DAY);
        round(&world, &[&world.node]);
        let letters = crate::setup::letters(&world).await;
        assert!(letters.iter().any(|letter| letter.contains("expires in 6 days") && letter.contains("The next one waits")), "{letters:?}");
        rotate(&world, NEXT);
        world.sign_in("acme", BOB).await;
        round(&world, &[&world.node]);
        assert!(crate::setup::letters(&world).await.iter().any(|letter| letter.contains("expires in 16 days")), "the one in use now");
    }

    async fn nobody_is_told_of_a_secret_that_is_gone_and_a_team_without_an_admin_by_its_admin_email(db) {
        let world = World::new(db).await;
        let soon = world.clock.now().plus(10 * DAY);
        expire(&world, Some(soon));
        world.clock.forward(4 * DAY);
        round(&world, &[&world.node]);
        assert_eq!(told(&world).await, [(ADA.to_owned(), "The client secret of Acme expires in 6 days".to_owned())]);
        world.suspend("acme");
        world.clock.forward(9 * DAY);
        round(&world, &[&world.node]);
        assert_eq!(told(&world).await.len(), 1, "suspended");
        world.resume("acme");
        set_next(&world, NEXT);
        world.remove("acme");
        round(&world, &[&world.node]);
        assert_eq!(told(&world).await.len(), 1, "removed");
        assert_eq!(rows(&world).len(), 0, "a removed team leaves no secret behind");
    }
}
