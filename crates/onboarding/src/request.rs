//! Companies that ask for a team: what they say, the contact's proof of their address, the operator's decision.
//!
//! A request reserves nothing: rivals for one Team ID stand side by side until an operator approves one. Nobody hears
//! of a request whose contact has not proved the address, and it is forgotten after a day. The invariant: each request
//! is decided once.

mod add;
mod checks;
mod confirm;
mod decide;
pub(crate) mod form;
mod look;
mod note;
mod queue;
mod row;
mod tidy;
mod trouble;

use serde::{Serialize, Serializer};
use serde_json::Value;
use teams::CallbackPath;
use vocabulary::{ClientId, Email, Issuer, TeamId, Timestamp};

pub use add::{PROVE_WITHIN, add, make};
pub use checks::{keep_checks, party};
pub use confirm::{at_link, confirm};
pub use decide::{approve, ask, reject};
pub use form::{Field, NewRequest, Said, SaidSecret, Wrong};
pub use look::{Look, Remark, decided, find, list, unlike_issuer};
pub use note::Note;
pub use queue::{Rivals, open_count, queue};
pub use tidy::{forget_team, tidy};
pub use trouble::{MakeError, RequestError};

/// How far a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The contact has not proved the address yet; no operator is shown it unasked.
    Unconfirmed,
    /// An operator is to decide.
    Waiting,
    /// An operator asked the contact something, and is to decide.
    Asked,
    /// The team was added.
    Approved,
    /// It was refused, and will be forgotten.
    Rejected,
}

impl Status {
    const ALL: [Self; 5] = [Self::Unconfirmed, Self::Waiting, Self::Asked, Self::Approved, Self::Rejected];

    /// As the database has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unconfirmed => "unconfirmed",
            Self::Waiting => "waiting",
            Self::Asked => "asked",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }

    /// Reads one of those words.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

/// A company's request for a team. Its JSON is the API's and holds no secret.
#[derive(Clone, Debug, Serialize)]
pub struct Request {
    /// Its key; later ones are higher.
    pub id: String,
    /// How far it has come.
    pub status: Status,
    /// Who asks.
    pub company: String,
    /// Who is written to, and has proved to read it.
    pub contact: Email,
    /// The Team ID they want.
    pub team_id: TeamId,
    /// Who is to become admin on their first sign-in.
    pub admin_email: Email,
    /// Their identity provider; none when that comes later.
    pub issuer: Option<Issuer>,
    /// Our name there; likewise.
    pub client_id: Option<ClientId>,
    /// Our secret there, sealed; likewise.
    #[serde(rename = "client_secret_set", serialize_with = "whether_set")]
    pub sealed_secret: Option<String>,
    /// What an operator last wrote to the contact.
    pub note: Option<String>,
    /// How the provider was found when an operator last asked it: `{"at", "checks"}`.
    pub checks: Option<Value>,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was approved or rejected.
    pub decided_at: Option<Timestamp>,
    /// By whom, as the record names them.
    pub decided_by: Option<String>,
}

impl Request {
    /// The path of the redirect URI its team will have.
    #[must_use]
    pub fn callback_path(&self) -> CallbackPath {
        CallbackPath::usual(&self.team_id)
    }

    /// Whether an operator is to decide.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        match self.status {
            Status::Waiting | Status::Asked => true,
            Status::Unconfirmed | Status::Approved | Status::Rejected => false,
        }
    }
}

#[expect(clippy::ref_option, reason = "the shape that serde asks for")]
fn whether_set<S: Serializer>(sealed: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bool(sealed.is_some())
}
