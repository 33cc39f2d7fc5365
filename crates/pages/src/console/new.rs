//! `/operator/teams/new`: the form that adds a team.

use askama::Template;
use vocabulary::ReferenceId;

use super::{Console, ConsoleTab};
use crate::page::html;
use crate::words::console::{new as say, team as of_team};
use crate::words::request as of_request;
use crate::{Face, assets, words};

/// The form, with what was typed; never the secret.
#[derive(Clone, Debug)]
pub struct NewTeamForm {
    /// The frame.
    pub console: Console,
    /// What stands in the fields.
    pub typed: NewTeamTyped,
    /// What is wrong.
    pub problem: Option<NewTeamProblem>,
}

/// What was typed.
#[derive(Clone, Debug, Default)]
pub struct NewTeamTyped {
    /// The Team ID.
    pub team_id: String,
    /// Its name.
    pub name: String,
    /// Who becomes admin.
    pub admin_email: String,
    /// The issuer.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// Whose people are meant.
    pub requirement: String,
    /// Who gets a setup link.
    pub link_to: String,
}

/// Why the form was not taken.
#[derive(Clone, Debug)]
pub struct NewTeamProblem {
    /// The stable code.
    pub code: &'static str,
    /// What finds this attempt again.
    pub reference: ReferenceId,
    /// What is wrong with each field, in the order of the form.
    pub fields: Vec<(NewTeamField, String)>,
    /// Whether a secret was typed, which has to be pasted again.
    pub secret_dropped: bool,
}

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewTeamField {
    /// `team_id`
    TeamId,
    /// `name`
    Name,
    /// `admin_email`
    AdminEmail,
    /// `issuer`
    Issuer,
    /// `client_id`
    ClientId,
    /// `client_secret`
    ClientSecret,
    /// `requirement`
    Requirement,
    /// `link_to`
    LinkTo,
}

impl NewTeamField {
    /// Its name in the form, and its id on the page.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TeamId => "team_id",
            Self::Name => "name",
            Self::AdminEmail => "admin_email",
            Self::Issuer => "issuer",
            Self::ClientId => "client_id",
            Self::ClientSecret => "client_secret",
            Self::Requirement => "requirement",
            Self::LinkTo => "link_to",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::TeamId => words::TEAM_ID,
            Self::Name => say::NAME,
            Self::AdminEmail => say::ADMIN_EMAIL,
            Self::Issuer => of_request::ISSUER,
            Self::ClientId => of_request::CLIENT_ID,
            Self::ClientSecret => of_request::CLIENT_SECRET,
            Self::Requirement => say::REQUIREMENT,
            Self::LinkTo => say::LINK_TO,
        }
    }

    const fn hint(self) -> &'static str {
        match self {
            Self::TeamId => say::TEAM_ID_HINT,
            Self::Name => say::NAME_HINT,
            Self::AdminEmail => say::ADMIN_EMAIL_HINT,
            Self::Issuer => of_request::ISSUER_HINT,
            Self::ClientId => say::CLIENT_ID_HINT,
            Self::ClientSecret => say::CLIENT_SECRET_HINT,
            Self::Requirement => say::REQUIREMENT_HINT,
            Self::LinkTo => say::LINK_TO_HINT,
        }
    }

    const fn kind(self) -> &'static str {
        match self {
            Self::AdminEmail | Self::LinkTo => "email",
            Self::ClientSecret => "password",
            Self::TeamId | Self::Name | Self::Issuer | Self::ClientId | Self::Requirement => "text",
        }
    }

    /// Whether it has to be filled in.
    fn is_required(self) -> bool {
        [Self::TeamId, Self::AdminEmail].contains(&self)
    }

    /// Whether what is typed there is no prose.
    fn is_technical(self) -> bool {
        self != Self::Name
    }
}

/// Fields that belong together: id, heading, lead, and which they are.
type Together = (&'static str, &'static str, Option<&'static str>, &'static [NewTeamField]);

const SECTIONS: [Together; 3] = [
    ("team", say::TEAM, None, &[NewTeamField::TeamId, NewTeamField::Name, NewTeamField::AdminEmail]),
    (
        "idp",
        say::CONNECTION,
        Some(say::CONNECTION_LEAD),
        &[
            NewTeamField::Issuer,
            NewTeamField::ClientId,
            NewTeamField::ClientSecret,
            NewTeamField::Requirement,
        ],
    ),
    ("link", say::LINK, None, &[NewTeamField::LinkTo]),
];

#[derive(Template)]
#[template(path = "console/new.html")]
struct Html<'a> {
    face: &'a Face,
    console: &'a Console,
    page: &'a NewTeamForm,
}

impl NewTeamForm {
    /// The page as HTML. Form: `POST /operator/teams/new` with `csrf`.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, console: &self.console, page: self })
    }

    fn value(&self, field: NewTeamField) -> &str {
        let typed = &self.typed;
        match field {
            NewTeamField::TeamId => &typed.team_id,
            NewTeamField::Name => &typed.name,
            NewTeamField::AdminEmail => &typed.admin_email,
            NewTeamField::Issuer => &typed.issuer,
            NewTeamField::ClientId => &typed.client_id,
            NewTeamField::ClientSecret => "",
            NewTeamField::Requirement => &typed.requirement,
            NewTeamField::LinkTo => &typed.link_to,
        }
    }

    fn error(&self, field: NewTeamField) -> Option<&str> {
        let problem = self.problem.as_ref()?;
        problem.fields.iter().find(|(of, _)| *of == field).map(|(_, text)| text.as_str())
    }

    /// What is said of a field that is not wrong.
    fn remark(&self, field: NewTeamField) -> Option<&'static str> {
        let dropped = self.problem.as_ref().is_some_and(|problem| problem.secret_dropped);
        (dropped && field == NewTeamField::ClientSecret).then_some(of_request::SECRET_DROPPED)
    }

    /// Whether the cursor stands in it: it is the first that is wrong.
    fn has_focus(&self, field: NewTeamField) -> bool {
        let all = SECTIONS.iter().flat_map(|(_, _, _, fields)| *fields);
        all.copied().find(|field| self.error(*field).is_some()) == Some(field)
    }

    /// The ids of the texts that belong to it.
    fn described_by(&self, field: NewTeamField) -> String {
        let name = field.name();
        let texts = [
            Some(format!("{name}_hint")),
            self.remark(field).map(|_| format!("{name}_remark")),
            self.error(field).map(|_| format!("{name}_error")),
        ];
        texts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}
