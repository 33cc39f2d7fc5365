//! Entity tags (RFC 9110 §8.8.3) and `If-Match` (§13.1.1): nobody overwrites what they have not seen.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use actix_web::HttpRequest;
use actix_web::http::header;
use apps::App;
use roles::Membership;
use teams::Tenant;

use crate::api::problem::Fault;

/// A person's tag: the version of their membership.
pub(crate) fn of_person(membership: &Membership) -> String {
    format!("\"{}\"", membership.version)
}

/// An app's tag: the version of its registration.
pub(crate) fn of_app(app: &App) -> String {
    format!("\"{}\"", app.version)
}

/// A team's tag: its connection's version and a digest of all the team's JSON says. The digest may differ
/// between releases of Teamdoor; then a change is refused once as stale.
pub(crate) fn of_team(team: &Tenant) -> String {
    let mut digest = DefaultHasher::new();
    team.connection.as_ref().map(|connection| &connection.id).hash(&mut digest);
    serde_json::to_string(team).unwrap_or_default().hash(&mut digest);
    let version = team.connection.as_ref().map_or(0, |connection| connection.version.0);
    format!("\"v{version}-{:016x}\"", digest.finish())
}

/// What the caller saw before deciding.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum IfMatch {
    /// They did not say.
    Missing,
    /// `*`: whatever stands there.
    Any,
    /// One of these. Weak tags match nothing here.
    Tags(Vec<String>),
}

impl IfMatch {
    /// Reads the header.
    pub(crate) fn of(request: &HttpRequest) -> Result<Self, Fault> {
        let lines: Result<Vec<&str>, _> =
            request.headers().get_all(header::IF_MATCH).map(|line| line.to_str()).collect();
        let lines = lines.map_err(|_not_ascii| Fault::IfMatchUnreadable)?;
        if lines.is_empty() {
            return Ok(Self::Missing);
        }
        Self::parse(&lines.join(",")).ok_or(Fault::IfMatchUnreadable)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut rest = text.trim();
        if rest == "*" {
            return Some(Self::Any);
        }
        let mut tags = Vec::new();
        loop {
            let weak = rest.strip_prefix("W/");
            let (tag, after) = weak.unwrap_or(rest).strip_prefix('"')?.split_once('"')?;
            if weak.is_none() {
                tags.push(format!("\"{tag}\""));
            }
            rest = after.trim_start();
            if rest.is_empty() {
                return Some(Self::Tags(tags));
            }
            rest = rest.strip_prefix(',')?.trim_start();
        }
    }

    /// The same for an act that has a condition of its own, so that whoever says nothing is heard too.
    pub(crate) fn check_if_said(&self, current: impl FnOnce() -> Result<String, Fault>) -> Result<(), Fault> {
        match self {
            Self::Missing | Self::Any => Ok(()),
            Self::Tags(_) => self.check(&current()?),
        }
    }

    /// Refuses a change of what the caller has not seen, or has seen otherwise. To be asked inside the
    /// transaction that makes the change.
    pub(crate) fn check(&self, current: &str) -> Result<(), Fault> {
        match self {
            Self::Missing => Err(Fault::IfMatchMissing),
            Self::Any => Ok(()),
            Self::Tags(tags) if tags.iter().any(|tag| tag == current) => Ok(()),
            Self::Tags(_) => Err(Fault::Stale),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_seen_is_changed() {
        let table = [
            ("*", true),
            ("\"3\"", true),
            (" \"2\" , \"3\"", true),
            ("\"2\"", false),
            ("W/\"3\"", false),
            ("\"*\"", false),
        ];
        for (header, fits) in table {
            assert_eq!(IfMatch::parse(header).unwrap().check("\"3\"").is_ok(), fits, "{header}");
        }
        assert!(matches!(IfMatch::Missing.check("\"3\""), Err(Fault::IfMatchMissing)));
        assert!(matches!(IfMatch::Tags(Vec::new()).check("\"3\""), Err(Fault::Stale)));
        let now = || Ok("\"3\"".to_owned());
        assert!(IfMatch::Missing.check_if_said(now).is_ok());
        assert!(matches!(IfMatch::Tags(vec!["\"2\"".to_owned()]).check_if_said(now), Err(Fault::Stale)));
    }

    #[test]
    fn what_is_no_list_of_tags_is_refused() {
        for odd in ["", "3", "\"3", "3\"", "\"2\" \"3\"", "\"2\",", "w/\"3\"", "*, \"3\""] {
            assert_eq!(IfMatch::parse(odd), None, "{odd}");
        }
        assert_eq!(IfMatch::parse("\"a,b\""), Some(IfMatch::Tags(vec!["\"a,b\"".to_owned()])));
    }
}
