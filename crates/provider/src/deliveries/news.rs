//! What the feed says while the worker is busy: whose sessions to look at, and when it is quicker to look at all.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use storage::{Change, Follower, Subject};
use tokio::sync::Notify;

/// More names than this are not kept: then everything is looked at.
const MOST: usize = 4096;

/// Where to look.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    /// Hashes of sessions that ended.
    pub(super) sessions: HashSet<String>,
    /// People whose membership changed.
    pub(super) people: HashSet<String>,
    /// Teams that changed.
    pub(super) teams: HashSet<String>,
    /// Apps that changed: each by its id, and by other names under which nothing is found.
    pub(super) apps: HashSet<String>,
    /// Everything.
    pub(super) lost_track: bool,
}

/// A follower that rings when there is something to look at.
#[derive(Default)]
pub(super) struct News {
    heard: Mutex<Heard>,
    pub(super) bell: Notify,
}

impl News {
    /// What was heard since the last time.
    pub(super) fn take(&self) -> Heard {
        std::mem::take(&mut *self.heard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Heard {
    fn note(&mut self, subject: Subject, key: &str) {
        let names = match subject {
            Subject::Session => &mut self.sessions,
            Subject::Person => &mut self.people,
            Subject::Team => &mut self.teams,
            Subject::App => &mut self.apps,
            Subject::Token | Subject::Grant | Subject::SigningKeys => return,
        };
        if !self.lost_track {
            names.insert(key.to_owned());
        }
        if self.sessions.len() + self.people.len() + self.teams.len() + self.apps.len() > MOST {
            *self = Self { lost_track: true, ..Self::default() };
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Follower for News {
    fn changed(&self, change: &Change) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.note(change.subject, &change.key);
        if !heard.is_empty() {
            self.bell.notify_one();
        }
    }

    fn lost_track(&self) {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) =
            Heard { lost_track: true, ..Heard::default() };
        self.bell.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(news: &News, subject: Subject, key: &str) {
        news.changed(&Change { subject, key: key.to_owned() });
    }

    #[test]
    fn what_matters_is_heard_once_and_then_taken() {
        let news = News::default();
        for key in ["a", "b", "a"] {
            say(&news, Subject::Session, key);
        }
        say(&news, Subject::Person, "p");
        say(&news, Subject::Team, "t");
        say(&news, Subject::App, "l");
        say(&news, Subject::Token, "x");
        let heard = news.take();
        assert_eq!((heard.sessions.len(), heard.people.len()), (2, 1));
        assert_eq!((heard.teams.len(), heard.apps.len()), (1, 1));
        assert!(!heard.lost_track && news.take().is_empty());
    }

    #[test]
    fn more_names_than_are_kept_are_everybody() {
        let news = News::default();
        for n in 0..=MOST + 10 {
            say(&news, Subject::Session, &n.to_string());
        }
        let heard = news.take();
        assert!(heard.lost_track && heard.sessions.is_empty(), "nothing grows without a bound");
    }
}
