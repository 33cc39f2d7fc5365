//! A row of `connection_health`, and how it takes in what a node has counted.

use diesel::prelude::*;
use storage::schema::connection_health;

use crate::ledger::Tally;
use crate::write::Observed;

/// What is known of a connection.
#[derive(Clone, Debug, Default, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = connection_health, treat_none_as_null = true)]
#[expect(clippy::struct_field_names, reason = "named as its column is")]
pub(crate) struct Row {
    pub(crate) version: i64,
    pub(crate) since: i64,
    pub(crate) started: i64,
    pub(crate) finished: i64,
    pub(crate) refused: i64,
    pub(crate) bad_in_a_row: i64,
    pub(crate) last_good_at: Option<i64>,
    pub(crate) last_bad_at: Option<i64>,
    pub(crate) last_bad_cause: Option<String>,
    pub(crate) last_bad_reference: Option<String>,
    pub(crate) metadata_fetched_at: Option<i64>,
    pub(crate) keys_fetched_at: Option<i64>,
    pub(crate) unreachable_until: Option<i64>,
    pub(crate) unwell: bool,
}

impl Row {
    /// How many came back: all that did either came in or did not.
    pub(crate) const fn returned(&self) -> i64 {
        self.finished.saturating_add(self.refused)
    }

    /// Takes in a tally, all of it but the counts, which the database has added up already.
    pub(crate) fn take_in(&mut self, tally: &Tally) {
        let good = tally.last_good.map(vocabulary::Timestamp::millis);
        self.bad_in_a_row = match good {
            Some(good) if Some(good) >= self.last_bad_at => tally.bad_in_a_row,
            Some(_) | None => self.bad_in_a_row + tally.bad_in_a_row,
        };
        self.last_good_at = self.last_good_at.max(good);
        if let Some(bad) = &tally.last_bad
            && Some(bad.at.millis()) >= self.last_bad_at
        {
            self.last_bad_at = Some(bad.at.millis());
            self.last_bad_cause = Some(bad.cause.to_owned());
            self.last_bad_reference = Some(bad.reference.to_string());
        }
        // Another node may have told of a good one that came after all the bad ones.
        if self.last_good_at > self.last_bad_at {
            self.bad_in_a_row = 0;
        }
    }

    /// Takes in what this node knows of the provider; of what others know the latest counts.
    pub(crate) fn observe(&mut self, observed: &Observed) {
        let latest = |known: Option<i64>, new: Option<vocabulary::Timestamp>| {
            known.max(new.map(vocabulary::Timestamp::millis))
        };
        self.metadata_fetched_at = latest(self.metadata_fetched_at, observed.metadata_fetched_at);
        self.keys_fetched_at = latest(self.keys_fetched_at, observed.keys_fetched_at);
        self.unreachable_until = latest(self.unreachable_until, observed.breaker_open_until);
    }

    /// What is left of it once the connection's settings are others: the past, without counts.
    pub(crate) fn of_other_settings(self) -> Self {
        Self {
            last_good_at: self.last_good_at,
            last_bad_at: self.last_bad_at,
            last_bad_cause: self.last_bad_cause,
            last_bad_reference: self.last_bad_reference,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use vocabulary::{ReferenceId, TeamId, Timestamp, Version};

    use super::*;
    use crate::ledger::Bad;

    fn tally(good: Option<i64>, bad: Option<i64>, in_a_row: i64) -> Tally {
        let mut tally = Tally::new(TeamId::parse("acme").unwrap(), Version(1), Timestamp::from_millis(0));
        tally.last_good = good.map(Timestamp::from_millis);
        tally.last_bad = bad.map(|at| Bad {
            at: Timestamp::from_millis(at),
            cause: "idp_timeout",
            reference: ReferenceId::parse("7K2F-9QXM").unwrap(),
        });
        tally.bad_in_a_row = in_a_row;
        tally
    }

    #[test]
    fn what_two_nodes_tell_in_either_order_means_the_same() {
        // One node had a good sign-in at 5, the other bad ones until 3 and one at 7.
        let orders = [
            [tally(Some(5), None, 0), tally(None, Some(3), 3), tally(None, Some(7), 1)],
            [tally(None, Some(3), 3), tally(Some(5), None, 0), tally(None, Some(7), 1)],
        ];
        for tallies in orders {
            let mut row = Row::default();
            for tally in &tallies {
                row.take_in(tally);
            }
            assert_eq!((row.last_good_at, row.last_bad_at, row.bad_in_a_row), (Some(5), Some(7), 1));
        }
    }

    #[test]
    fn of_what_nodes_know_of_the_provider_the_latest_counts() {
        let observed =
            |at: i64| Observed { keys_fetched_at: Some(Timestamp::from_millis(at)), ..Observed::default() };
        let mut row = Row::default();
        row.observe(&observed(7));
        row.observe(&observed(5));
        row.observe(&Observed::default());
        assert_eq!((row.keys_fetched_at, row.unreachable_until), (Some(7), None));
    }
}
