//! Who is asking the API: the bearer of an operator's or a team's token, and what that lets them do. A token counts
//! in the header `Authorization` alone (RFC 6750 §2.1); in an address it would stand in logs.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use roles::{Admin, Authority, Operator};
use sealing::OpaqueToken;
use storage::{StorageError, Tx};
use tokens::team::By;
use tokens::{Bearer, Scope, TeamBearer};
use vocabulary::TeamId;

use crate::api::problem::Fault;
use crate::app::App;
use crate::request::query;

/// What a request needs of whoever is asking.
pub(crate) trait Right: Sized + 'static {
    /// Whether they have it, at this address.
    fn of(bearer: Bearer, request: &HttpRequest) -> Result<Self, Fault>;
}

/// An operator, by the name of their token.
pub(crate) struct Caller {
    pub(crate) name: String,
}

impl Caller {
    /// The proof that they may act.
    pub(crate) fn operator(self) -> Operator {
        Operator::with_token(self.name)
    }
}

impl Right for Caller {
    fn of(bearer: Bearer, request: &HttpRequest) -> Result<Self, Fault> {
        match bearer {
            Bearer::Operator(name) => Ok(Self { name }),
            Bearer::Team(team) => {
                at_home(&team, request)?;
                Err(Fault::OperatorAlone)
            }
        }
    }
}

/// Anybody with a good token, whatever it opens.
pub(crate) struct Anyone(pub(crate) Bearer);

impl Right for Anyone {
    fn of(bearer: Bearer, _request: &HttpRequest) -> Result<Self, Fault> {
        Ok(Self(bearer))
    }
}

/// Whoever may read the things of the team in the address: an operator, or a program of that team.
pub(crate) struct Reader;

impl Right for Reader {
    fn of(bearer: Bearer, request: &HttpRequest) -> Result<Self, Fault> {
        match bearer {
            Bearer::Operator(_) => Ok(Self),
            Bearer::Team(team) => {
                at_home(&team, request)?;
                match team.scope() {
                    Scope::TeamRead | Scope::TeamAdmin => Ok(Self),
                    Scope::Product => Err(Fault::ScopeMissing(Scope::TeamRead)),
                }
            }
        }
    }
}

/// Whoever may change the things of the team in the address: likewise.
pub(crate) enum Manager {
    Operator(Operator),
    Team(TeamBearer),
}

impl Right for Manager {
    fn of(bearer: Bearer, request: &HttpRequest) -> Result<Self, Fault> {
        match bearer {
            Bearer::Operator(name) => Ok(Self::Operator(Operator::with_token(name))),
            Bearer::Team(team) => {
                at_home(&team, request)?;
                match team.scope() {
                    Scope::TeamAdmin => Ok(Self::Team(team)),
                    Scope::Product | Scope::TeamRead => Err(Fault::ScopeMissing(Scope::TeamAdmin)),
                }
            }
        }
    }
}

/// The proof that a [`Manager`] may act, found out again inside the transaction.
pub(crate) enum Proof<'a, 'tx> {
    Operator(&'a Operator),
    Admin(Admin<'tx>),
}

impl Manager {
    /// Finds out, in the transaction that acts, that they still may.
    pub(crate) fn prove<'tx>(&self, tx: &mut Tx<'tx>) -> Result<Proof<'_, 'tx>, Fault> {
        match self {
            Self::Operator(operator) => Ok(Proof::Operator(operator)),
            Self::Team(bearer) => Ok(Proof::Admin(tokens::team::admin(tx, bearer)?)),
        }
    }

    /// The same for tokens, whose room finds it out by itself.
    pub(crate) fn by(&self) -> By<'_> {
        match self {
            Self::Operator(operator) => By::Operator(operator),
            Self::Team(bearer) => By::Token(bearer),
        }
    }

    /// Refuses what operators alone may do.
    pub(crate) fn operators_alone(&self) -> Result<&Operator, Fault> {
        match self {
            Self::Operator(operator) => Ok(operator),
            Self::Team(_) => Err(Fault::OperatorAlone),
        }
    }
}

impl<'tx> Proof<'_, 'tx> {
    pub(crate) fn authority(&self) -> Authority<'_, 'tx> {
        match self {
            Self::Operator(operator) => Authority::Operator(operator),
            Self::Admin(admin) => Authority::Admin(admin),
        }
    }
}

/// A team's token is worth nothing at another team's addresses: whatever is there is unknown to it.
fn at_home(bearer: &TeamBearer, request: &HttpRequest) -> Result<(), Fault> {
    let Some(said) = request.match_info().get("team_id") else {
        return Ok(());
    };
    let is_home = TeamId::parse(said).is_ok_and(|team_id| team_id == bearer.team().team.team_id);
    if is_home { Ok(()) } else { Err(Fault::TeamUnknown) }
}

macro_rules! asked_of_the_header {
    ($($right:ty),+) => {$(
        impl FromRequest for $right {
            type Error = Fault;
            type Future = Pin<Box<dyn Future<Output = Result<Self, Fault>>>>;

            fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
                let request = request.clone();
                Box::pin(async move { admit(&request).await })
            }
        }
    )+};
}

asked_of_the_header!(Caller, Anyone, Reader, Manager);

/// Finds out who is asking and whether they may.
pub(crate) async fn admit<R: Right>(request: &HttpRequest) -> Result<R, Fault> {
    R::of(recognise(request).await?, request)
}

async fn recognise(request: &HttpRequest) -> Result<Bearer, Fault> {
    let app = request.app_data::<web::Data<App>>();
    let app = app.ok_or_else(|| StorageError::Unavailable("the service has no state".to_owned()))?;
    if has_token_in_address(request) {
        return Err(Fault::TokenInAddress);
    }
    let mut said = request.headers().get_all(header::AUTHORIZATION);
    let (first, second) = (said.next(), said.next());
    let Some(credentials) = first else {
        return Err(Fault::TokenMissing);
    };
    let token =
        credentials.to_str().ok().and_then(token).filter(|_| second.is_none()).ok_or(Fault::TokenInvalid)?;
    app.tokens.recognise(token, app.now()).await?.ok_or(Fault::TokenInvalid)
}

/// Whether the query has a token in it, by the name RFC 6750 §2.3 gives it or by its looks.
fn has_token_in_address(request: &HttpRequest) -> bool {
    !request.query_string().is_empty()
        && query(request)
            .iter()
            .any(|(name, value)| name == "access_token" || OpaqueToken::parse(value).is_some())
}

/// The token of `Bearer TOKEN`; the scheme's spelling does not matter (RFC 9110 §11.1).
pub(crate) fn token(credentials: &str) -> Option<&str> {
    let (scheme, token) = credentials.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_matches(' '))
}
