//! Third-party initiated login (OpenID Connect Core §4): the product's tile in the Okta dashboard.
//! A launch never signs anyone in by itself; checked, it joins the story at its first function.

use people::CameBy;
use teams::OpenTeam;
use upstream::Hints;
use url::Url;
use vocabulary::ReturnTo;

use crate::begin::Wish;

/// A launch's parameters; unknown ones are ignored, as the specification says.
#[derive(Clone, Debug, Default)]
pub struct Launch {
    /// Whose tile it is.
    pub iss: Option<String>,
    /// Who is probably signing in.
    pub login_hint: Option<String>,
    /// Where they want to go.
    pub target_link_uri: Option<String>,
}

/// Why a launch is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LaunchError {
    /// The tile belongs to another identity provider than the team uses, or names two.
    #[error("the tile's iss is not this team's issuer or a registered alias")]
    IssuerMismatch,
}

impl Launch {
    /// Reads the parameters of a query or form.
    pub fn parse(pairs: &[(String, String)]) -> Result<Self, LaunchError> {
        let mut launch = Self::default();
        for (key, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
            match key.as_str() {
                "iss" if launch.iss.is_some() => return Err(LaunchError::IssuerMismatch),
                "iss" => launch.iss = Some(value.clone()),
                "login_hint" => launch.login_hint = Some(value.clone()).filter(|hint| is_hint(hint)),
                "target_link_uri" => launch.target_link_uri = Some(value.clone()),
                _ => {}
            }
        }
        Ok(launch)
    }
}

/// A hint over 320 characters or with control characters is dropped.
fn is_hint(hint: &str) -> bool {
    hint.chars().count() <= 320 && !hint.contains(char::is_control)
}

/// Checks a launch against the team in its path; no address in it is ever asked.
pub fn check(team: &OpenTeam, launch: &Launch, public_url: &Url) -> Result<Wish, LaunchError> {
    if launch.iss.as_deref().is_some_and(|iss| !team.connection.answers_to(iss)) {
        return Err(LaunchError::IssuerMismatch);
    }
    let return_to = launch.target_link_uri.as_deref().and_then(|target| {
        let place = ReturnTo::parse_address(target, public_url).ok();
        if place.is_none() {
            tracing::info!(team = %team.team.team_id, "a launch's target_link_uri is not ours and was dropped");
        }
        place
    });
    let hints = Hints { login_hint: launch.login_hint.clone(), prompt: None };
    Ok(Wish { return_to, hints, came_by: CameBy::Tile })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_doubled_issuer_is_refused_and_strange_hints_are_dropped() {
        let pairs = |list: &[(&str, &str)]| -> Vec<(String, String)> {
            list.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
        };
        let twice = pairs(&[("iss", "https://a.example"), ("iss", "https://a.example")]);
        assert_eq!(Launch::parse(&twice).unwrap_err(), LaunchError::IssuerMismatch);
        let long = "x".repeat(321);
        for hint in ["a\nb", long.as_str()] {
            assert_eq!(Launch::parse(&pairs(&[("login_hint", hint)])).unwrap().login_hint, None);
        }
        let launch = Launch::parse(&pairs(&[("login_hint", "ada@acme.test"), ("x", "y")])).unwrap();
        assert_eq!(launch.login_hint.as_deref(), Some("ada@acme.test"));
    }

    proptest! {
        #[test]
        fn whatever_is_read_has_one_issuer_and_a_harmless_hint(
            pairs in prop::collection::vec(("(iss|login_hint|target_link_uri|x)", "[\\x00-\\x7f]{0,12}"), 0..6)
        ) {
            let issuers = pairs.iter().filter(|(key, value)| key == "iss" && !value.is_empty()).count();
            match Launch::parse(&pairs) {
                Ok(launch) => {
                    prop_assert_eq!(launch.iss.is_some(), issuers == 1);
                    prop_assert!(!launch.login_hint.unwrap_or_default().contains(char::is_control));
                }
                Err(LaunchError::IssuerMismatch) => prop_assert!(issuers > 1),
            }
        }
    }
}
