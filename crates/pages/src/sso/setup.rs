//! Before and after the setup link: `/setup/{token}` for the customer's IT admin.

use askama::Template;
use vocabulary::{TeamId, Timestamp};

use super::Provider;
use crate::moment::Moment;
use crate::page::html;
use crate::words::sso as say;
use crate::{Face, assets, words};

/// "Set up single sign-on for Acme", with one button: mail scanners follow links, but press nothing.
#[derive(Clone, Debug)]
pub struct SetupStart {
    /// Where the button posts to; the address itself is the secret, so that there is no other field.
    pub action_address: String,
    /// The team's name.
    pub team_name: String,
    /// Whose screens are named.
    pub provider: Provider,
    /// Until when the link works.
    pub expires_at: Timestamp,
    /// The present moment.
    pub now: Timestamp,
}

/// "Single sign-on for Acme is on."
#[derive(Clone, Debug)]
pub struct SetupEnded {
    /// The team's id.
    pub team_id: TeamId,
    /// The team's name.
    pub team_name: String,
    /// The whole address of the team's sign-in, to hand out.
    pub login_address: String,
    /// Whose first sign-in makes an admin; None when there is one already.
    pub admin_email: Option<String>,
}

#[derive(Template)]
#[template(path = "sso/start.html")]
struct StartHtml<'a> {
    face: &'a Face,
    page: &'a SetupStart,
}

#[derive(Template)]
#[template(path = "sso/ended.html")]
struct EndedHtml<'a> {
    face: &'a Face,
    page: &'a SetupEnded,
}

impl SetupStart {
    /// The page as HTML. Form: `POST action_address` without any field.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&StartHtml { face, page: self })
    }

    fn expires(&self) -> Moment {
        Moment::tell(self.expires_at, self.now)
    }
}

impl SetupEnded {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&EndedHtml { face, page: self })
    }
}
