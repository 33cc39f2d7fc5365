//! What was looked at, how it stands, and what to do about it.

use std::fmt;

use serde::Serialize;
use settings::Settings;

/// One thing looked at.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    name: &'static str,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    team_id: Option<String>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

impl Finding {
    /// All is well with it.
    pub(super) fn good(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, ok: true, team_id: None, message: message.into(), remedy: None }
    }

    /// It is not well; the message says what to do, or [`Self::cured_by`] does.
    pub(super) fn bad(name: &'static str, message: impl Into<String>) -> Self {
        Self { ok: false, ..Self::good(name, message) }
    }

    /// The same with what to do about it.
    pub(super) fn cured_by(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// The same of one team.
    pub(super) fn of_team(mut self, team_id: impl fmt::Display) -> Self {
        self.team_id = Some(team_id.to_string());
        self
    }

    pub(super) const fn is_bad(&self) -> bool {
        !self.ok
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.ok { "✓" } else { "✗" };
        let team = self.team_id.as_ref().map_or_else(String::new, |id| format!("{id}: "));
        write!(f, "{mark} {:12} {team}{}", self.name, self.message)?;
        match &self.remedy {
            Some(remedy) => write!(f, "\n               {remedy}"),
            None => Ok(()),
        }
    }
}

/// Browsers keep our cookies by https, or on this machine.
pub(super) fn public_url(settings: &Settings) -> Finding {
    let (url, listen) = (&settings.server.public_url, settings.server.listen);
    if url.scheme() == "https" || listen.ip().is_loopback() {
        return Finding::good("public_url", format!("People come to {url}."));
    }
    Finding::bad("public_url", format!("People come to {url} from other machines, without TLS."))
        .cured_by("Put a proxy with TLS in front and set server.public_url to its https address.")
}
