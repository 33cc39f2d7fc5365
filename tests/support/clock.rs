//! A clock that is moved by hand; it stands still otherwise.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use vocabulary::{Clock, SystemClock, Timestamp};

/// Starts at the present moment and moves only when told.
#[derive(Clone, Debug)]
pub struct HandClock(Arc<AtomicI64>);

impl Default for HandClock {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(SystemClock.now().millis())))
    }
}

impl HandClock {
    /// Moves it forward.
    pub fn forward(&self, by: Duration) {
        self.0.store(self.now().plus(by).millis(), Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}
