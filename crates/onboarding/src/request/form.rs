//! What a company says, understood: every field that is wrong is told.

use teams::PlainHttp;
use vocabulary::{ClientId, ClientSecret, Email, Issuer, IssuerError, TeamId, TypedTeamId, TypedTeamIdError};

/// The longest name of a company, in characters: a team is called so.
const COMPANY: usize = 100;

/// What was said, as it was typed; the three of the connection may be empty.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Who asks.
    pub company: String,
    /// Who is written to.
    pub contact: String,
    /// The Team ID they want; forgiven what people type.
    pub team_id: String,
    /// Who is to become admin on their first sign-in.
    pub admin_email: String,
    /// Their identity provider; a bare domain gets `https://`.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: SaidSecret,
}

/// What was said of the client secret.
#[derive(Clone, Debug, Default)]
pub enum SaidSecret {
    /// Nothing.
    #[default]
    Nothing,
    /// A secret.
    Is(ClientSecret),
    /// A mask, or something too long.
    Unusable,
}

impl SaidSecret {
    /// Reads what was typed.
    #[must_use]
    pub fn read(typed: &str) -> Self {
        if typed.trim().is_empty() {
            return Self::Nothing;
        }
        ClientSecret::parse(typed).map_or(Self::Unusable, Self::Is)
    }
}

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
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

impl Field {
    /// Its name in forms and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
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
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// No name, or one that is too long or can't be printed.
    Company,
    /// No email address.
    Contact,
    /// No Team ID.
    TeamId(TypedTeamIdError),
    /// A word of the product's own.
    TeamIdReserved,
    /// No email address.
    AdminEmail,
    /// No issuer.
    Issuer(IssuerError),
    /// Plain http, which the operator does not allow.
    IssuerPlainHttp,
    /// There is a secret and no issuer to which it belongs.
    IssuerMissing,
    /// No client id.
    ClientId,
    /// There is a secret and no client id to which it belongs.
    ClientIdMissing,
    /// A mask, or something too long.
    ClientSecret,
    /// The client id once more.
    ClientSecretIsClientId,
}

impl Wrong {
    /// Where it stands.
    #[must_use]
    pub const fn field(&self) -> Field {
        match self {
            Self::Company => Field::Company,
            Self::Contact => Field::Contact,
            Self::TeamId(_) | Self::TeamIdReserved => Field::TeamId,
            Self::AdminEmail => Field::AdminEmail,
            Self::Issuer(_) | Self::IssuerPlainHttp | Self::IssuerMissing => Field::Issuer,
            Self::ClientId | Self::ClientIdMissing => Field::ClientId,
            Self::ClientSecret | Self::ClientSecretIsClientId => Field::ClientSecret,
        }
    }
}

/// A request about to be made.
#[derive(Clone, Debug)]
pub struct NewRequest {
    pub(crate) company: String,
    pub(crate) contact: Email,
    pub(crate) team_id: TeamId,
    pub(crate) admin_email: Email,
    pub(crate) issuer: Option<Issuer>,
    pub(crate) client_id: Option<ClientId>,
    pub(crate) client_secret: Option<ClientSecret>,
}

impl NewRequest {
    /// Reads what was said; asks nothing of the database.
    pub fn read(said: &Said, plain_http: PlainHttp) -> Result<Self, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let company = kept(company(&said.company), &mut wrong);
        let contact = kept(contact(&said.contact), &mut wrong);
        let team = Wanted::read(said, plain_http, &mut wrong);
        match (company, contact, team) {
            (Some(company), Some(contact), Some(team)) if wrong.is_empty() => {
                let Wanted { team_id, admin_email, issuer, client_id, client_secret } = team;
                Ok(Self { company, contact, team_id, admin_email, issuer, client_id, client_secret })
            }
            _ => Err(wrong),
        }
    }

    /// The Team ID that was meant.
    #[must_use]
    pub const fn team_id(&self) -> &TeamId {
        &self.team_id
    }

    /// The issuer, when there is one.
    #[must_use]
    pub const fn issuer(&self) -> Option<&Issuer> {
        self.issuer.as_ref()
    }
}

/// What is said of a team itself, read.
pub(crate) struct Wanted {
    pub(crate) team_id: TeamId,
    pub(crate) admin_email: Email,
    pub(crate) issuer: Option<Issuer>,
    pub(crate) client_id: Option<ClientId>,
    pub(crate) client_secret: Option<ClientSecret>,
}

impl Wanted {
    /// Reads it and notes what is wrong; none where a field cannot be read.
    pub(crate) fn read(said: &Said, plain_http: PlainHttp, wrong: &mut Vec<Wrong>) -> Option<Self> {
        let team_id = kept(team_id(&said.team_id), wrong);
        let admin_email = Email::parse(said.admin_email.trim()).map_err(|_none| Wrong::AdminEmail);
        let admin_email = kept(admin_email, wrong);
        let issuer = kept(issuer(&said.issuer, plain_http), wrong);
        let client_id = kept(client_id(&said.client_id), wrong);
        let client_secret = kept(client_secret(&said.client_secret, client_id.as_ref()), wrong);
        if let Some(Some(_)) = &client_secret {
            wrong.extend((issuer == Some(None)).then_some(Wrong::IssuerMissing));
            wrong.extend((client_id == Some(None)).then_some(Wrong::ClientIdMissing));
        }
        Some(Self {
            team_id: team_id?,
            admin_email: admin_email?,
            issuer: issuer?,
            client_id: client_id?,
            client_secret: client_secret?,
        })
    }
}

/// What was read; otherwise it is noted what is wrong.
pub(crate) fn kept<T>(read: Result<T, Wrong>, wrong: &mut Vec<Wrong>) -> Option<T> {
    read.map_err(|error| wrong.push(error)).ok()
}

pub(crate) fn company(typed: &str) -> Result<String, Wrong> {
    let name = typed.trim();
    let good = (1..=COMPANY).contains(&name.chars().count()) && !name.contains(char::is_control);
    if good { Ok(name.to_owned()) } else { Err(Wrong::Company) }
}

pub(crate) fn contact(typed: &str) -> Result<Email, Wrong> {
    Email::parse(typed.trim()).map_err(|_none| Wrong::Contact)
}

fn team_id(typed: &str) -> Result<TeamId, Wrong> {
    let typed = TypedTeamId::parse(typed).map_err(Wrong::TeamId)?;
    if typed.id.is_reserved() { Err(Wrong::TeamIdReserved) } else { Ok(typed.id) }
}

fn issuer(typed: &str, plain_http: PlainHttp) -> Result<Option<Issuer>, Wrong> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let issuer = Issuer::parse_typed(typed).map_err(Wrong::Issuer)?;
    if issuer.is_plain_http() && plain_http == PlainHttp::Refused {
        return Err(Wrong::IssuerPlainHttp);
    }
    Ok(Some(issuer))
}

fn client_id(typed: &str) -> Result<Option<ClientId>, Wrong> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    ClientId::parse(typed).map(Some).map_err(|_none| Wrong::ClientId)
}

/// The secret; `id` is the client id, as far as it was read.
fn client_secret(said: &SaidSecret, id: Option<&Option<ClientId>>) -> Result<Option<ClientSecret>, Wrong> {
    let secret = match said {
        SaidSecret::Nothing => return Ok(None),
        SaidSecret::Unusable => return Err(Wrong::ClientSecret),
        SaidSecret::Is(secret) => secret,
    };
    let is_client_id = id.and_then(Option::as_ref).is_some_and(|id| id.as_str() == secret.reveal());
    if is_client_id { Err(Wrong::ClientSecretIsClientId) } else { Ok(Some(secret.clone())) }
}

#[cfg(test)]
mod tests;
