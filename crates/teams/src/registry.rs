//! The registry as sign-in asks it: open teams alone, warm ones without the database.

use std::sync::Arc;

use storage::{Cache, Database, StorageError, Subject};
use vocabulary::TeamId;

use crate::callback_path::CallbackPath;
use crate::launch_names::{self, LaunchName, Named};
use crate::lookup;
use crate::team::TeamAndConnection;
use crate::versions;

/// How many open teams are kept at hand.
const KEPT: u64 = 4096;

/// A team whose door is open: active, its connection enabled. Whoever holds one need not ask again.
#[derive(Debug)]
pub struct OpenTeam(TeamAndConnection);

impl std::ops::Deref for OpenTeam {
    type Target = TeamAndConnection;
    fn deref(&self) -> &TeamAndConnection {
        &self.0
    }
}

/// Finds open teams. Unknown, draft, suspended and removed ones are one and the same: not open.
#[derive(Clone)]
pub struct Registry {
    database: Database,
    open: Arc<Cache<Arc<OpenTeam>>>,
}

impl Registry {
    /// A registry over `database`.
    #[must_use]
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone(), open: Cache::following(database.feed(), Subject::Team, KEPT) }
    }

    /// The team, if a copy is at hand that may be trusted.
    #[must_use]
    pub fn at_hand(&self, team_id: &TeamId) -> Option<Arc<OpenTeam>> {
        self.open.get(team_id.as_str())
    }

    /// The team, if it is open; asks the database only when no copy is at hand.
    pub async fn open_team(&self, team_id: &TeamId) -> Result<Option<Arc<OpenTeam>>, StorageError> {
        if let Some(team) = self.at_hand(team_id) {
            return Ok(Some(team));
        }
        let (registry, team_id) = (self.clone(), team_id.clone());
        storage::blocking(move || registry.open_team_now(&team_id)).await
    }

    /// The same where waiting for a database is allowed.
    pub fn open_team_now(&self, team_id: &TeamId) -> Result<Option<Arc<OpenTeam>>, StorageError> {
        if let Some(team) = self.at_hand(team_id) {
            return Ok(Some(team));
        }
        self.open.load(team_id.as_str(), || {
            let found = self.database.read(|connection| lookup::find_connected(connection, team_id))?;
            Ok(found.filter(TeamAndConnection::is_open).map(|team| Arc::new(OpenTeam(team))))
        })
    }

    /// An open team as it was with the settings `key`, which a tested version has taken the place of: a sign-in that was
    /// begun with them may end on them.
    pub fn as_it_was(&self, team_id: &TeamId, key: &str) -> Result<Option<Arc<OpenTeam>>, StorageError> {
        let found = self.database.read(|connection| versions::lets_end(connection, team_id, key))?;
        Ok(found.map(|team| Arc::new(OpenTeam(team))))
    }

    /// The open team that a launch without a team names.
    pub async fn open_team_named(&self, name: LaunchName) -> Result<Named<Arc<OpenTeam>>, StorageError> {
        let registry = self.clone();
        storage::blocking(move || {
            let found = registry.database.read(|connection| launch_names::named(connection, &name))?;
            Ok(match found {
                Named::Nobody => Named::Nobody,
                Named::Several => Named::Several,
                Named::One(team_id) => registry.open_team_now(&team_id)?.map_or(Named::Nobody, Named::One),
            })
        })
        .await
    }

    /// The open team whose connection brought this path along.
    pub async fn open_team_by_path(
        &self,
        path: &CallbackPath,
    ) -> Result<Option<Arc<OpenTeam>>, StorageError> {
        let (database, path) = (self.database.clone(), path.clone());
        storage::blocking(move || {
            let found = database.read(|connection| lookup::by_callback_path(connection, &path))?;
            Ok(found.filter(TeamAndConnection::is_open).map(|team| Arc::new(OpenTeam(team))))
        })
        .await
    }
}
