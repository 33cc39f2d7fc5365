//! The service itself: listens, serves, tidies up, and ends in order.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use actix_web::{HttpServer, middleware};
use audit::{Act, Actor, Deed};
use health::{Herald, Observed};
use mail::{GivenUp, Worker};
use pages::words::traces;
use roles::Clerk;
use serde_json::json;
use settings::Settings;
use signin::Deps;
use storage::{StorageError, Tx};
use tokio::sync::watch;
use upstream::Upstream;

use crate::house::{House, Parts};
use crate::trouble::Trouble;

/// How long what is under way may take to end after SIGTERM, in seconds.
const GRACE: u64 = 10;
/// How often what has expired is forgotten.
const TIDY: Duration = Duration::from_mins(1);
/// How often what was counted of connections is written down. A crash loses that much of it.
const WRITE_DOWN: Duration = Duration::from_secs(2);

/// The service, built and not yet running.
pub struct Service {
    /// The rooms it stands on.
    pub house: House,
    listener: TcpListener,
    workers: usize,
}

impl Service {
    /// Puts the rooms together and takes the port; port 0 takes a free one.
    pub fn build(settings: &Settings, parts: Parts) -> Result<Self, Trouble> {
        let address = settings.server.listen;
        let listener = TcpListener::bind(address)
            .map_err(|error| Trouble::Listen { address: address.to_string(), error })?;
        Self::on(listener, settings, parts)
    }

    /// The same on a port that was taken before.
    pub fn on(listener: TcpListener, settings: &Settings, parts: Parts) -> Result<Self, Trouble> {
        let house = House::build(settings, parts)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let workers = settings.server.workers.map_or(cores, usize::from);
        Ok(Self { house, listener, workers })
    }

    /// Serves until it is told to stop, then lets what is under way end. `started` gets the handle by which a
    /// test stops it.
    pub async fn run(self, started: impl FnOnce(ServerHandle)) -> Result<(), Trouble> {
        let app = Data::new(self.house.app()?);
        let database = self.house.database.clone();
        let follower = database.follow()?;
        let (stop, stopped) = watch::channel(false);
        let worker = self.mail_worker()?;
        let mail = tokio::spawn(worker.run(stopped.clone()));
        let told = tokio::spawn(self.house.deliveries(&app.provider)?.run(stopped.clone()));
        let counted = tokio::spawn(write_down(app.door.clone(), stopped.clone()));
        let lookups = app.lookups.clone();
        let (asked, door) = (lookups.clone(), app.door.clone());
        let looked_up = tokio::task::spawn_blocking(move || asked.serve(&door));
        let tidy = tokio::spawn(tidy(self.house.clone(), stopped));
        let server = HttpServer::new(move || {
            actix_web::App::new()
                .app_data(app.clone())
                .wrap(middleware::from_fn(web::with_headers))
                .configure(web::configure)
        })
        .workers(self.workers)
        .shutdown_timeout(GRACE)
        .listen(self.listener)?
        .run();
        started(server.handle());
        let outcome = server.await;
        // What was asked becomes letters first.
        lookups.close();
        let _in_time = tokio::time::timeout(Duration::from_secs(GRACE), looked_up).await;
        // Letters and logout tokens on their way arrive first; what is cut short goes out again when its lease ends.
        let _receivers = stop.send(true);
        let _in_time = tokio::time::timeout(Duration::from_secs(GRACE), mail).await;
        let _in_time = tokio::time::timeout(Duration::from_secs(GRACE), told).await;
        let _in_time = tokio::time::timeout(Duration::from_secs(GRACE), counted).await;
        tidy.abort();
        database.feed().stop();
        let _ended = follower.join();
        Ok(outcome?)
    }

    fn mail_worker(&self) -> Result<Worker, Trouble> {
        let House { database, desk, parts, .. } = &self.house;
        let clock = std::sync::Arc::clone(&parts.clock);
        Ok(Worker::new(
            database.clone(),
            std::sync::Arc::clone(desk),
            self.house.carrier()?,
            clock,
            note_given_up,
        ))
    }
}

/// A letter that was given up leaves a row in the record of its team.
fn note_given_up(tx: &mut Tx<'_>, letter: &GivenUp) -> Result<(), StorageError> {
    let detail = json!({ "letter": letter.id, "attempts": letter.attempts, "reason": letter.reason });
    let (team, actor) = (letter.team_id.as_ref(), &Actor::Teamdoor);
    audit::record(tx, &Deed { team, actor, act: Act::LetterGivenUp, target: None, detail, reference: None })
}

/// Writes down what was counted of connections, every few seconds and once more at the end.
async fn write_down(door: Deps, mut stopped: watch::Receiver<bool>) {
    loop {
        let goes_on = tokio::time::timeout(WRITE_DOWN, stopped.changed()).await.is_err();
        let (door, now) = (door.clone(), door.clock.now());
        let written = storage::blocking(move || {
            let clerk = Clerk { desk: &door.desk, chance: &*door.chance };
            let herald = Herald { clerk, plain: traces::plain };
            door.health.write_down(&door.database, now, herald, |settings| observed(&door.upstream, settings))
        });
        if let Err(error) = written.await {
            tracing::warn!(%error, "the health of connections was not written down; the next round tries again");
        }
        if !goes_on {
            return;
        }
    }
}

/// What this node knows of the provider of a connection.
fn observed(upstream: &Upstream, settings: &str) -> Option<Observed> {
    let known = upstream.observed(settings)?;
    Some(Observed {
        metadata_fetched_at: known.metadata_fetched_at,
        keys_fetched_at: known.keys_fetched_at,
        breaker_open_until: known.breaker_open_until,
    })
}

/// Forgets what has expired, once a minute. Nothing relies on it: limits are checked when read.
async fn tidy(house: House, mut stopped: watch::Receiver<bool>) {
    while tokio::time::timeout(TIDY, stopped.changed()).await.is_err() {
        let (database, now) = (house.database.clone(), house.parts.clock.now());
        let tidied = storage::blocking(move || {
            database.write(now, |tx| {
                signin::tidy(tx)?;
                signin::tidy_rehearsals(tx)?;
                signout::tidy(tx)?;
                sessions::tidy(tx)?;
                audit::tidy(tx)?;
                provider::keys::tidy(tx)?;
                provider::tidy(tx)?;
                onboarding::request::tidy(tx)?;
                onboarding::tidy_links(tx)?;
                onboarding::glass::tidy(tx)?;
                storage::tidy(tx)
            })
        });
        if let Err(error) = tidied.await {
            tracing::warn!(%error, "tidying up failed; the next round tries again");
        }
        tell_of_expiring_secrets(&house).await;
        rotate_keys(&house).await;
    }
}

/// Writes to admins whose client secret is about to expire.
async fn tell_of_expiring_secrets(house: &House) {
    let (owned, now) = (house.clone(), house.parts.clock.now());
    let told = storage::blocking(move || {
        let clerk = Clerk { desk: &owned.desk, chance: &*owned.parts.chance };
        onboarding::tell_of_expiring_secrets(&owned.database, now, clerk)
    });
    if let Err(error) = told.await {
        tracing::warn!(%error, "letters about client secrets were not written; the next round tries again");
    }
}

/// Publishes the next signing keys when the present ones are old.
async fn rotate_keys(house: &House) {
    let Some(every) = house.rotate_keys_every() else { return };
    let (keys, now) = (house.signing_keys.clone(), house.parts.clock.now());
    match storage::blocking(move || keys.rotate_if_due(every, now)).await {
        Ok(true) => tracing::info!("the next signing keys are published"),
        Ok(false) => {}
        Err(error) => tracing::error!(%error, "signing keys were not rotated; the next round tries again"),
    }
}
