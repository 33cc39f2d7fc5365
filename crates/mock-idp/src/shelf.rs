//! Things kept for a while under a secret name: codes, access tokens, browser sessions. Bounded in time and
//! in number, so that a long demo or a bench never grows.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use vocabulary::Timestamp;

const MOST: usize = 20_000;

pub(crate) struct Shelf<T> {
    lifetime: Duration,
    things: HashMap<String, (Timestamp, T)>,
    /// Keys from the oldest to the newest; all live equally long, so the first ones end first.
    order: VecDeque<(Timestamp, String)>,
}

impl<T> Shelf<T> {
    pub(crate) fn new(lifetime: Duration) -> Self {
        Self { lifetime, things: HashMap::new(), order: VecDeque::new() }
    }

    pub(crate) fn put(&mut self, now: Timestamp, key: String, thing: T) {
        self.forget_the_oldest(now);
        let ends = now.plus(self.lifetime);
        self.order.push_back((ends, key.clone()));
        self.things.insert(key, (ends, thing));
    }

    pub(crate) fn get(&self, now: Timestamp, key: &str) -> Option<&T> {
        let (ends, thing) = self.things.get(key)?;
        (now < *ends).then_some(thing)
    }

    /// The thing, which nobody gets again.
    pub(crate) fn take(&mut self, now: Timestamp, key: &str) -> Option<T> {
        let (ends, thing) = self.things.remove(key)?;
        (now < ends).then_some(thing)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.things.values().map(|(_, thing)| thing)
    }

    pub(crate) fn keep_only(&mut self, keep: impl Fn(&T) -> bool) {
        self.things.retain(|_, (_, thing)| keep(thing));
    }

    fn forget_the_oldest(&mut self, now: Timestamp) {
        while let Some((ends, key)) = self.order.front() {
            if now < *ends && self.order.len() < MOST {
                return;
            }
            self.things.remove(key);
            self.order.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_taken_once_and_ends_in_time() {
        let start = Timestamp::from_seconds(100);
        let mut shelf = Shelf::new(Duration::from_mins(1));
        shelf.put(start, "a".to_owned(), 1);
        shelf.put(start, "b".to_owned(), 2);
        assert_eq!(shelf.take(start, "a"), Some(1));
        assert_eq!(shelf.take(start, "a"), None);
        assert_eq!(shelf.get(start.plus(Duration::from_secs(59)), "b"), Some(&2));
        assert_eq!(shelf.take(start.plus(Duration::from_mins(1)), "b"), None);
    }

    #[test]
    fn a_shelf_never_grows_beyond_its_bound() {
        let mut shelf = Shelf::new(Duration::from_mins(1));
        for number in 0..MOST + 5 {
            shelf.put(Timestamp::from_seconds(0), number.to_string(), ());
        }
        assert!(shelf.things.len() <= MOST && shelf.order.len() <= MOST);
    }
}
