//! What this node has counted since it last wrote it down: in memory, bounded, a lock for an instant, no disk.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use teams::TeamAndConnection;
use vocabulary::{ConnectionId, ReferenceId, TeamId, Timestamp, Version};

/// How many connections are counted between two writings; what exceeds it is not counted.
const MOST: usize = 20_000;

/// What happens in a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody left for the identity provider.
    Started,
    /// Somebody came back, and a session was opened.
    Finished,
    /// Somebody came back, and it ended otherwise.
    Refused,
}

/// Counts what happens at this node. Clones share everything.
#[derive(Clone, Debug, Default)]
pub struct Ledger(Arc<Mutex<HashMap<ConnectionId, Tally>>>);

/// What was counted of one connection with one version of its settings.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    pub(crate) team_id: TeamId,
    pub(crate) version: Version,
    /// When the first of it happened.
    pub(crate) since: Timestamp,
    pub(crate) started: i64,
    pub(crate) finished: i64,
    pub(crate) refused: i64,
    /// Bad ones after the last good one.
    pub(crate) bad_in_a_row: i64,
    pub(crate) last_good: Option<Timestamp>,
    pub(crate) last_bad: Option<Bad>,
}

/// A sign-in that ended otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bad {
    pub(crate) at: Timestamp,
    pub(crate) cause: &'static str,
    pub(crate) reference: ReferenceId,
}

impl Ledger {
    /// Counts what happened in a sign-in through the team's connection.
    pub fn count(&self, team: &TeamAndConnection, event: Event, now: Timestamp) {
        self.with(team, now, |tally| match event {
            Event::Started => tally.started += 1,
            Event::Finished => {
                tally.finished += 1;
                tally.bad_in_a_row = 0;
                tally.last_good = Some(now);
            }
            Event::Refused => tally.refused += 1,
        });
    }

    /// Notes why a sign-in ended otherwise, wherever it did, and the reference id of its trace.
    pub fn bad(
        &self,
        team: &TeamAndConnection,
        cause: &'static str,
        reference: &ReferenceId,
        now: Timestamp,
    ) {
        self.with(team, now, |tally| {
            tally.bad_in_a_row += 1;
            tally.last_bad = Some(Bad { at: now, cause, reference: reference.clone() });
        });
    }

    fn with(&self, team: &TeamAndConnection, now: Timestamp, note: impl FnOnce(&mut Tally)) {
        let (id, version) = (&team.connection.id, team.connection.version);
        let mut tallies = self.tallies();
        if let Some(tally) = tallies.get_mut(id).filter(|tally| tally.version == version) {
            return note(tally);
        }
        let room = tallies.len() < MOST;
        let known = tallies.get(id).map(|tally| tally.version);
        // What is told late of older settings is worth nothing.
        if known.is_some_and(|known| known.0 > version.0) || (known.is_none() && !room) {
            return;
        }
        let mut tally = Tally::new(team.team.team_id.clone(), version, now);
        note(&mut tally);
        tallies.insert(id.clone(), tally);
    }

    /// Everything counted so far, by connection id; the ledger is empty afterwards.
    pub(crate) fn take(&self) -> Vec<(ConnectionId, Tally)> {
        let mut all: Vec<_> = std::mem::take(&mut *self.tallies()).into_iter().collect();
        all.sort_by(|(one, _), (other, _)| one.as_str().cmp(other.as_str()));
        all
    }

    /// Takes back what could not be written down.
    pub(crate) fn put_back(&self, unwritten: impl IntoIterator<Item = (ConnectionId, Tally)>) {
        let mut tallies = self.tallies();
        for (id, older) in unwritten {
            let newer = tallies.remove(&id);
            tallies.insert(id, older.followed_by(newer));
        }
    }

    /// No code panics while it holds this lock; if some did, what it left is as good as before.
    fn tallies(&self) -> MutexGuard<'_, HashMap<ConnectionId, Tally>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tally {
    pub(crate) const fn new(team_id: TeamId, version: Version, since: Timestamp) -> Self {
        Self {
            team_id,
            version,
            since,
            started: 0,
            finished: 0,
            refused: 0,
            bad_in_a_row: 0,
            last_good: None,
            last_bad: None,
        }
    }

    /// This and what was counted after it.
    fn followed_by(self, newer: Option<Self>) -> Self {
        match newer {
            None => self,
            Some(newer) if newer.version != self.version => newer,
            Some(newer) => Self {
                since: self.since,
                started: self.started + newer.started,
                finished: self.finished + newer.finished,
                refused: self.refused + newer.refused,
                bad_in_a_row: match newer.last_good {
                    Some(_) => newer.bad_in_a_row,
                    None => self.bad_in_a_row + newer.bad_in_a_row,
                },
                last_good: newer.last_good.or(self.last_good),
                last_bad: newer.last_bad.or(self.last_bad),
                ..newer
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use mail::Desk;
    use roles::Clerk;
    use storage::{Address, Database, Options};
    use teams::{CallbackPath, Connection, ConnectionOptions, State, Status, Team};
    use vocabulary::{Chance, ClientId, Email, Issuer};

    use super::*;
    use crate::letters::Herald;

    const NOW: Timestamp = Timestamp::from_millis(1_777_799_520_000);

    fn team(n: usize, version: i64) -> TeamAndConnection {
        let team_id = TeamId::parse("acme").unwrap();
        let issuer = Issuer::parse("https://acme.okta.com").unwrap();
        TeamAndConnection {
            team: Team {
                team_id: team_id.clone(),
                name: "Acme".to_owned(),
                status: Status::Active,
                admin_email: Email::parse("ada@acme.test").unwrap(),
                promotion_spent_by: None,
                sso_required: false,
                tokens: teams::TokenOwners::Shared,
                tokens_reveal: false,
                created_at: NOW,
            },
            connection: Connection {
                id: ConnectionId::parse(&format!("0123456789abcdefghjk{n:06}")).unwrap(),
                version: Version(version),
                state: State::Enabled,
                client_id: ClientId::parse("0oa").unwrap(),
                sealed_secret: None,
                client_secret_set_at: None,
                client_secret_set_by: None,
                secret_life: teams::SecretLife::default(),
                options: ConnectionOptions::usual(&issuer),
                issuer,
                callback_path: CallbackPath::usual(&team_id),
                logout_tested: false,
            },
        }
    }

    struct Same;

    impl Chance for Same {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    fn reference() -> ReferenceId {
        ReferenceId::parse("7K2F-9QXM").unwrap()
    }

    fn only(ledger: &Ledger) -> Tally {
        let mut all = ledger.take();
        assert_eq!(all.len(), 1);
        all.remove(0).1
    }

    #[test]
    fn what_happens_is_counted_by_connection_and_taken_once() {
        let ledger = Ledger::default();
        let acme = team(1, 1);
        ledger.count(&acme, Event::Started, NOW);
        ledger.count(&acme, Event::Refused, NOW);
        ledger.bad(&acme, "idp_timeout", &reference(), NOW);
        ledger.count(&team(2, 1), Event::Started, NOW);
        let all = ledger.take();
        assert_eq!(all.iter().map(|(_, tally)| tally.started).collect::<Vec<_>>(), [1, 1]);
        assert_eq!((all[0].1.refused, all[0].1.bad_in_a_row), (1, 1));
        assert!(ledger.take().is_empty());
    }

    #[test]
    fn a_good_sign_in_ends_a_row_of_bad_ones() {
        let ledger = Ledger::default();
        let acme = team(1, 1);
        ledger.bad(&acme, "idp_timeout", &reference(), NOW);
        ledger.count(&acme, Event::Finished, NOW);
        ledger.bad(&acme, "idp_protocol", &reference(), NOW);
        let tally = only(&ledger);
        assert_eq!((tally.finished, tally.bad_in_a_row), (1, 1));
        assert_eq!(tally.last_bad.unwrap().cause, "idp_protocol");
    }

    #[test]
    fn counts_are_of_the_newest_settings_alone() {
        let ledger = Ledger::default();
        ledger.count(&team(1, 1), Event::Started, NOW);
        ledger.count(&team(1, 2), Event::Started, NOW);
        ledger.count(&team(1, 1), Event::Finished, NOW);
        let tally = only(&ledger);
        assert_eq!((tally.version, tally.started, tally.finished), (Version(2), 1, 0));
    }

    #[test]
    fn memory_is_bounded_and_those_already_counted_go_on() {
        let ledger = Ledger::default();
        for n in 0..=MOST {
            ledger.count(&team(n, 1), Event::Started, NOW);
        }
        ledger.count(&team(0, 1), Event::Started, NOW);
        let all = ledger.take();
        assert_eq!(all.len(), MOST);
        assert_eq!(all[0].1.started, 2);
    }

    #[test]
    fn what_could_not_be_written_is_kept_for_the_next_time() {
        let nowhere = Address::parse("sqlite:///nowhere/at/all/teamdoor.db").unwrap();
        let mut options = Options::new(nowhere);
        options.wait = Duration::from_millis(50);
        let (ledger, acme) = (Ledger::default(), team(1, 1));
        ledger.count(&acme, Event::Started, NOW);
        ledger.bad(&acme, "idp_timeout", &reference(), NOW);
        let desk =
            Desk::new("Ledger", "https://sso.ledger.test".parse().unwrap(), "sso@ledger.test", None).unwrap();
        let herald = Herald { clerk: Clerk { desk: &desk, chance: &Same }, plain: |_| "" };
        assert!(ledger.write_down(&Database::open(&options), NOW, herald, |_| None).is_err());
        let later = NOW.plus(Duration::from_secs(2));
        ledger.count(&acme, Event::Started, later);
        ledger.bad(&acme, "idp_protocol", &reference(), later);
        let tally = only(&ledger);
        assert_eq!((tally.since, tally.started, tally.bad_in_a_row), (NOW, 2, 2));
        assert_eq!(tally.last_bad.unwrap().cause, "idp_protocol");
    }
}
