//! What an operator is shown once: a setup link, or the code of break-glass.

use askama::Template;
use vocabulary::{TeamId, Timestamp};

use super::{Console, ConsoleTab};
use crate::moment::Moment;
use crate::page::html;
use crate::words::console::team as say;
use crate::{Face, assets, words};

/// A secret, in the answer to the form that made it and nowhere else.
#[derive(Clone, Debug)]
pub struct ShownOnce {
    /// The frame.
    pub console: Console,
    /// Whose settings it opens.
    pub team_id: TeamId,
    /// The team's name.
    pub team_name: String,
    /// What it is.
    pub what: Once,
    /// Until when it can be used.
    pub expires_at: Timestamp,
    /// The present moment.
    pub now: Timestamp,
}

/// What is shown once.
#[derive(Clone, Debug)]
pub enum Once {
    /// A setup link.
    SetupLink {
        /// The whole address.
        link: String,
        /// Who gets it by mail too.
        sent_to: Option<String>,
    },
    /// The code of break-glass; its link is in a letter alone.
    BreakGlass {
        /// What the operator tells the admin.
        code: String,
        /// Who got the link.
        sent_to: String,
    },
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

    fn title(&self) -> String {
        match self.what {
            Once::SetupLink { .. } => say::link_title(&self.team_name),
            Once::BreakGlass { .. } => say::glass_title(&self.team_name),
        }
    }

    /// What the value is, and the value.
    fn value(&self) -> (&'static str, &str) {
        match &self.what {
            Once::SetupLink { link, .. } => (say::LINK, link),
            Once::BreakGlass { code, .. } => (say::GLASS_CODE, code),
        }
    }

    fn means(&self) -> String {
        match &self.what {
            Once::SetupLink { sent_to: Some(email), .. } => {
                format!("{} {}", say::on_its_way(email), say::LINK_DOES)
            }
            Once::SetupLink { sent_to: None, .. } => say::LINK_DOES.to_owned(),
            Once::BreakGlass { sent_to, .. } => say::glass_does(sent_to),
        }
    }

    fn until(&self) -> Moment {
        Moment::tell(self.expires_at, self.now)
    }
}
