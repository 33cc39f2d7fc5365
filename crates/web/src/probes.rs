//! How often client id and secret of a team may be tried at its provider: the button is no way to guess them.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use vocabulary::{TeamId, Timestamp};

/// So many in this time.
const MOST: usize = 10;
const WINDOW: Duration = Duration::from_mins(10);

/// Counts probes by team, whatever its settings are by then; remembers none longer than ten minutes.
#[derive(Debug, Default)]
pub struct Probes(Mutex<HashMap<TeamId, VecDeque<Timestamp>>>);

impl Probes {
    /// Counts one more of this team, or says how long to wait.
    pub(crate) fn take(&self, team: &TeamId, now: Timestamp) -> Result<(), Duration> {
        let mut teams = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was put back counts nothing for longer.
        let counts = |moment: &Timestamp| *moment <= now && now.since(*moment) < WINDOW;
        teams.retain(|_, moments| {
            moments.retain(counts);
            !moments.is_empty()
        });
        let moments = teams.entry(team.clone()).or_default();
        if let Some(first) = moments.front().filter(|_| moments.len() >= MOST) {
            return Err(WINDOW.saturating_sub(now.since(*first)));
        }
        moments.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn after(seconds: u64) -> Timestamp {
        NOW.plus(Duration::from_secs(seconds))
    }

    #[test]
    fn ten_in_ten_minutes_for_each_team() {
        let (probes, acme) = (Probes::default(), TeamId::parse("acme").unwrap());
        for second in 0..10 {
            assert_eq!(probes.take(&acme, after(second)), Ok(()));
        }
        assert_eq!(probes.take(&acme, after(10)), Err(Duration::from_secs(590)));
        assert_eq!(probes.take(&TeamId::parse("globex").unwrap(), after(10)), Ok(()));
        assert_eq!(probes.take(&acme, after(599)), Err(Duration::from_secs(1)));
        assert_eq!(probes.take(&acme, after(600)), Ok(()), "the first is ten minutes ago");
        assert_eq!(probes.take(&acme, after(600)), Err(Duration::from_secs(1)));
    }

    #[test]
    fn what_is_over_is_forgotten_and_a_clock_put_back_locks_nobody_out() {
        let (probes, acme) = (Probes::default(), TeamId::parse("acme").unwrap());
        for _ in 0..10 {
            probes.take(&acme, after(3600)).unwrap();
        }
        assert!(probes.take(&acme, after(3600)).is_err());
        assert_eq!(probes.take(&acme, NOW), Ok(()));
        probes.take(&TeamId::parse("globex").unwrap(), after(7200)).unwrap();
        assert_eq!(probes.0.lock().unwrap().len(), 1);
    }
}
