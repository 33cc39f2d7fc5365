//! `/t/{team_id}/team`: everyone who has come in, their roles, and for admins what to do about them.

use askama::Template;
use vocabulary::{PersonId, Role, Timestamp, Version};

use super::{House, Pager, Tab};
use crate::moment::Moment;
use crate::page::html;
use crate::{Face, assets, words};

/// From this many people on there is a search field.
const SEARCHABLE: u64 = 50;
/// How many bytes a page may have; longer lists show less in each row.
const PAGE_LIMIT: usize = 30_000;

/// The team page.
#[derive(Clone, Debug)]
pub struct Team {
    /// The frame.
    pub house: House,
    /// One page of people.
    pub people: Vec<PersonRow>,
    /// How many people there are, or how many the search found.
    pub total: u64,
    /// What was searched for (`?q=`).
    pub search: Option<String>,
    /// Whether this list is one person alone (`?person=`).
    pub alone: bool,
    /// To the neighbouring pages.
    pub pager: Pager,
    /// Whether the reader is an admin.
    pub viewer_is_admin: bool,
    /// The whole address of the team's sign-in, to send to colleagues.
    pub login_address: String,
    /// The present moment.
    pub now: Timestamp,
}

/// A person as a row of the table.
#[derive(Clone, Debug)]
pub struct PersonRow {
    /// Who; the row's id is `p-` and this.
    pub id: PersonId,
    /// Their name, or else their email.
    pub name: String,
    /// Their email.
    pub email: Option<String>,
    /// Their role.
    pub role: Role,
    /// Whether it is the reader.
    pub is_you: bool,
    /// Whether they may come in.
    pub active: bool,
    /// How they came last, e.g. `Okta` or `Okta tile`.
    pub came_by: String,
    /// When they came last.
    pub last_sign_in: Option<Timestamp>,
    /// What the forms carry as `version`.
    pub version: Version,
    /// What stands where the role can be changed.
    pub role_button: RoleButton,
    /// What else the reader may do, under "More".
    pub acts: Vec<Act>,
}

/// What stands where a person's role can be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleButton {
    /// Nothing: the reader is no admin.
    Hidden,
    /// A button to the other role; in the reader's own row "Step down…".
    Change,
    /// A disabled button and why: a team keeps its last admin.
    LastAdmin,
    /// The name of the identity provider's group that owns the role.
    ManagedBy(String),
}

/// What an admin may do to a person besides changing the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// End all their sessions.
    SignOut,
    /// Turn their access off.
    Deactivate,
    /// Turn their access on again.
    Activate,
    /// Delete them; asks once more on a page of its own.
    Erase,
}

#[derive(Template)]
#[template(path = "team/people.html")]
struct Html<'a> {
    face: &'a Face,
    house: &'a House,
    page: &'a Team,
    rows: Rows,
}

/// How much of what an admin may do stands in each row. What does not is a click away, on the page of that
/// person alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rows {
    /// The role button and all acts.
    Full,
    /// The role button.
    Buttons,
    /// Neither.
    Links,
}

impl Team {
    /// The page as HTML. A row has one form with `csrf` and `version`; its role button adds `role` and posts to
    /// `…/people/{id}/role`, the acts post the same form to `…/sign-out`, `…/deactivate`, `…/activate`, `…/erase`.
    /// A list too long for that links each row to `?person={id}`, this page with that person alone.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        let page = |rows| html(&Html { face, house: &self.house, page: self, rows });
        [Rows::Full, Rows::Buttons]
            .into_iter()
            .map(page)
            .find(|page| page.len() < PAGE_LIMIT)
            .unwrap_or_else(|| page(Rows::Links))
    }

    fn lead(&self) -> String {
        if self.viewer_is_admin {
            words::team_lead_admin(&self.house.team_name)
        } else {
            words::team_lead_member(&self.house.team_name)
        }
    }

    fn caption(&self) -> String {
        match &self.search {
            Some(search) => words::found(self.total, search),
            None => words::people(self.total),
        }
    }

    fn searchable(&self) -> bool {
        self.search.is_some() || (self.total >= SEARCHABLE && !self.alone)
    }

    fn partial(&self) -> bool {
        self.search.is_some() || self.alone
    }

    fn last_sign_in(&self, person: &PersonRow) -> Option<Moment> {
        person.last_sign_in.map(|at| Moment::tell(at, self.now))
    }

    /// Where the forms of a person post to, without the act.
    fn address(&self, person: &PersonRow) -> String {
        format!("/t/{}/people/{}", self.house.team_id, person.id)
    }
}

impl PersonRow {
    /// Whether the reader may do anything about this person.
    fn changes(&self) -> bool {
        self.role_button != RoleButton::Hidden || !self.acts.is_empty()
    }

    fn role_label(&self) -> &'static str {
        match (self.role, self.is_you) {
            (Role::Admin, true) => words::STEP_DOWN,
            (Role::Admin, false) => words::MAKE_MEMBER,
            (Role::Member, _) => words::MAKE_ADMIN,
        }
    }
}

impl Act {
    fn path(self) -> &'static str {
        match self {
            Self::SignOut => "sign-out",
            Self::Deactivate => "deactivate",
            Self::Activate => "activate",
            Self::Erase => "erase",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::SignOut => words::ACT_SIGN_OUT,
            Self::Deactivate => words::ACT_DEACTIVATE,
            Self::Activate => words::ACT_ACTIVATE,
            Self::Erase => words::ACT_ERASE,
        }
    }
}
