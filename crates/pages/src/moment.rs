//! Moments as people read them: the words in UTC beside the exact form for machines.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use vocabulary::Timestamp;

use crate::words;

/// A moment, told twice.
pub(crate) struct Moment {
    /// RFC 3339, to the minute, for `datetime=`.
    pub iso: String,
    /// `today, 09:12`, `yesterday, 09:12`, `12 May, 09:12` or `12 May 2025`; of a day alone `today`, `on 12 May`.
    pub text: String,
}

impl Moment {
    /// Tells `at` to somebody who reads it at `now`; moments beyond the calendar stand as a dash.
    pub(crate) fn tell(at: Timestamp, now: Timestamp) -> Self {
        let Some((date, iso, clock)) = civil(at) else {
            return Self { iso: String::new(), text: words::NO_TIME.to_owned() };
        };
        let today = civil(now).map_or(date, |(today, _, _)| today);
        let text = if date == today {
            words::today_at(&clock)
        } else if date.tomorrow().is_ok_and(|next| next == today) {
            words::yesterday_at(&clock)
        } else if date.year() == today.year() {
            words::day_at(date.day(), date.month(), &clock)
        } else {
            words::day_of_year(date.day(), date.month(), date.year())
        };
        Self { iso, text }
    }

    /// Tells the day of `at` alone, as it stands in a sentence.
    pub(crate) fn day(at: Timestamp, now: Timestamp) -> Self {
        let Some((date, iso, _)) = civil(at) else {
            return Self { iso: String::new(), text: words::NO_TIME.to_owned() };
        };
        let today = civil(now).map_or(date, |(today, _, _)| today);
        let text = if date == today {
            words::TODAY.to_owned()
        } else if date.tomorrow().is_ok_and(|next| next == today) {
            words::YESTERDAY.to_owned()
        } else if date.year() == today.year() {
            words::on_day(date.day(), date.month())
        } else {
            words::on_day_of_year(date.day(), date.month(), date.year())
        };
        Self { iso, text }
    }
}

/// The day, the moment in RFC 3339 and the time of day, all in UTC.
fn civil(at: Timestamp) -> Option<(Date, String, String)> {
    let moment = jiff::Timestamp::from_millisecond(at.millis()).ok()?.to_zoned(TimeZone::UTC);
    let clock = format!("{:02}:{:02}", moment.hour(), moment.minute());
    let date = moment.date();
    Some((date, format!("{date}T{clock}Z"), clock))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(at: &str, now: &str) -> String {
        let millis = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_millisecond();
        Moment::tell(Timestamp::from_millis(millis(at)), Timestamp::from_millis(millis(now))).text
    }

    #[test]
    fn the_nearer_a_moment_the_shorter_its_day() {
        let now = "2026-05-14T12:00:00Z";
        assert_eq!(told("2026-05-14T09:12:59Z", now), "today, 09:12");
        assert_eq!(told("2026-05-13T23:59:00Z", now), "yesterday, 23:59");
        assert_eq!(told("2026-05-12T00:00:00Z", now), "12 May, 00:00");
        assert_eq!(told("2025-12-31T10:00:00Z", now), "31 December 2025");
        assert_eq!(told("2025-12-31T10:00:00Z", "2026-01-01T00:00:01Z"), "yesterday, 10:00");
    }

    #[test]
    fn a_day_alone_fits_into_a_sentence() {
        let millis = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_millisecond();
        let now = Timestamp::from_millis(millis("2026-05-14T12:00:00Z"));
        let day = |at: &str| Moment::day(Timestamp::from_millis(millis(at)), now).text;
        assert_eq!(day("2026-05-14T00:00:00Z"), "today");
        assert_eq!(day("2026-05-13T23:59:00Z"), "yesterday");
        assert_eq!(day("2026-05-03T09:00:00Z"), "on 3 May");
        assert_eq!(day("2025-12-31T10:00:00Z"), "on 31 December 2025");
    }

    #[test]
    fn machines_read_the_moment_in_utc() {
        let moment = Moment::tell(Timestamp::from_seconds(0), Timestamp::from_seconds(0));
        assert_eq!(moment.iso, "1970-01-01T00:00Z");
    }

    #[test]
    fn a_moment_beyond_the_calendar_is_a_dash() {
        let moment = Moment::tell(Timestamp::from_millis(i64::MAX), Timestamp::from_millis(0));
        assert_eq!((moment.iso.as_str(), moment.text.as_str()), ("", "–"));
    }
}
