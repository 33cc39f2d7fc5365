//! What tests do and see behind the service's back: the operator's acts on the registry, and what is kept.

use diesel::prelude::*;
use mock_idp::Client;
use onboarding::Set;
use roles::{Clerk, Operator};
use storage::schema::{sessions, spent_states};
use storage::{StorageError, each};
use teams::{Edit, NewTeam};
use vocabulary::{ReferenceId, TeamId};

use crate::world::{World, client};

impl World {
    /// Adds an enabled team and registers its client at the practice provider, redirect URI and all; `edit`
    /// may give it another redirect URI, options or state.
    pub fn add_registered_team(
        &self,
        team_id: &str,
        path: &str,
        admin: &str,
        edit: impl FnOnce(&mut NewTeam, &mut Client),
    ) {
        let mut at_idp = client(team_id, &self.node.base);
        self.add_team(team_id, path, admin, |new| edit(new, &mut at_idp));
        self.idp.add_client(path, at_idp);
    }

    /// Changes a team at once, as `team set` does.
    ///
    /// # Panics
    /// When the registry refuses.
    pub fn set(&self, team_id: &str, edit: &Edit) {
        let _told = self.set_and_tell(team_id, edit);
    }

    /// The same, and what the operator is told.
    ///
    /// # Panics
    /// When the registry refuses.
    #[must_use]
    pub fn set_and_tell(&self, team_id: &str, edit: &Edit) -> Set {
        let house = &self.node.house;
        let clerk = Clerk { desk: &house.desk, chance: &*house.parts.chance };
        let (operator, team) = (Operator::at_the_command_line(), team(team_id));
        let now = house.parts.clock.now();
        house
            .database
            .write(now, |tx| onboarding::set(tx, &house.registrar(), clerk, &operator, &team, edit))
            .unwrap_or_else(|error| panic!("{team_id}: {error}"))
    }

    /// Suspends a team, as the operator.
    ///
    /// # Panics
    /// When the registry refuses.
    pub fn suspend(&self, team_id: &str) {
        let (house, operator, team) = (&self.node.house, Operator::at_the_command_line(), team(team_id));
        let now = house.parts.clock.now();
        house.database.write(now, |tx| onboarding::suspend(tx, &operator, &team)).expect("a team to suspend");
    }

    /// Opens a suspended team again, as the operator.
    ///
    /// # Panics
    /// When the registry refuses.
    pub fn resume(&self, team_id: &str) {
        let (house, operator, team) = (&self.node.house, Operator::at_the_command_line(), team(team_id));
        let now = house.parts.clock.now();
        house.database.write(now, |tx| onboarding::resume(tx, &operator, &team)).expect("a team to resume");
    }

    /// Removes a team for good, as the operator.
    ///
    /// # Panics
    /// When the registry refuses.
    pub fn remove(&self, team_id: &str) {
        let (house, operator, team) = (&self.node.house, Operator::at_the_command_line(), team(team_id));
        let now = house.parts.clock.now();
        house.database.write(now, |tx| onboarding::remove(tx, &operator, &team)).expect("a team to remove");
    }

    /// How many sessions a team has in the database.
    ///
    /// # Panics
    /// When the database cannot be asked.
    #[must_use]
    pub fn sessions_of(&self, team_id: &str) -> i64 {
        let query = sessions::table.filter(sessions::team_id.eq(team_id));
        let count = self.node.house.database.read(|connection| {
            let count: i64 = each!(connection, c => query.count().get_result(c))?;
            Ok::<_, StorageError>(count)
        });
        count.expect("a count")
    }

    /// How many states were spent.
    ///
    /// # Panics
    /// When the database cannot be asked.
    #[must_use]
    pub fn spent_states(&self) -> i64 {
        let count = self.node.house.database.read(|connection| {
            let count: i64 = each!(connection, c => spent_states::table.count().get_result(c))?;
            Ok::<_, StorageError>(count)
        });
        count.expect("a count")
    }

    /// The trace that an error page's reference id leads to.
    ///
    /// # Panics
    /// When it is no reference id, or the database cannot be asked.
    #[must_use]
    pub fn trace(&self, reference: &str) -> Option<audit::Kept> {
        let id = ReferenceId::parse(reference).unwrap_or_else(|| panic!("no reference id: {reference:?}"));
        let found = self.node.house.database.read(|connection| audit::by_reference(connection, &id));
        found.expect("an answer of the database")
    }
}

fn team(team_id: &str) -> TeamId {
    TeamId::parse(team_id).expect("a Team ID")
}
