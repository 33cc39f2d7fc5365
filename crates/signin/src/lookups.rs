//! "I don't know my Team ID": whoever asks gets one answer at once. Who the email belongs to is looked up afterwards, by
//! one worker behind a bounded queue, so that neither words nor time tell a stranger anything.

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mail::{Letter, Occasion};
use storage::{Connection, StorageError};
use teams::Tenant;
use vocabulary::{Email, TeamId};

use crate::deps::Deps;
use crate::failures::{Failures, Verdict};

/// How many emails may wait; more are dropped, and nobody is told.
const WAITING: usize = 256;
/// How many teams a letter names.
const NAMED: usize = 20;
/// How many people and teams are looked at for one letter.
const LOOKED_AT: i64 = 200;
/// How many of these letters one recipient gets.
const LETTERS: u32 = 3;
/// Within that time.
const WINDOW: Duration = Duration::from_hours(1);
/// The letters are counted by recipient alone.
const ANYWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// The emails that wait to be looked up; clones share them.
#[derive(Clone)]
pub struct Lookups {
    shared: Arc<Shared>,
    letters: Failures,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    emails: VecDeque<Email>,
    is_closed: bool,
}

impl Default for Lookups {
    fn default() -> Self {
        Self { shared: Arc::default(), letters: Failures::within(WINDOW, Some(LETTERS)) }
    }
}

impl Lookups {
    /// Asks for the teams of an email; takes the same time whosever it is. When too many wait it is dropped.
    pub fn ask(&self, email: Email) {
        let mut queue = self.lock();
        if queue.is_closed || queue.emails.len() >= WAITING {
            tracing::warn!("a lookup of Team IDs was dropped: too many wait");
            return;
        }
        queue.emails.push_back(email);
        drop(queue);
        self.shared.changed.notify_one();
    }

    /// No more are taken; [`Self::serve`] ends when it is done with those that wait.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.shared.changed.notify_all();
    }

    /// Looks up one after the other until it is closed; keeps its thread. When the database can't be asked a lookup is
    /// lost, and at the end all that wait are.
    pub fn serve(&self, deps: &Deps) {
        while let Some(email) = self.next() {
            if let Err(error) = self.answer(deps, &email) {
                tracing::warn!(%error, "a lookup of Team IDs failed");
                let mut queue = self.lock();
                if queue.is_closed {
                    queue.emails.clear();
                }
            }
        }
    }

    fn next(&self) -> Option<Email> {
        let mut queue = self.lock();
        loop {
            if let Some(email) = queue.emails.pop_front() {
                return Some(email);
            }
            if queue.is_closed {
                return None;
            }
            queue = self.shared.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the letter, if there is anything to tell and the recipient did not get too many.
    fn answer(&self, deps: &Deps, email: &Email) -> Result<(), StorageError> {
        let found = deps.database.read(|connection| teams_of(connection, email))?;
        if found.is_empty() || self.letters.verdict(ANYWHERE, &email.key()) != Verdict::GoOn {
            return Ok(());
        }
        let line = |Tenant { team, .. }: Tenant| {
            let address = deps.address(&format!("/t/{}/login", team.team_id));
            (team.name, team.team_id, address)
        };
        let occasion = Occasion::YourTeams { teams: found.into_iter().map(line).collect() };
        let letter = Letter { to: email.clone(), team_id: None, occasion };
        let now = deps.clock.now();
        deps.database.write(now, |tx| deps.desk.write(tx, &*deps.chance, &letter))?;
        self.letters.note(ANYWHERE, &email.key());
        Ok(())
    }
}

/// The open teams that an email can come in to: somebody active has it there, trusted; or it is the admin email and
/// nobody was promoted by it. Never one in which the account with this email is turned off.
fn teams_of(connection: &mut Connection, email: &Email) -> Result<Vec<Tenant>, StorageError> {
    let mut standing: BTreeMap<TeamId, bool> = BTreeMap::new();
    let people = people::anywhere(connection, email, LOOKED_AT)?;
    for (team, person) in people {
        let is_active = roles::find(connection, &team, &person.id)?.is_some_and(|now| now.active);
        let among = standing.entry(team).or_insert(is_active);
        *among = *among || is_active;
    }
    for team in teams::with_admin_email(connection, email, LOOKED_AT)? {
        standing.entry(team).or_insert(true);
    }
    let mut found = Vec::new();
    for (team, _) in standing.into_iter().filter(|(_, may_come)| *may_come) {
        if found.len() == NAMED {
            break;
        }
        found.extend(teams::find(connection, &team)?.filter(Tenant::is_open));
    }
    Ok(found)
}
