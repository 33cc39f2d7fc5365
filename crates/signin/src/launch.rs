//! Third-party initiated login (OpenID Connect Core §4): the product's tile in the Okta dashboard.
//! A launch never signs anyone in by itself; checked, it joins the story at its first function.

mod recent;
mod refused;
mod stage;

use people::CameBy;
use teams::OpenTeam;
use upstream::{Hints, Remark};
use url::Url;
use vocabulary::ReturnTo;

pub use recent::RecentLaunches;
pub use refused::{LaunchError, LaunchRefused, remember_launch};
pub use stage::{Place, Stage};

use crate::begin::Wish;

/// A launch's parameters as they arrived; unknown ones are ignored, as the specification says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Launch {
    /// Whose tile it is.
    pub iss: Iss,
    /// Our name there; over 255 characters it counts as none.
    pub client_id: Option<String>,
    /// Who is probably signing in; over 320 characters or with control characters it counts as none.
    pub login_hint: Option<String>,
    /// Where they want to go.
    pub target_link_uri: Option<String>,
    /// Whether the tile is one of the stage.
    pub use_stage: Stage,
    /// What nobody asked for.
    pub unsolicited: Unsolicited,
}

/// The `iss` of a launch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Iss {
    /// None was said, or an empty one.
    #[default]
    Missing,
    /// This one.
    Is(String),
    /// Two or more.
    Doubled,
}

/// What a launch brings along unasked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unsolicited {
    /// Nothing.
    #[default]
    Nothing,
    /// An ID token: Okta's "Send ID Token directly to app (Okta Simplified)".
    IdToken,
}

impl Launch {
    /// Reads the parameters of a query or form. Empty ones count as not said.
    #[must_use]
    pub fn parse(pairs: &[(String, String)]) -> Self {
        let mut launch = Self { use_stage: Stage::parse(pairs), ..Self::default() };
        for (key, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
            match key.as_str() {
                "iss" if launch.iss == Iss::Missing => launch.iss = Iss::Is(value.clone()),
                "iss" => launch.iss = Iss::Doubled,
                "client_id" => launch.client_id = Some(value.clone()).filter(|id| id.len() <= 255),
                "login_hint" => launch.login_hint = login_hint(value),
                "target_link_uri" => launch.target_link_uri = Some(value.clone()),
                "id_token" => launch.unsolicited = Unsolicited::IdToken,
                _ => {}
            }
        }
        launch
    }

    /// What is wrong with it whatever team it is for.
    pub fn fault(&self) -> Result<(), LaunchError> {
        match (self.unsolicited, &self.iss) {
            (Unsolicited::IdToken, _) => Err(LaunchError::IdTokenRefused),
            (Unsolicited::Nothing, Iss::Doubled) => Err(LaunchError::IssuerDoubled),
            (Unsolicited::Nothing, Iss::Missing | Iss::Is(_)) => Ok(()),
        }
    }

    /// Where on this service the tile leads; none when it leads elsewhere.
    #[must_use]
    pub fn target(&self, public_url: &Url) -> Option<ReturnTo> {
        ReturnTo::parse_address(self.target_link_uri.as_deref()?, public_url).ok()
    }
}

/// A `login_hint` that may be handed on; one over 320 characters or with control characters counts as none.
#[must_use]
pub fn login_hint(said: &str) -> Option<String> {
    let is_harmless = said.chars().count() <= 320 && !said.contains(char::is_control);
    is_harmless.then(|| said.to_owned())
}

/// Checks a launch against its team; no address in it is ever asked. `stage` is where stage tiles go.
pub fn check(
    team: &OpenTeam,
    launch: &Launch,
    public_url: &Url,
    stage: Option<&Url>,
) -> Result<Wish, LaunchError> {
    launch.fault()?;
    if let Iss::Is(iss) = &launch.iss
        && !team.connection.answers_to(iss)
    {
        let issuer = team.connection.issuer.to_string();
        return Err(LaunchError::IssuerMismatch { said: Remark::new(iss).to_string(), issuer });
    }
    if launch.use_stage.place(stage, public_url) == Place::Nowhere {
        return Err(LaunchError::StageNotConfigured);
    }
    let hints = Hints { login_hint: launch.login_hint.clone(), prompt: None, max_age: None };
    Ok(Wish { return_to: launch.target(public_url), hints, came_by: CameBy::Tile })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(list: &[(&str, &str)]) -> Launch {
        let pairs: Vec<_> =
            list.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Launch::parse(&pairs)
    }

    #[test]
    fn a_doubled_issuer_is_refused_and_strange_hints_are_dropped() {
        let twice = parse(&[("iss", "https://a.example"), ("iss", "https://a.example")]);
        assert_eq!(twice.fault(), Err(LaunchError::IssuerDoubled));
        let long = "x".repeat(321);
        for hint in ["a\nb", long.as_str()] {
            assert_eq!(parse(&[("login_hint", hint)]).login_hint, None);
        }
        let launch = parse(&[("login_hint", "ada@acme.test"), ("iss", ""), ("x", "y")]);
        assert_eq!(launch.login_hint.as_deref(), Some("ada@acme.test"));
        assert_eq!((launch.iss.clone(), launch.fault()), (Iss::Missing, Ok(())));
    }

    #[test]
    fn an_id_token_is_refused_before_anything_else() {
        let launch =
            parse(&[("id_token", "a.b.c"), ("iss", "https://a.example"), ("iss", "https://b.example")]);
        assert_eq!(launch.fault(), Err(LaunchError::IdTokenRefused));
        assert_eq!(parse(&[("id_token", "")]).fault(), Ok(()));
    }

    proptest! {
        #[test]
        fn whatever_is_read_has_one_issuer_and_a_harmless_hint(
            pairs in prop::collection::vec(("(iss|login_hint|target_link_uri|x)", "[\\x00-\\x7f]{0,12}"), 0..6)
        ) {
            let issuers = pairs.iter().filter(|(key, value)| key == "iss" && !value.is_empty()).count();
            let launch = Launch::parse(&pairs);
            prop_assert_eq!(launch.fault().is_err(), issuers > 1);
            prop_assert_eq!(matches!(launch.iss, Iss::Is(_)), issuers == 1);
            prop_assert!(!launch.login_hint.unwrap_or_default().contains(char::is_control));
        }
    }
}
