//! The launches of one browser within the last half minute. They stand in a cookie of that browser: nobody else is
//! counted with it, and nothing is kept here.

use std::time::Duration;

use vocabulary::{TeamId, Timestamp};

use super::LaunchError;

/// How long a launch counts.
const WINDOW: Duration = Duration::from_secs(30);
/// Of one team, the launch that is stopped.
const STOPPED: usize = 3;
/// How many launches the cookie holds at most.
const KEPT: usize = 8;

/// Launches of a moment ago, the latest last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecentLaunches(Vec<(TeamId, Timestamp)>);

impl RecentLaunches {
    /// For how long a cookie of it is of use.
    pub const LASTS: Duration = WINDOW;

    /// Reads the cookie's value; what is odd or old is left out.
    #[must_use]
    pub fn read(text: &str, now: Timestamp) -> Self {
        let launches = text.split('_').filter_map(|launch| {
            let (team, at) = launch.split_once('.')?;
            let at = Timestamp::from_millis(at.parse().ok()?);
            // A node whose clock is ahead of ours may have written it.
            let is_recent = now.since(at) < WINDOW && at.since(now) < WINDOW;
            Some((TeamId::parse(team).ok()?, at)).filter(|_| is_recent)
        });
        Self(launches.take(KEPT).collect())
    }

    /// One more launch of `team` by somebody without a session there; the third is stopped and not counted.
    pub fn and_one(mut self, team: &TeamId, now: Timestamp) -> Result<Self, LaunchError> {
        let before = self.0.iter().filter(|(of, _)| of == team).count();
        if before + 1 >= STOPPED {
            return Err(LaunchError::Loop);
        }
        self.0.push((team.clone(), now));
        let surplus = self.0.len().saturating_sub(KEPT);
        self.0.drain(..surplus);
        Ok(self)
    }

    /// Those of other teams: somebody has a session of this one.
    #[must_use]
    pub fn without(mut self, team: &TeamId) -> Self {
        self.0.retain(|(of, _)| of != team);
        self
    }

    /// The cookie's value; none when there is nothing to keep.
    #[must_use]
    pub fn to_text(&self) -> Option<String> {
        let launches: Vec<String> =
            self.0.iter().map(|(team, at)| format!("{team}.{}", at.millis())).collect();
        (!launches.is_empty()).then(|| launches.join("_"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn team(text: &str) -> TeamId {
        TeamId::parse(text).unwrap()
    }

    #[test]
    fn the_third_of_one_team_is_stopped_until_the_first_is_half_a_minute_old() {
        let (acme, globex) = (team("acme"), team("globex"));
        let start = Timestamp::from_seconds(1_000);
        let at = |seconds| start.plus(Duration::from_secs(seconds));
        let two = RecentLaunches::default().and_one(&acme, start).unwrap().and_one(&acme, at(10)).unwrap();
        let text = two.to_text().unwrap();
        let again = |seconds| RecentLaunches::read(&text, at(seconds)).and_one(&acme, at(seconds));
        assert_eq!((again(10), again(29)), (Err(LaunchError::Loop), Err(LaunchError::Loop)));
        assert!(again(30).is_ok());
        assert!(RecentLaunches::read(&text, at(10)).and_one(&globex, at(10)).is_ok(), "another team's tile");
        assert_eq!(two.without(&acme), RecentLaunches::default());
    }

    #[test]
    fn a_cookie_that_somebody_made_up_is_read_as_far_as_it_goes() {
        let now = Timestamp::from_seconds(1_000);
        for odd in
            ["", "_", "acme", "acme.", "ACME.1000000", "acme.99999999999999999999", "acme.0", "acme.-1"]
        {
            assert_eq!(RecentLaunches::read(odd, now), RecentLaunches::default(), "{odd}");
        }
        let many = vec!["acme.1000000"; 1000].join("_");
        let read = RecentLaunches::read(&many, now).and_one(&team("globex"), now).unwrap();
        assert!(read.to_text().unwrap().len() < 200);
    }
}
