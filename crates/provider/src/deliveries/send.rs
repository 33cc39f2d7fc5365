//! Delivers what is due: several at once, a few of each app, so that one that hangs delays nobody else.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use apps::WebUri;
use audit::{Act, Actor, Deed};
use diesel::prelude::*;
use serde_json::json;
use storage::schema::people;
use storage::{Connection, StorageError, Tx, blocking, each};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use vocabulary::{ClientId, PersonId, SigningAlgorithm, TeamId, Timestamp, random_id};

use super::claims::LogoutClaims;
use super::queue::{self, Delivery};
use super::{Deliveries, POLL, REST, told_to_stop};
use crate::jwt::TokenType;

/// How many deliveries to one app are under way at once. An operator registers a handful of apps, so that there is no
/// bound for all of them together, behind which one would wait for another.
const PER_APP: usize = 4;
/// How long a delivery waits after its first, second, … failed attempt; the last value repeats.
const WAITS: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_mins(2),
    Duration::from_mins(10),
];
const LONGEST_WAIT: Duration = Duration::from_hours(1);
/// How old a delivery grows before it is given up.
const PATIENCE: Duration = Duration::from_hours(24);

/// What is under way.
#[derive(Default)]
struct Flights {
    tasks: JoinSet<()>,
    places: HashMap<String, Arc<Semaphore>>,
}

impl Flights {
    /// The apps that take no more now.
    fn busy(&mut self) -> Vec<String> {
        self.places.retain(|_client, places| places.available_permits() < PER_APP);
        let full = self.places.iter().filter(|(_client, places)| places.available_permits() == 0);
        full.map(|(client, _places)| client.clone()).collect()
    }

    fn place(&mut self, client: &str) -> Option<OwnedSemaphorePermit> {
        let places = self.places.entry(client.to_owned());
        let places = places.or_insert_with(|| Arc::new(Semaphore::new(PER_APP)));
        Arc::clone(places).try_acquire_owned().ok()
    }
}

/// What came of an attempt.
enum Outcome {
    Arrived,
    /// The app wants to hear of it no more (§2.8).
    Refused(Trouble),
    /// Nothing of it is the app's last word.
    Failed(Trouble),
    /// There is nobody to tell any more.
    Moot,
}

/// Why an app was not told.
struct Trouble {
    /// In our words: for everybody who may read the team's record.
    reason: String,
    /// What the app or the network said: for the operator's log alone.
    remark: String,
}

impl Deliveries {
    pub(super) async fn deliver_all_along(&self, mut stop: watch::Receiver<bool>) {
        let mut flights = Flights::default();
        while !*stop.borrow() {
            let pause = match self.start_due(&mut flights).await {
                Ok(0) => POLL,
                Ok(_more) => Duration::ZERO,
                Err(error) => {
                    tracing::warn!(%error, "apps wait to be told: the queue cannot be used");
                    REST
                }
            };
            tokio::select! {
                () = told_to_stop(&mut stop) => break,
                () = self.queued.notified(), if pause == POLL => {}
                Some(_landed) = flights.tasks.join_next(), if pause == POLL => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        while flights.tasks.join_next().await.is_some() {}
    }

    /// Delivers everything that is due now, and returns when all of it was tried.
    pub async fn deliver_due(&self) -> Result<(), StorageError> {
        let mut flights = Flights::default();
        loop {
            let tried = self.start_due(&mut flights).await?;
            if tried == 0 && flights.tasks.join_next().await.is_none() {
                return Ok(());
            }
        }
    }

    /// Claims as many due deliveries as there are places, and sets them going. Says how many it tried to claim: after
    /// none there is nothing to do.
    async fn start_due(&self, flights: &mut Flights) -> Result<usize, StorageError> {
        while flights.tasks.try_join_next().is_some() {}
        let (database, now, busy) = (self.deps.database.clone(), self.deps.clock.now(), flights.busy());
        // Looked at without a transaction first: an idle worker keeps no writer waiting.
        let due = blocking(move || database.read(|connection| queue::due(connection, now, &busy))).await?;
        let mut places = Vec::new();
        for delivery in due {
            if let Some(place) = flights.place(&delivery.client_id) {
                places.push((delivery, place));
            }
        }
        if places.is_empty() {
            return Ok(0);
        }
        // In one order on every node, so that two that claim the same do not wait for each other crosswise.
        places.sort_by(|(one, _), (other, _)| one.id.cmp(&other.id));
        let (database, tried) = (self.deps.database.clone(), places.len());
        let claimed = blocking(move || {
            database.write(now, |tx| {
                let claim = |(seen, place)| Ok(queue::claim(tx, &seen)?.map(|delivery| (delivery, place)));
                places.into_iter().map(claim).collect::<Result<Vec<_>, StorageError>>()
            })
        });
        let claimed: Vec<Option<(Delivery, OwnedSemaphorePermit)>> = claimed.await?;
        for (delivery, place) in claimed.into_iter().flatten() {
            let this = self.clone();
            flights.tasks.spawn(async move {
                let id = delivery.id.clone();
                if let Err(error) = this.deliver(delivery).await {
                    tracing::warn!(delivery = id, %error, "what came of a delivery was not kept; it goes out again");
                }
                drop(place);
            });
        }
        Ok(tried)
    }

    async fn deliver(&self, delivery: Delivery) -> Result<(), StorageError> {
        match self.attempt(&delivery).await? {
            Outcome::Arrived | Outcome::Moot => {
                let (database, now) = (self.deps.database.clone(), self.deps.clock.now());
                blocking(move || database.write(now, |tx| queue::arrived(tx, &delivery))).await
            }
            Outcome::Refused(trouble) => self.give_up(delivery, Act::AppLogoutRefused, trouble).await,
            Outcome::Failed(trouble) => self.try_later(delivery, trouble).await,
        }
    }

    /// Says it to the app, with a token of this moment.
    async fn attempt(&self, delivery: &Delivery) -> Result<Outcome, StorageError> {
        let now = self.deps.clock.now();
        let Some((address, algorithm)) = self.address_of(&delivery.client_id).await? else {
            return Ok(Outcome::Moot);
        };
        let jti = random_id(&*self.deps.chance);
        let claims = LogoutClaims::new(self.deps.issuer(), delivery, jti, now);
        let token = match self.deps.signing.sign(algorithm, TokenType::Logout, &claims, now).await {
            Ok(token) => token,
            Err(error) => {
                let reason = "no logout token could be signed".to_owned();
                return Ok(Outcome::Failed(Trouble { reason, remark: error.to_string() }));
            }
        };
        Ok(match self.messenger.post(address.as_url(), "logout_token", &token).await {
            // Frameworks answer an empty 200 as 204 (§2.8).
            Ok(reply) if matches!(reply.status, 200 | 204) => Outcome::Arrived,
            Ok(reply) if reply.status == 400 => Outcome::Refused(said(reply.status, reply.remark.as_str())),
            Ok(reply) => Outcome::Failed(said(reply.status, reply.remark.as_str())),
            Err(silence) => {
                let reason = "it did not answer".to_owned();
                Outcome::Failed(Trouble { reason, remark: silence.to_string() })
            }
        })
    }

    /// Where an app is told, and by what signature.
    async fn address_of(&self, client: &str) -> Result<Option<(WebUri, SigningAlgorithm)>, StorageError> {
        let Ok(client) = ClientId::parse(client) else { return Ok(None) };
        let app = self.deps.apps.find(&client).await?;
        Ok(app.and_then(|app| {
            let address = app.options.backchannel_logout_uri.clone()?;
            Some((address, app.options.id_token_alg))
        }))
    }

    async fn try_later(&self, delivery: Delivery, trouble: Trouble) -> Result<(), StorageError> {
        let now = self.deps.clock.now();
        let next = now.plus(wait_after(delivery.attempts));
        if next > Timestamp::from_millis(delivery.created_at).plus(PATIENCE) {
            return self.give_up(delivery, Act::AppLogoutGivenUp, trouble).await;
        }
        tracing::warn!(
            app = delivery.client_id,
            delivery = delivery.id,
            attempts = delivery.attempts,
            reason = trouble.reason,
            remark = trouble.remark,
            "an app could not be told that a session ended, and will be told again"
        );
        let database = self.deps.database.clone();
        blocking(move || database.write(now, |tx| queue::postpone(tx, &delivery, next))).await
    }

    async fn give_up(&self, delivery: Delivery, act: Act, trouble: Trouble) -> Result<(), StorageError> {
        tracing::warn!(
            app = delivery.client_id,
            delivery = delivery.id,
            attempts = delivery.attempts,
            reason = trouble.reason,
            remark = trouble.remark,
            "an app will not be told that a session ended"
        );
        let (database, now) = (self.deps.database.clone(), self.deps.clock.now());
        blocking(move || {
            database.write(now, |tx| {
                if !queue::abandon(tx, &delivery)? {
                    return Ok(());
                }
                record(tx, &delivery, act, &trouble.reason)
            })
        })
        .await
    }
}

/// Puts it on the record of the person's team, as long as there is such a person.
fn record(tx: &mut Tx<'_>, delivery: &Delivery, act: Act, reason: &str) -> Result<(), StorageError> {
    let team = team_of(tx, &delivery.person_id)?;
    let target = PersonId::parse(&delivery.person_id);
    let detail = json!({ "app": delivery.client_id, "attempts": delivery.attempts, "reason": reason });
    let deed = Deed {
        team: team.as_ref(),
        actor: &Actor::Teamdoor,
        act,
        target: target.as_ref(),
        detail,
        reference: None,
    };
    audit::record(tx, &deed)
}

fn team_of(connection: &mut Connection, person: &str) -> Result<Option<TeamId>, StorageError> {
    let query = people::table.find(person).select(people::team_id);
    let team: Option<String> = each!(connection, c => query.get_result(c).optional())?;
    Ok(team.and_then(|team| TeamId::parse(&team).ok()))
}

/// An answer that is none of those that count.
fn said(status: u16, remark: &str) -> Trouble {
    let is_redirect = (300..400).contains(&status);
    let why = if is_redirect { "; redirects are not followed" } else { "" };
    Trouble { reason: format!("it answered {status}{why}"), remark: remark.to_owned() }
}

fn wait_after(attempts: i64) -> Duration {
    let failures_before = usize::try_from(attempts.saturating_sub(1)).unwrap_or(0);
    WAITS.get(failures_before).copied().unwrap_or(LONGEST_WAIT)
}
