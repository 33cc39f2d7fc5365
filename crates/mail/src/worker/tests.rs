//! Letters on their way: to a mail server that misbehaves, by several workers at once, into a folder.

use std::collections::HashSet;
use std::sync::Mutex;
use std::time::Instant;

use super::post_office::{Manner, PostOffice};
use super::*;
use crate::support::{Hands, START, database, desk, open, waiting, write};

const MINUTE: Duration = Duration::from_mins(1);

/// A database with a worker, its clock, and the letters it gave up.
struct Office {
    folder: tempfile::TempDir,
    database: Database,
    desk: Arc<Desk>,
    clock: Hands,
    worker: Worker,
    lost: Arc<Mutex<Vec<GivenUp>>>,
}

impl Office {
    fn new(mail_url: &str) -> Self {
        let (folder, database) = database();
        let (desk, clock, lost) = (Arc::new(desk()), Hands::new(), Arc::new(Mutex::new(Vec::new())));
        let mut carrier = Carrier::parse(mail_url).unwrap();
        if let Carrier::Smtp(smtp) = &mut carrier {
            let limit = Duration::from_secs(1);
            (smtp.limits.connect, smtp.limits.take, smtp.limits.part) = (limit, limit, limit);
        }
        let record = Arc::clone(&lost);
        let worker = Worker::new(
            database.clone(),
            Arc::clone(&desk),
            carrier,
            Arc::new(clock.clone()),
            move |_tx, letter| {
                record.lock().unwrap().push(letter.clone());
                Ok(())
            },
        );
        Self { folder, database, desk, clock, worker, lost }
    }

    fn write_to(&self, recipient: &str) {
        write(&self.database, &self.desk, self.clock.now(), recipient);
    }

    async fn deliver(&self) -> (u32, u32, u32) {
        let delivered = self.worker.deliver_due().await.unwrap();
        (delivered.sent, delivered.postponed, delivered.given_up)
    }

    fn lost(&self) -> Vec<GivenUp> {
        self.lost.lock().unwrap().clone()
    }
}

const SENT: (u32, u32, u32) = (1, 0, 0);
const POSTPONED: (u32, u32, u32) = (0, 1, 0);
const GIVEN_UP: (u32, u32, u32) = (0, 0, 1);
const NOTHING: (u32, u32, u32) = (0, 0, 0);

#[tokio::test]
async fn a_letter_reaches_the_mail_server_and_leaves_the_outbox() {
    let post = PostOffice::open(vec![Manner::Take]);
    let office = Office::new(&post.address(""));
    office.write_to("bob@acme.test");
    assert_eq!(office.deliver().await, SENT);
    assert_eq!(waiting(&office.database), 0);
    let letters = post.letters();
    assert_eq!(letters.len(), 1);
    assert!(letters[0].contains("\nTo: bob@acme.test\n"), "{}", letters[0]);
    assert!(letters[0].contains("https://sso.ledger.test/t/acme/team"));
    assert_eq!(office.deliver().await, NOTHING);
}

#[tokio::test]
async fn a_letter_that_may_come_later_comes_later_as_the_same_letter() {
    for manner in [
        Manner::Recipient("451 greylisted"),
        Manner::Letter("452 the disk is full"),
        Manner::Greet("421 too busy"),
        Manner::Greet("554 not today"),
        Manner::Vanish,
        Manner::StallAtGreeting,
        Manner::StallAtLetter,
    ] {
        let post = PostOffice::open(vec![manner, Manner::Take]);
        let office = Office::new(&post.address(""));
        office.write_to("bob@acme.test");
        let before = Instant::now();
        assert_eq!(office.deliver().await, POSTPONED, "{manner:?}");
        assert!(before.elapsed() < Duration::from_secs(10), "{manner:?}");
        assert_eq!(office.deliver().await, NOTHING, "it waits a minute: {manner:?}");
        office.clock.forward(MINUTE);
        assert_eq!(office.deliver().await, SENT, "{manner:?}");
        assert_eq!((waiting(&office.database), post.letters().len()), (0, 1), "{manner:?}");
        assert!(office.lost().is_empty());
    }
}

#[tokio::test]
async fn a_server_that_never_says_goodbye_has_taken_the_letter() {
    let post = PostOffice::open(vec![Manner::StallAtQuit]);
    let office = Office::new(&post.address(""));
    office.write_to("bob@acme.test");
    assert_eq!(office.deliver().await, SENT);
    assert_eq!((waiting(&office.database), post.letters().len()), (0, 1));
}

#[tokio::test]
async fn an_unwanted_letter_is_given_up_at_the_third_refusal() {
    let post = PostOffice::open(vec![Manner::Recipient("550 no\u{7} such person"); 3]);
    let office = Office::new(&post.address(""));
    office.write_to("bob@acme.test");
    assert_eq!(office.deliver().await, POSTPONED);
    office.clock.forward(MINUTE);
    assert_eq!(office.deliver().await, POSTPONED);
    office.clock.forward(MINUTE * 5);
    assert_eq!(office.deliver().await, GIVEN_UP);
    assert_eq!(waiting(&office.database), 0);
    let lost = office.lost();
    assert_eq!(lost.len(), 1);
    assert_eq!((lost[0].attempts, lost[0].recipient.as_str()), (3, "bob@acme.test"));
    assert_eq!(lost[0].subject, "You are now an admin of Acme");
    assert_eq!(lost[0].team_id, TeamId::parse("acme").ok());
    assert_eq!(lost[0].written_at, START);
    assert!(lost[0].reason.contains("no such person"), "{}", lost[0].reason);
}

#[tokio::test]
async fn a_wrong_password_or_none_costs_no_letter() {
    for (sign_in, refusal) in [
        ("", Manner::Recipient("530 authentication required")),
        ("ledger:hush@", Manner::Password("535 wrong password")),
    ] {
        let post = PostOffice::open(vec![refusal; 4]);
        let office = Office::new(&post.address(sign_in));
        office.write_to("bob@acme.test");
        for _ in 0..4 {
            assert_eq!(office.deliver().await, POSTPONED, "{refusal:?}");
            office.clock.forward(Duration::from_hours(1));
        }
        assert!(office.lost().is_empty(), "{refusal:?}");
        assert_eq!(waiting(&office.database), 1);
    }
}

#[tokio::test]
async fn the_right_password_opens_the_post_office() {
    let post = PostOffice::open(vec![Manner::Password("235 welcome")]);
    let office = Office::new(&post.address("ledger:hush@"));
    office.write_to("bob@acme.test");
    assert_eq!(office.deliver().await, SENT);
    assert_eq!(post.letters().len(), 1);
}

#[tokio::test]
async fn no_letter_goes_unencrypted_when_tls_is_required() {
    let post = PostOffice::open(vec![Manner::Take, Manner::Take]);
    let office = Office::new(&format!("{}?tls=required", post.address("")));
    office.write_to("bob@acme.test");
    assert_eq!(office.deliver().await, POSTPONED);
    let wrapped = Office::new(&post.address("").replace("smtp://", "smtps://"));
    wrapped.write_to("bob@acme.test");
    assert_eq!(wrapped.deliver().await, POSTPONED);
    assert!(post.letters().is_empty());
}

#[tokio::test]
async fn a_dead_server_is_tried_for_three_days_and_one_letter_a_round() {
    let office = Office::new(&PostOffice::open(Vec::new()).address(""));
    office.write_to("bob@acme.test");
    office.write_to("cyd@acme.test");
    assert_eq!(office.deliver().await, POSTPONED, "the second is not tried in the same round");
    let mut minutes = 0;
    while office.lost().is_empty() {
        office.clock.forward(MINUTE);
        office.deliver().await;
        minutes += 1;
        assert!(minutes < 80 * 60, "never given up");
    }
    assert!((71 * 60 + 50..=72 * 60).contains(&minutes), "given up after {minutes} minutes");
    let lost = office.lost();
    assert_eq!(lost.len(), 1, "the record is written once");
    // Every five minutes or six, as the other letter takes its turns.
    assert!((700..870).contains(&lost[0].attempts), "{}", lost[0].attempts);
}

#[tokio::test]
async fn a_server_that_was_dead_for_two_days_is_found_within_minutes() {
    let mut office = Office::new(&PostOffice::open(Vec::new()).address(""));
    office.write_to("bob@acme.test");
    for _ in 0..2 * 24 * 60 {
        office.clock.forward(MINUTE);
        office.deliver().await;
    }
    let post = PostOffice::open(vec![Manner::Take]);
    office.worker.carrier = Carrier::parse(&post.address("")).unwrap();
    for _ in 0..5 {
        office.clock.forward(MINUTE);
        office.deliver().await;
    }
    assert_eq!((waiting(&office.database), post.letters().len()), (0, 1));
}

#[tokio::test]
async fn a_letter_that_is_put_off_waits_longer_and_longer() {
    let post = PostOffice::open(vec![Manner::Recipient("451 greylisted"); 5]);
    let office = Office::new(&post.address(""));
    office.write_to("bob@acme.test");
    for minutes in [1, 5, 15, 60, 240] {
        assert_eq!(office.deliver().await, POSTPONED);
        office.clock.forward(MINUTE * (minutes - 1));
        assert_eq!(office.deliver().await, NOTHING, "{minutes} minutes");
        office.clock.forward(MINUTE);
    }
}

#[tokio::test]
async fn an_address_without_mail_is_given_up_at_once() {
    let office = Office::new("file:///nonexistent/never-written");
    office.write_to("a..b@acme.test");
    assert_eq!(office.deliver().await, GIVEN_UP);
    assert!(office.lost()[0].reason.starts_with("the address cannot be used"));
}

#[tokio::test]
async fn a_loss_that_cannot_be_recorded_keeps_the_letter() {
    let office = Office::new("file:///nonexistent/never-written");
    office.write_to("a..b@acme.test");
    let mut worker = office.worker.clone();
    worker.on_give_up = Arc::new(|_tx, _letter| Err(StorageError::Unavailable("full".to_owned())));
    assert!(worker.deliver_due().await.is_err());
    assert_eq!(waiting(&office.database), 1);
    office.clock.forward(outbox::LEASE);
    assert_eq!(office.deliver().await, GIVEN_UP);
}

#[test]
fn a_claim_has_one_winner_and_ends_with_its_lease() {
    let office = Office::new("file://unused");
    office.write_to("bob@acme.test");
    let database = &office.database;
    let seen = database.read(|c| outbox::due(c, START)).unwrap();
    let claim = |now: Timestamp| database.write(now, |tx| outbox::claim(tx, &seen)).unwrap();
    let first = claim(START).unwrap();
    assert_eq!(first.attempts, 1);
    assert!(claim(START).is_none());
    let later = START.plus(outbox::LEASE);
    assert!(claim(later).is_none(), "what was seen before the first claim is stale");
    let seen_again = database.read(|c| outbox::due(c, later)).unwrap();
    let second = database.write(later, |tx| outbox::claim(tx, &seen_again)).unwrap().unwrap();
    assert_eq!(second.attempts, 2);
    // The slow first worker comes back: it moves nothing and gives nothing up, but may say that it was sent.
    database.write(later, |tx| outbox::postpone(tx, &first, START)).unwrap();
    assert!(database.read(|c| outbox::due(c, later)).unwrap().is_empty());
    assert!(!database.write(later, |tx| outbox::abandon(tx, &first)).unwrap());
    database.write(later, |tx| outbox::sent(tx, &first)).unwrap();
    assert_eq!(waiting(database), 0);
}

#[tokio::test]
async fn two_workers_send_each_letter_once() {
    const LETTERS: usize = 40;
    let post = PostOffice::open(vec![Manner::Take; LETTERS]);
    let office = Office::new(&post.address(""));
    for n in 0..LETTERS {
        office.write_to(&format!("p{n}@acme.test"));
    }
    let mut other = office.worker.clone();
    other.database = open(&office.folder);
    let here = tokio::spawn({
        let worker = office.worker.clone();
        async move { worker.deliver_due().await.unwrap().sent }
    });
    let there = tokio::spawn(async move { other.deliver_due().await.unwrap().sent });
    let (here, there) = (here.await.unwrap(), there.await.unwrap());
    assert_eq!(usize::try_from(here + there).unwrap(), LETTERS, "{here} and {there}");
    let recipients: HashSet<String> = post
        .letters()
        .iter()
        .map(|letter| letter.lines().find(|line| line.starts_with("To: ")).unwrap().to_owned())
        .collect();
    assert_eq!((post.letters().len(), recipients.len()), (LETTERS, LETTERS));
    assert_eq!(waiting(&office.database), 0);
}

#[tokio::test]
async fn letters_in_a_folder_are_readable_files() {
    let folder = tempfile::tempdir().unwrap();
    let office = Office::new(&format!("file://{}/outbox", folder.path().display()));
    office.write_to("bob@acme.test");
    assert_eq!(office.deliver().await, SENT);
    let entry = std::fs::read_dir(folder.path().join("outbox")).unwrap().next().unwrap().unwrap();
    assert_eq!(entry.path().extension().unwrap(), "eml");
    let letter = std::fs::read_to_string(entry.path()).unwrap();
    assert!(letter.contains("Subject: You are now an admin of Acme\r\n"), "{letter}");
    assert!(letter.contains("Changed by: Ada Lovelace.\r\n"), "{letter}");
}

#[tokio::test]
async fn the_worker_works_until_it_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let office = Office::new(&format!("file://{}", folder.path().display()));
    office.write_to("bob@acme.test");
    let (stop, stopping) = watch::channel(false);
    let running = tokio::spawn(office.worker.clone().run(stopping));
    let patience = Instant::now();
    while waiting(&office.database) > 0 {
        assert!(patience.elapsed() < Duration::from_secs(5), "the letter was not sent");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.send(true).unwrap();
    tokio::time::timeout(Duration::from_secs(1), running).await.unwrap().unwrap();
}
