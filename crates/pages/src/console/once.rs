//! What an operator is shown once: a setup link.

use askama::Template;
use vocabulary::{TeamId, Timestamp};

use super::{Console, ConsoleTab};
use crate::moment::Moment;
use crate::page::html;
use crate::words::console::team as say;
use crate::{Face, assets, words};

/// A setup link, in the answer to the form that made it and nowhere else.
#[derive(Clone, Debug)]
pub struct ShownOnce {
    /// The frame.
    pub console: Console,
    /// Whose settings it opens.
    pub team_id: TeamId,
    /// The team's name.
    pub team_name: String,
    /// The whole address.
    pub link: String,
    /// Until when it can be used.
    pub expires_at: Timestamp,
    /// Who gets it by mail too.
    pub sent_to: Option<String>,
    /// The present moment.
    pub now: Timestamp,
}

#[derive(Template)]
#[template(path = "console/once.html")]
struct Html<'a> {
    face: &'a Face,
    console: &'a Console,
    page: &'a ShownOnce,
}

impl ShownOnce {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, console: &self.console, page: self })
    }

    fn until(&self) -> Moment {
        Moment::tell(self.expires_at, self.now)
    }
}
