//! The `claims` parameter (`OpenID` Connect Core §5.5): single claims, asked for where no scope brings them.

use serde_json::{Map, Value, json};
use vocabulary::PersonId;

/// A claim that an app gets when it asks for it. All others are given anyway, or are not known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// `name`
    Name,
    /// `given_name`
    GivenName,
    /// `family_name`
    FamilyName,
    /// `email`
    Email,
    /// `email_verified`
    EmailVerified,
}

impl Claim {
    pub(crate) const ALL: [Self; 5] =
        [Self::Name, Self::GivenName, Self::FamilyName, Self::Email, Self::EmailVerified];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::Email => "email",
            Self::EmailVerified => "email_verified",
        }
    }
}

/// What was asked for, by where it is to be told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AskedClaims {
    pub(crate) id_token: Vec<Claim>,
    pub(crate) userinfo: Vec<Claim>,
    /// The same as it was said, as far as it means anything; none when nothing does.
    text: Option<String>,
}

/// What else the parameter may demand.
#[derive(Debug, Default)]
pub(crate) struct Demands {
    /// The one person that will do.
    pub(crate) sub: Option<PersonId>,
    /// A way of signing in that nobody here can promise.
    pub(crate) acr: bool,
}

/// A `claims` parameter that is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoClaims;

impl AskedClaims {
    /// Reads the parameter; what is not known is ignored.
    pub(crate) fn parse(text: &str) -> Result<(Self, Demands), NoClaims> {
        let all: Map<String, Value> = serde_json::from_str(text).map_err(|_no_object| NoClaims)?;
        let (id_token, userinfo) = (member(&all, "id_token")?, member(&all, "userinfo")?);
        let sub = [&id_token, &userinfo].into_iter().find_map(|asked| asked.get("sub")?.get("value"));
        let sub = match sub {
            None => None,
            // A subject that nobody can have is one that nobody has.
            Some(value) => Some(value.as_str().and_then(PersonId::parse).ok_or(NoClaims)?),
        };
        let demands = Demands { sub, acr: id_token.get("acr").is_some_and(is_demanded) };
        Ok((Self::new(known(&id_token), known(&userinfo)), demands))
    }

    /// Reads what [`Self::as_str`] wrote.
    pub(crate) fn parse_kept(text: &str) -> Self {
        Self::parse(text).map(|(claims, _demands)| claims).unwrap_or_default()
    }

    /// As it is kept and carried; none when nothing was asked for.
    pub(crate) fn as_str(&self) -> Option<&str> {
        self.text.as_deref()
    }

    fn new(id_token: Vec<Claim>, userinfo: Vec<Claim>) -> Self {
        let asked = |claims: &[Claim]| -> Map<String, Value> {
            claims.iter().map(|claim| (claim.as_str().to_owned(), Value::Null)).collect()
        };
        let mut all = Map::new();
        for (place, claims) in [("id_token", &id_token), ("userinfo", &userinfo)] {
            if !claims.is_empty() {
                all.insert(place.to_owned(), json!(asked(claims)));
            }
        }
        let text = (!all.is_empty()).then(|| Value::Object(all).to_string());
        Self { id_token, userinfo, text }
    }
}

fn member(all: &Map<String, Value>, name: &str) -> Result<Map<String, Value>, NoClaims> {
    match all.get(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(asked)) => Ok(asked.clone()),
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => Err(NoClaims),
    }
}

fn known(asked: &Map<String, Value>) -> Vec<Claim> {
    Claim::ALL.into_iter().filter(|claim| asked.contains_key(claim.as_str())).collect()
}

/// Whether an `acr` is essential and of certain values: then the sign-in fails that cannot have it (Core §5.5.1.1).
fn is_demanded(acr: &Value) -> bool {
    let essential = acr.get("essential").and_then(Value::as_bool).unwrap_or(false);
    essential && (acr.get("value").is_some() || acr.get("values").is_some())
}
