//! Apps as every request asks for them: warm ones without the database.

use std::sync::Arc;

use storage::{Cache, Database, StorageError, Subject};
use vocabulary::ClientId;

use crate::app::App;
use crate::rows;
use crate::uri::AppHost;

/// How many apps are kept at hand.
const KEPT: u64 = 1024;
/// The key under which the list of all apps changes.
pub(crate) const ALL: &str = "*";

/// Finds apps.
#[derive(Clone)]
pub struct Apps {
    database: Database,
    by_id: Arc<Cache<Arc<App>>>,
    by_host: Arc<Cache<Arc<App>>>,
    all: Arc<Cache<Arc<[Arc<App>]>>>,
}

impl Apps {
    /// The apps in `database`.
    #[must_use]
    pub fn new(database: &Database) -> Self {
        let feed = database.feed();
        Self {
            database: database.clone(),
            by_id: Cache::following(feed, Subject::App, KEPT),
            by_host: Cache::following(feed, Subject::App, KEPT),
            all: Cache::following(feed, Subject::App, 1),
        }
    }

    /// The app with this client id.
    pub async fn find(&self, id: &ClientId) -> Result<Option<Arc<App>>, StorageError> {
        if let Some(app) = self.by_id.get(id.as_str()) {
            return Ok(Some(app));
        }
        let (apps, id) = (self.clone(), id.clone());
        storage::blocking(move || apps.find_now(&id)).await
    }

    /// The same where waiting for a database is allowed.
    pub fn find_now(&self, id: &ClientId) -> Result<Option<Arc<App>>, StorageError> {
        if let Some(app) = self.by_id.get(id.as_str()) {
            return Ok(Some(app));
        }
        self.by_id.load(id.as_str(), || {
            Ok(self.database.read(|connection| rows::find(connection, id))?.map(Arc::new))
        })
    }

    /// The app on this host.
    pub async fn on_host(&self, host: &AppHost) -> Result<Option<Arc<App>>, StorageError> {
        if let Some(app) = self.by_host.get(host.as_str()) {
            return Ok(Some(app));
        }
        let (apps, host) = (self.clone(), host.clone());
        storage::blocking(move || {
            apps.by_host.load(host.as_str(), || {
                Ok(apps.database.read(|connection| rows::find_by_host(connection, &host))?.map(Arc::new))
            })
        })
        .await
    }

    /// All apps in the order of their names. An operator registers a handful.
    pub async fn all(&self) -> Result<Arc<[Arc<App>]>, StorageError> {
        if let Some(all) = self.all.get(ALL) {
            return Ok(all);
        }
        let apps = self.clone();
        let all = storage::blocking(move || {
            apps.all.load(ALL, || {
                let all = apps.database.read(rows::list)?;
                Ok::<_, StorageError>(Some(all.into_iter().map(Arc::new).collect()))
            })
        });
        Ok(all.await?.unwrap_or_default())
    }
}
