//! Wrong times, and clocks that differ.

use vocabulary::Timestamp;

use crate::{
    claims::{Claims, set},
    issuer::TOKEN_LIFETIME,
    misbehaviour::TimesFault,
};

/// Beyond every leeway, seconds.
const BEYOND: i64 = 125;
/// Within every leeway, seconds.
const WITHIN: i64 = 50;
const HOUR: i64 = 3_600;

pub(super) fn spoil(claims: &mut Claims, now: Timestamp, fault: TimesFault) {
    let exp = now.plus(TOKEN_LIFETIME).seconds();
    let now = now.seconds();
    match fault {
        TimesFault::Expired => {
            set(claims, "iat", now - HOUR);
            set(claims, "exp", now - BEYOND);
        }
        TimesFault::ExpMissing => drop(claims.remove("exp")),
        TimesFault::ExpText => set(claims, "exp", exp.to_string()),
        TimesFault::ExpNegative => set(claims, "exp", -exp),
        TimesFault::IatAhead => set(claims, "iat", now + BEYOND),
        TimesFault::IatFarAhead => {
            set(claims, "iat", now + 365 * 24 * HOUR);
            set(claims, "exp", now + 366 * 24 * HOUR);
        }
        TimesFault::IatMissing => drop(claims.remove("iat")),
        TimesFault::IatText => set(claims, "iat", now.to_string()),
        TimesFault::NbfAhead => set(claims, "nbf", now + BEYOND),
        TimesFault::NbfText => set(claims, "nbf", now.to_string()),
        TimesFault::ClockAhead => shift(claims, now, exp, BEYOND),
        TimesFault::ExpiredWithinLeeway => {
            set(claims, "iat", now - HOUR);
            set(claims, "exp", now - WITHIN);
        }
        TimesFault::AheadWithinLeeway => shift(claims, now, exp, WITHIN),
        TimesFault::ClockBehindWithinLeeway => shift(claims, now, exp, -WITHIN),
        TimesFault::NbfNow => set(claims, "nbf", now),
        TimesFault::IatHoursAgo => set(claims, "iat", now - 10 * HOUR),
        TimesFault::Fractions => {
            // Halves of seconds, exact in binary: a number with a fraction, not one that rounds.
            set(claims, "iat", fraction(now));
            set(claims, "exp", fraction(exp));
        }
        TimesFault::ExpEndless => set(claims, "exp", 1e300),
    }
}

fn shift(claims: &mut Claims, now: i64, exp: i64, by: i64) {
    set(claims, "iat", now + by);
    set(claims, "nbf", now + by);
    set(claims, "exp", exp + by);
}

/// Half a second after `seconds`.
fn fraction(seconds: i64) -> f64 {
    format!("{seconds}.5").parse().unwrap_or(0.5)
}
