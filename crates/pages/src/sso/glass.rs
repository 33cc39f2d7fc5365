//! Before and after break-glass: `/break-glass/{token}` and `/t/{team_id}/break-glass`, for an admin who cannot sign in.

use askama::Template;
use vocabulary::{TeamId, Timestamp};

use crate::moment::Moment;
use crate::page::html;
use crate::words::sso as say;
use crate::{Face, FieldProblem, Notice, assets, words};

/// "Break-glass for Acme", with one field for the code and one button.
#[derive(Clone, Debug)]
pub struct BreakGlassDoor {
    /// The team's name.
    pub team_name: String,
    /// Until when the link works.
    pub expires_at: Timestamp,
    /// What is wrong with the code; it never comes back.
    pub problem: Option<FieldProblem>,
    /// The present moment.
    pub now: Timestamp,
}

/// "Break-glass is over."
#[derive(Clone, Debug)]
pub struct BreakGlassOver {
    /// Whose settings they were.
    pub team_id: TeamId,
}

/// The frame of the settings page for whoever came by break-glass: no sections, nobody signed in.
#[derive(Clone, Debug)]
pub struct BreakGlassFrame {
    /// The team's id.
    pub team_id: TeamId,
    /// The team's name.
    pub team_name: String,
    /// Who came.
    pub person_name: String,
    /// The CSRF token, for every form.
    pub csrf: String,
    /// What has just been done.
    pub notice: Option<Notice>,
    /// Until when it lasts.
    pub expires_at: Timestamp,
}

#[derive(Template)]
#[template(path = "sso/glass_door.html")]
struct DoorHtml<'a> {
    face: &'a Face,
    page: &'a BreakGlassDoor,
}

#[derive(Template)]
#[template(path = "sso/glass_over.html")]
struct OverHtml<'a> {
    face: &'a Face,
    page: &'a BreakGlassOver,
}

impl BreakGlassDoor {
    /// The page as HTML. Form: `POST` with `code` to the address that the page was called by, which is a secret and
    /// therefore stands nowhere on it.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&DoorHtml { face, page: self })
    }

    fn expires(&self) -> Moment {
        Moment::tell(self.expires_at, self.now)
    }
}

impl BreakGlassOver {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&OverHtml { face, page: self })
    }
}
