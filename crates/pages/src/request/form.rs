//! `/request`: who asks, for which team, and what connects it, which may wait.

use askama::Template;
use vocabulary::ReferenceId;

use crate::page::html;
use crate::words::request as say;
use crate::{Face, assets, words};

/// The form, with what was typed.
#[derive(Clone, Debug, Default)]
pub struct RequestForm {
    /// The company.
    pub company: String,
    /// Who is written to.
    pub contact: String,
    /// The Team ID.
    pub team_id: String,
    /// Who becomes admin.
    pub admin_email: String,
    /// The issuer.
    pub issuer: String,
    /// Our name there. What was typed as the secret never comes back.
    pub client_id: String,
    /// What is wrong.
    pub problem: Option<RequestProblem>,
}

/// Why the form was not taken.
#[derive(Clone, Debug)]
pub struct RequestProblem {
    /// The stable code, for `<meta name="error-code">`.
    pub code: &'static str,
    /// What finds this attempt again.
    pub reference: ReferenceId,
    /// What is wrong with the whole of it; none where the fields say it all.
    pub sentence: Option<String>,
    /// What is wrong with each field.
    pub fields: Vec<(RequestField, String)>,
    /// Whether a secret was typed, which has to be pasted again.
    pub secret_dropped: bool,
}

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestField {
    /// `company`
    Company,
    /// `contact`
    Contact,
    /// `team_id`
    TeamId,
    /// `admin_email`
    AdminEmail,
    /// `issuer`
    Issuer,
    /// `client_id`
    ClientId,
    /// `client_secret`
    ClientSecret,
}

impl RequestField {
    /// What it is called on the page.
    const fn label(self) -> &'static str {
        match self {
            Self::Company => say::COMPANY,
            Self::Contact => say::CONTACT,
            Self::TeamId => words::TEAM_ID,
            Self::AdminEmail => say::ADMIN_EMAIL,
            Self::Issuer => say::ISSUER,
            Self::ClientId => say::CLIENT_ID,
            Self::ClientSecret => say::CLIENT_SECRET,
        }
    }

    /// What helps to fill it in.
    const fn hint(self) -> &'static str {
        match self {
            Self::Company => say::COMPANY_HINT,
            Self::Contact => say::CONTACT_HINT,
            Self::TeamId => say::TEAM_ID_HINT,
            Self::AdminEmail => say::ADMIN_EMAIL_HINT,
            Self::Issuer => say::ISSUER_HINT,
            Self::ClientId => say::CLIENT_ID_HINT,
            Self::ClientSecret => say::CLIENT_SECRET_HINT,
        }
    }

    /// Its name, and its id.
    const fn name(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Contact => "contact",
            Self::TeamId => "team_id",
            Self::AdminEmail => "admin_email",
            Self::Issuer => "issuer",
            Self::ClientId => "client_id",
            Self::ClientSecret => "client_secret",
        }
    }

    /// What kind of field it is. A secret is not shown while it is pasted.
    const fn kind(self) -> &'static str {
        match self {
            Self::Contact | Self::AdminEmail => "email",
            Self::ClientSecret => "password",
            Self::Company | Self::TeamId | Self::Issuer | Self::ClientId => "text",
        }
    }

    /// What a browser may fill in by itself.
    const fn autocomplete(self) -> &'static str {
        match self {
            Self::Company => "organization",
            Self::Contact => "email",
            Self::TeamId | Self::AdminEmail | Self::Issuer | Self::ClientId | Self::ClientSecret => "off",
        }
    }

    /// Whether what is typed there is no prose.
    const fn is_technical(self) -> bool {
        match self {
            Self::Company => false,
            Self::Contact
            | Self::TeamId
            | Self::AdminEmail
            | Self::Issuer
            | Self::ClientId
            | Self::ClientSecret => true,
        }
    }

    /// Whether it has to be filled in.
    const fn is_required(self) -> bool {
        match self {
            Self::Company | Self::Contact | Self::TeamId | Self::AdminEmail => true,
            Self::Issuer | Self::ClientId | Self::ClientSecret => false,
        }
    }
}

/// Fields that belong together: id, heading, lead, and which they are.
type Together = (&'static str, &'static str, Option<&'static str>, &'static [RequestField]);

const SECTIONS: [Together; 3] = [
    ("who", say::WHO, None, &[RequestField::Company, RequestField::Contact]),
    ("team", say::YOUR_TEAM, None, &[RequestField::TeamId, RequestField::AdminEmail]),
    (
        "idp",
        say::YOUR_IDP,
        Some(say::YOUR_IDP_LEAD),
        &[RequestField::Issuer, RequestField::ClientId, RequestField::ClientSecret],
    ),
];

/// Fields that belong together, filled in.
struct Section<'a> {
    id: &'static str,
    heading: &'static str,
    lead: Option<&'static str>,
    fields: Vec<Filled<'a>>,
}

/// A field with what stands in it and what is said of it.
struct Filled<'a> {
    field: RequestField,
    value: &'a str,
    remark: Option<&'static str>,
    error: Option<&'a str>,
    /// Whether the cursor stands in it: it is the first that is wrong.
    has_focus: bool,
}

#[derive(Template)]
#[template(path = "request/form.html")]
struct Html<'a> {
    face: &'a Face,
    page: &'a RequestForm,
}

impl RequestForm {
    /// The page as HTML. Form: `POST /request`; no CSRF token, because this form works without cookies.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, page: self })
    }

    fn sections(&self) -> Vec<Section<'_>> {
        let all = SECTIONS.iter().flat_map(|(_, _, _, fields)| *fields);
        let first_wrong = all.copied().find(|field| self.error(*field).is_some());
        let filled = |field: RequestField| Filled {
            field,
            value: self.value(field),
            remark: self.remark(field),
            error: self.error(field),
            has_focus: first_wrong == Some(field),
        };
        let section = |(id, heading, lead, fields): Together| Section {
            id,
            heading,
            lead,
            fields: fields.iter().copied().map(filled).collect(),
        };
        SECTIONS.into_iter().map(section).collect()
    }

    fn value(&self, field: RequestField) -> &str {
        match field {
            RequestField::Company => &self.company,
            RequestField::Contact => &self.contact,
            RequestField::TeamId => &self.team_id,
            RequestField::AdminEmail => &self.admin_email,
            RequestField::Issuer => &self.issuer,
            RequestField::ClientId => &self.client_id,
            RequestField::ClientSecret => "",
        }
    }

    fn error(&self, field: RequestField) -> Option<&str> {
        let problem = self.problem.as_ref()?;
        problem.fields.iter().find(|(of, _)| *of == field).map(|(_, text)| text.as_str())
    }

    /// What is said of a field that is not wrong.
    fn remark(&self, field: RequestField) -> Option<&'static str> {
        let dropped = self.problem.as_ref().is_some_and(|problem| problem.secret_dropped);
        (dropped && field == RequestField::ClientSecret).then_some(say::SECRET_DROPPED)
    }
}

impl Filled<'_> {
    /// The ids of the texts that belong to it.
    fn described_by(&self) -> String {
        let name = self.field.name();
        let texts = [
            Some(format!("{name}_hint")),
            self.remark.map(|_| format!("{name}_remark")),
            self.error.map(|_| format!("{name}_error")),
        ];
        texts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}
