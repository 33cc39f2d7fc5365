//! Moments and the clock that tells them. Functions take a `Timestamp`; only the edges own a `Clock`.

use std::fmt;
use std::time::Duration;

use serde::{Serialize, Serializer};

/// A moment, in whole milliseconds since 1970-01-01T00:00:00Z. Shown, in JSON too, as RFC 3339 says:
/// `2026-05-03T09:12:00.000Z`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment that lies `millis` milliseconds after the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// The moment that lies `seconds` seconds after the epoch, as JWT claims count (RFC 7519 §2).
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Reads a moment as RFC 3339 writes it, with an offset or `Z`: `2026-05-03T09:12:00Z`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|moment| Self(moment.as_millisecond()))
    }

    /// The moment at which a day begins in UTC, of a day as RFC 3339 writes it: `2027-05-03`.
    #[must_use]
    pub fn of_day(text: &str) -> Option<Self> {
        if text.len() != 10 {
            return None;
        }
        Self::parse(&format!("{text}T00:00:00Z"))
    }

    /// The day in UTC, as [`Self::of_day`] reads it.
    #[must_use]
    pub fn day(self) -> String {
        let moment = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::MAX);
        moment.strftime("%Y-%m-%d").to_string()
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This moment moved forward; stays at the last one that can be told.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(millis_of(duration)))
    }

    /// This moment moved back; stays at the first one that can be told.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(millis_of(duration)))
    }

    /// How long ago `earlier` was; nothing when it lies ahead.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        let millis = self.0.saturating_sub(earlier.0);
        Duration::from_millis(u64::try_from(millis).unwrap_or(0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = jiff::Timestamp::from_millisecond(self.0).map_err(|_beyond_the_calendar| fmt::Error)?;
        write!(f, "{moment:.3}")
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let moment = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::MAX);
        serializer.collect_str(&format_args!("{moment:.3}"))
    }
}

fn millis_of(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// What tells the time.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
    fn now(&self) -> Timestamp {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Timestamp(since_epoch.map_or(0, millis_of))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_they_are_shown() {
        let moment = Timestamp::from_millis(1_777_799_520_123);
        assert_eq!(Timestamp::parse(&moment.to_string()), Some(moment));
        assert_eq!(Timestamp::parse("1970-01-01T02:00:01+02:00"), Some(Timestamp::from_millis(1_000)));
        for wrong in ["", "yesterday", "2026-05-03", "2026-05-03T09:12:00", "1777799520"] {
            assert_eq!(Timestamp::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_day_is_read_as_it_is_shown_and_begins_at_midnight_in_utc() {
        let day = Timestamp::of_day("2027-05-03").unwrap();
        assert_eq!(
            (day.to_string().as_str(), day.day().as_str()),
            ("2027-05-03T00:00:00.000Z", "2027-05-03")
        );
        assert_eq!(day.plus(Duration::from_hours(23)).day(), "2027-05-03");
        for wrong in ["", "2027-02-30", "3 May 2027", "2027-5-3", "2027-05-03T00:00:00Z", "0x27-05-03"] {
            assert_eq!(Timestamp::of_day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn moments_move_and_never_overflow() {
        let start = Timestamp::from_millis(1_500);
        assert_eq!(start.plus(Duration::from_secs(2)).millis(), 3_500);
        assert_eq!(start.minus(Duration::from_secs(2)).millis(), -500);
        assert_eq!(start.minus(Duration::from_secs(2)).seconds(), -1);
        assert_eq!(start.since(Timestamp::from_millis(500)), Duration::from_secs(1));
        assert_eq!(start.to_string(), "1970-01-01T00:00:01.500Z");
        assert_eq!(Timestamp::from_millis(0).since(start), Duration::ZERO);
        assert_eq!(Timestamp::from_millis(i64::MAX).plus(Duration::MAX).millis(), i64::MAX);
    }
}
