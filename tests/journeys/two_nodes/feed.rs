//! How a node hears of a change: woken by what is written, by itself where nothing wakes it, and never wrongly.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use storage::{Cache, Change, Database, Follower, Pace, StorageError, Subject, WakeUp, each};
use support::{Kind, database, on_both};
use vocabulary::{Clock as _, SystemClock};

use super::{execute, until};
use crate::eyes;

/// Woken by the bell alone.
const ASLEEP: Pace = Pace { wake_up: WakeUp::On, poll: Duration::from_hours(1) };

/// Counts what it is told.
#[derive(Default)]
struct Counting {
    changed: AtomicUsize,
    lost: AtomicUsize,
}

impl Counting {
    fn counts(&self) -> (usize, usize) {
        (self.changed.load(Ordering::SeqCst), self.lost.load(Ordering::SeqCst))
    }
}

impl Follower for Counting {
    fn changed(&self, _change: &Change) {
        self.changed.fetch_add(1, Ordering::SeqCst);
    }

    fn lost_track(&self) {
        self.lost.fetch_add(1, Ordering::SeqCst);
    }
}

/// Follows the feed at this pace and counts from then on; dropped, it stops.
struct Node {
    database: Database,
    counting: Arc<Counting>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Node {
    fn following(database: Database, pace: Pace) -> Self {
        let thread = Some(database.follow_at(pace).unwrap());
        let counting = Arc::<Counting>::default();
        database.feed().subscribe(&counting);
        Self { database, counting, thread }
    }

    async fn hears(&self, what: &str, counts: (usize, usize)) {
        until(what, async || self.counting.counts() == counts).await;
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.database.feed().stop();
        self.thread.take().map(std::thread::JoinHandle::join);
    }
}

/// Changes something, after these statements in the same transaction.
fn write_after(database: &Database, statements: &str) {
    let written = database.write(SystemClock.now(), |tx| {
        each!(&mut **tx, c => c.batch_execute(statements))?;
        tx.changed(Subject::Team, "acme");
        Ok::<_, StorageError>(())
    });
    written.unwrap();
}

fn write(database: &Database) {
    write_after(database, "SELECT 1");
}

on_both! {
    async fn a_node_is_woken_by_what_another_writes(db) {
        let (here, there) = (eyes::open(db), eyes::open(db));
        here.migrate().unwrap();
        let node = Node::following(here, ASLEEP);
        for n in 1..=3 {
            write(&there);
            node.hears("a change", (n, 0)).await;
        }
    }

    async fn a_node_that_nothing_wakes_hears_of_a_change_by_itself(db) {
        let (here, there) = (eyes::open(db), eyes::open(db));
        here.migrate().unwrap();
        let node = Node::following(here, Pace { wake_up: WakeUp::Off, ..Pace::default() });
        for n in 1..=3 {
            write(&there);
            node.hears("a change", (n, 0)).await;
        }
        assert!(node.database.feed().is_fresh());
    }

    async fn a_gap_or_a_word_of_a_newer_version_is_told_to_followers_as_lost_track(db) {
        let (here, there) = (eyes::open(db), eyes::open(db));
        here.migrate().unwrap();
        let node = Node::following(here, Pace::default());
        write(&there);
        node.hears("a change", (1, 0)).await;
        write_after(&there, "UPDATE change_counter SET n = n + 1");
        node.hears("a gap", (1, 1)).await;
        write_after(
            &there,
            "UPDATE change_counter SET n = n + 1; INSERT INTO changes SELECT n, 'novelty', 'x', 0 FROM change_counter",
        );
        node.hears("a word nobody knows", (1, 2)).await;
        write(&there);
        node.hears("the change after it", (2, 2)).await;
    }

    async fn a_counter_that_went_back_is_told_as_lost_track(db) {
        let (here, there) = (eyes::open(db), eyes::open(db));
        here.migrate().unwrap();
        for _ in 0..5 {
            write(&there);
        }
        let node = Node::following(here, Pace::default());
        // As after a backup was put back.
        execute(&there, "DELETE FROM changes WHERE n > 2");
        execute(&there, "UPDATE change_counter SET n = 2");
        node.hears("another past", (0, 1)).await;
        write(&there);
        node.hears("the change after it", (1, 1)).await;
    }

    async fn what_was_kept_before_a_node_followed_is_let_go(db) {
        let (here, there) = (eyes::open(db), eyes::open(db));
        here.migrate().unwrap();
        let cache = Cache::following(here.feed(), Subject::Team, 10);
        let read = || cache.load("acme", || Ok::<_, StorageError>(Some("old"))).unwrap();
        read();
        write(&there);
        let node = Node::following(here, Pace::default());
        assert!(node.database.feed().is_fresh());
        assert_eq!(cache.get("acme"), None);
        read();
        assert_eq!(cache.get("acme"), Some("old"), "what is read from now on is kept");
    }
}

/// The server ends every connection to its database but the one that asks.
fn cut(database: &Database) {
    execute(
        database,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
}

mod a_node_whose_connection_was_cut_lets_go_and_is_woken_again {
    use super::*;

    #[test]
    fn postgres() {
        database::tell(Kind::Postgres, async |db| {
            let (here, there) = (eyes::open(db), eyes::open(db));
            here.migrate().unwrap();
            let node = Node::following(here, ASLEEP);
            write(&there);
            node.hears("a change", (1, 0)).await;
            cut(&there);
            node.hears("the cut", (1, 1)).await;
            write(&there);
            node.hears("a change after it", (2, 1)).await;
        });
    }
}
