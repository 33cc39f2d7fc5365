//! Nothing grows without a bound, and no flood keeps the truth from anybody.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use mock_idp::{Endpoint, Misbehaviour, WireFault};
use storage::{Change, Database, Follower, Pace, StorageError, Subject, WakeUp};
use support::{Browser, World, on_both};
use vocabulary::{Clock as _, SystemClock};

use crate::eyes;

/// Counts what it is told.
#[derive(Default)]
struct Listener {
    told: AtomicUsize,
    lost: AtomicUsize,
}

impl Follower for Listener {
    fn changed(&self, _change: &Change) {
        self.told.fetch_add(1, Ordering::SeqCst);
    }

    fn lost_track(&self) {
        self.lost.fetch_add(1, Ordering::SeqCst);
    }
}

impl Listener {
    /// Waits until it was told to let go of everything.
    fn waits_for_a_loss(&self) {
        let started = Instant::now();
        while self.lost.load(Ordering::SeqCst) == 0 {
            assert!(started.elapsed() < Duration::from_secs(1), "copies are kept for over a second");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn follow(database: &Database) -> Arc<Listener> {
    // Not woken: what happens at once is read at once.
    database.follow_at(Pace { wake_up: WakeUp::Off, ..Pace::default() }).unwrap();
    let listener = Arc::<Listener>::default();
    database.feed().subscribe(&listener);
    listener
}

fn change(database: &Database, many: usize) {
    let changed = database.write(SystemClock.now(), |tx| {
        (0..many).for_each(|n| tx.changed(Subject::Session, &format!("hash-{n}")));
        Ok::<_, StorageError>(())
    });
    changed.unwrap();
}

on_both! {
    async fn twenty_thousand_changes_fit_into_one_transaction_and_a_flood_empties_the_copies(db) {
        let (here, there) = (eyes::open(db), eyes::open(db));
        here.migrate().unwrap();
        let listener = follow(&here);
        change(&there, 20_000);
        listener.waits_for_a_loss();
        here.feed().stop();
    }

    async fn a_node_notices_changes_that_were_forgotten_before_it_looked(db) {
        let (here, there) = (eyes::open(db), eyes::open(db));
        here.migrate().unwrap();
        let listener = follow(&here);
        // Forgotten at once, as after a pause of more than an hour.
        change(&there, 1);
        there.write(SystemClock.now().plus(Duration::from_hours(2)), storage::tidy).unwrap();
        let started = Instant::now();
        while listener.told.load(Ordering::SeqCst) + listener.lost.load(Ordering::SeqCst) == 0 {
            assert!(started.elapsed() < Duration::from_secs(1), "the change was never noticed");
            std::thread::sleep(Duration::from_millis(5));
        }
        here.feed().stop();
    }

    async fn a_flood_of_refusals_leaves_a_bounded_trace_and_every_page_its_reference(db) {
        let world = World::new(db).await;
        world.idp.misbehave("globex", Misbehaviour::Wire(Endpoint::Discovery, WireFault::Down));
        for _ in 0..60 {
            let refused = Browser::default().get(&world.at("/t/globex/login")).await;
            assert_eq!((refused.status, refused.code()), (503, Some("idp_unreachable")));
            assert!(refused.reference().is_some());
        }
        let team = eyes::team("globex");
        let kept = world.node.house.database.read(|c| audit::refusals_of_team(c, &team, None, 1000)).unwrap();
        assert_eq!(kept.len(), 30);
    }

    async fn somebody_has_at_most_fifty_sessions_and_the_oldest_ends(db) {
        let world = World::new(db).await;
        let first = world.sign_in("acme", "bob@acme.test").await;
        for _ in 0..50 {
            world.clock.forward(Duration::from_millis(10));
            world.sign_in("acme", "bob@acme.test").await;
        }
        assert_eq!(eyes::sessions(&world.node.house.database, "acme"), 50);
        assert_eq!(first.get(&world.at("/t/acme")).await.status, 303);
    }
}
