//! Counting what is wrong, never what a company does at nine o'clock behind one address.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How long a count lasts from its first failure on, unless said otherwise.
const WINDOW: Duration = Duration::from_mins(1);
/// How many addresses are counted at a time.
const COUNTED: u64 = 65_536;

/// Counts failures by address and subject, within a bounded memory.
#[derive(Clone)]
pub struct Failures {
    counts: moka::sync::Cache<(IpAddr, String), Arc<AtomicU32>>,
    most: Option<u32>,
    window: Duration,
}

/// Whether somebody may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They may.
    GoOn,
    /// They may not until this long from now.
    Wait(Duration),
}

impl Failures {
    /// At most `most` a minute; none means no limit.
    #[must_use]
    pub fn new(most: Option<u32>) -> Self {
        Self::within(WINDOW, most)
    }

    /// At most `most` within `window`, counted from the first; none means no limit.
    #[must_use]
    pub fn within(window: Duration, most: Option<u32>) -> Self {
        let counts = moka::sync::Cache::builder().max_capacity(COUNTED).time_to_live(window).build();
        Self { counts, most, window }
    }

    /// Whether this address may try once more.
    #[must_use]
    pub fn verdict(&self, address: IpAddr, subject: &str) -> Verdict {
        let Some(most) = self.most else {
            return Verdict::GoOn;
        };
        let count = self.counts.get(&(network(address), subject.to_owned()));
        let failed = count.map_or(0, |count| count.load(Ordering::Relaxed));
        if failed < most { Verdict::GoOn } else { Verdict::Wait(self.window) }
    }

    /// Notes one failure.
    pub fn note(&self, address: IpAddr, subject: &str) {
        if self.most.is_some() {
            let key = (network(address), subject.to_owned());
            self.counts.get_with(key, Arc::default).fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// What one person commands: an IPv4 address, or an IPv6 network of 64 bits.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => {
            let network = v6.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(network.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_stopped_and_its_neighbour_is_not() {
        let failures = Failures::new(Some(2));
        let [one, same, other]: [IpAddr; 3] =
            ["2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"].map(|a| a.parse().unwrap());
        failures.note(one, "acme");
        assert_eq!(failures.verdict(same, "acme"), Verdict::GoOn);
        failures.note(same, "acme");
        assert!(matches!(failures.verdict(one, "acme"), Verdict::Wait(_)));
        assert_eq!(failures.verdict(one, "globex"), Verdict::GoOn);
        assert_eq!(failures.verdict(other, "acme"), Verdict::GoOn);
        assert_eq!(Failures::new(None).verdict(one, "acme"), Verdict::GoOn);
    }
}
