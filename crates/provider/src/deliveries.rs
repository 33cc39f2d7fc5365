//! Apps are told when a session that was used with them ends (OpenID Connect Back-Channel Logout 1.0).
//!
//! What ends a session knows of no app. This worker looks at the state: an app session whose session no longer stands
//! becomes a delivery, in one transaction that one of many nodes wins; a delivery goes out, again and again, until the
//! app took it, refused it, or a day is over. It looks when the feed names somebody, and at everything once a minute.

mod claims;
mod news;
mod notice;
mod queue;
mod send;
mod told_of;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use upstream::Messenger;

use crate::Deps;
use news::News;

/// How often it is looked whether something is due that nobody rang for: what other nodes left, and what waits.
const POLL: Duration = Duration::from_secs(1);
/// How long the worker rests after the database could not be used.
const REST: Duration = Duration::from_secs(2);

/// Tells apps. Every node has one; cheap to clone.
#[derive(Clone)]
pub struct Deliveries {
    deps: Deps,
    messenger: Messenger,
    news: Arc<News>,
    /// Rings when something was put into the queue here.
    queued: Arc<Notify>,
}

impl Deliveries {
    /// A worker that hears of what ends from now on.
    #[must_use]
    pub fn new(deps: &Deps, messenger: Messenger) -> Self {
        let news = Arc::new(News::default());
        deps.database.feed().subscribe(&news);
        Self { deps: deps.clone(), messenger, news, queued: Arc::default() }
    }

    /// Works until `stop` turns true or its sender is gone. What is under way ends first, which takes 12 seconds at
    /// most; what is cut short goes out again when its lease ends.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        tokio::join!(self.notice_all_along(stop.clone()), self.deliver_all_along(stop));
    }
}

impl fmt::Debug for Deliveries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deliveries").finish_non_exhaustive()
    }
}

/// Waits for the end, however often the value is sent.
async fn told_to_stop(stop: &mut watch::Receiver<bool>) {
    let _gone_counts_too = stop.wait_for(|stop| *stop).await;
}
