//! Notices what has ended: app sessions whose session no longer stands, or whose app is no longer for them, become
//! deliveries.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use apps::App;
use sealing::TokenHash;
use sessions::SignedIn;
use storage::{StorageError, blocking};
use tokio::sync::watch;
use vocabulary::{ClientId, Timestamp};

use super::news::Heard;
use super::told_of::{self, Among, AppSession, PAGE};
use super::{Deliveries, POLL, REST, queue, told_to_stop};

/// How often everything is looked at: for what ends by itself, and for news that were lost.
const SWEEP: Duration = Duration::from_mins(1);

impl Deliveries {
    pub(super) async fn notice_all_along(&self, mut stop: watch::Receiver<bool>) {
        let mut swept: Option<Timestamp> = None;
        while !*stop.borrow() {
            let now = self.deps.clock.now();
            let heard = self.news.take();
            // A clock that was put back sweeps too.
            let is_time = swept.is_none_or(|swept| now.since(swept) >= SWEEP || now < swept);
            let all = heard.lost_track || is_time;
            let noticed = if all { self.notice_ended().await } else { self.notice_heard(heard).await };
            let pause = match noticed {
                Ok(_count) if all => {
                    swept = Some(now);
                    POLL
                }
                Ok(_count) => POLL,
                Err(error) => {
                    tracing::warn!(%error, "apps are not told what has ended; the next round looks at everything");
                    swept = None;
                    REST
                }
            };
            tokio::select! {
                () = told_to_stop(&mut stop) => return,
                () = self.news.bell.notified(), if pause == POLL => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Looks at every app session and puts into the queue what has ended. Says how many that were.
    pub async fn notice_ended(&self) -> Result<usize, StorageError> {
        self.notice(Look::All).await
    }

    async fn notice_heard(&self, heard: Heard) -> Result<usize, StorageError> {
        let mut count = 0_usize;
        for hashes in pages(heard.sessions) {
            count = count.saturating_add(self.notice(Look::Sessions(hashes)).await?);
        }
        for people in pages(heard.people) {
            count = count.saturating_add(self.notice(Look::People(people)).await?);
        }
        for team in heard.teams {
            count = count.saturating_add(self.notice(Look::Team(team)).await?);
        }
        for app in heard.apps {
            count = count.saturating_add(self.notice(Look::App(app)).await?);
        }
        Ok(count)
    }

    /// One page after the other, each on its own: nobody waits for a connection because of this.
    async fn notice(&self, look: Look) -> Result<usize, StorageError> {
        let (mut look, mut after, mut count) = (look, String::new(), 0_usize);
        loop {
            let (this, now) = (self.clone(), self.deps.clock.now());
            let page = blocking(move || {
                let page =
                    this.deps.database.read(|connection| told_of::page(connection, look.among(), &after))?;
                let ended = this.ended(&page, now)?;
                let queued = if ended.is_empty() { 0 } else { this.queue(&ended, now)? };
                let next = page.get(PAGE.saturating_sub(1)).map(|last| last.sid.clone());
                Ok::<_, StorageError>((look, queued, next))
            });
            let (same, queued, next) = page.await?;
            count = count.saturating_add(queued);
            if queued > 0 {
                self.queued.notify_one();
            }
            match next {
                Some(last) => (look, after) = (same, last),
                None => return Ok(count),
            }
        }
    }

    /// Those whose session no longer stands, or is of somebody whom the app no longer admits.
    fn ended(&self, page: &[AppSession], now: Timestamp) -> Result<Vec<AppSession>, StorageError> {
        let hashes: Vec<TokenHash> =
            page.iter().filter_map(|app_session| TokenHash::parse(&app_session.session_hash)).collect();
        if page.is_empty() {
            return Ok(Vec::new());
        }
        let standing = self.deps.sessions.standing(&hashes, now)?;
        let apps = self.apps_of(page)?;
        let goes_on = |app_session: &AppSession| {
            let hash = TokenHash::parse(&app_session.session_hash)?;
            let (who, app) = (standing.get(&hash)?, apps.get(app_session.client_id.as_str())?);
            Some(is_admitted(app, who))
        };
        let has_ended = |app_session: &&AppSession| !goes_on(app_session).unwrap_or(false);
        Ok(page.iter().filter(has_ended).cloned().collect())
    }

    /// The apps of these that are there, as the database has them now.
    fn apps_of<'a>(&self, page: &'a [AppSession]) -> Result<HashMap<&'a str, App>, StorageError> {
        let clients: HashSet<&str> = page.iter().map(|app_session| app_session.client_id.as_str()).collect();
        self.deps.database.read(|connection| {
            let mut found = HashMap::new();
            for client in clients {
                let Ok(id) = ClientId::parse(client) else { continue };
                if let Some(app) = apps::find(connection, &id)? {
                    found.insert(client, app);
                }
            }
            Ok(found)
        })
    }

    /// Makes deliveries of those that are still there, where the app wants to know. In the order of their `sid`: two
    /// nodes that do the same do not wait for each other crosswise.
    fn queue(&self, ended: &[AppSession], now: Timestamp) -> Result<usize, StorageError> {
        let mut tells: HashMap<&str, bool> = HashMap::new();
        for app_session in ended {
            if !tells.contains_key(app_session.client_id.as_str()) {
                tells.insert(&app_session.client_id, self.wants_to_know(&app_session.client_id)?);
            }
        }
        self.deps.database.write(now, |tx| {
            let mut queued = 0_usize;
            for app_session in ended {
                let is_told = tells.get(app_session.client_id.as_str()).copied().unwrap_or(false);
                if told_of::take(tx, &app_session.sid)? && is_told {
                    queue::insert(tx, &*self.deps.chance, app_session)?;
                    queued = queued.saturating_add(1);
                }
            }
            Ok(queued)
        })
    }

    fn wants_to_know(&self, client: &str) -> Result<bool, StorageError> {
        let Ok(client) = ClientId::parse(client) else { return Ok(false) };
        let app = self.deps.apps.find_now(&client)?;
        Ok(app.is_some_and(|app| app.options.backchannel_logout_uri.is_some()))
    }
}

/// Where to look, owned by the look.
enum Look {
    Sessions(Vec<String>),
    People(Vec<String>),
    Team(String),
    App(String),
    All,
}

impl Look {
    fn among(&self) -> Among<'_> {
        match self {
            Self::Sessions(hashes) => Among::Sessions(hashes),
            Self::People(people) => Among::People(people),
            Self::Team(team) => Among::Team(team),
            Self::App(client) => Among::App(client),
            Self::All => Among::All,
        }
    }
}

fn is_admitted(app: &App, who: &SignedIn) -> bool {
    apps::admits(app, &who.team.team.team_id, who.role).is_ok()
}

fn pages(names: impl IntoIterator<Item = String>) -> Vec<Vec<String>> {
    let names: Vec<String> = names.into_iter().collect();
    names.chunks(PAGE).map(<[String]>::to_vec).collect()
}
