//! Cookies: their names, and reading them so that whatever is odd counts as none.

use actix_web::HttpRequest;
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use vocabulary::TeamId;

use crate::app::App;

/// Before the key of a sign-in under way.
pub(crate) const ATTEMPT: &str = "td-attempt-";
/// Before the Team ID of an open session.
pub(crate) const SESSION: &str = "td-session-";
/// Before the Team ID of a team this browser signed out of.
const SIGNED_OUT: &str = "td-out-";
/// The teams this browser used, latest first.
const TEAMS: &str = "td-teams";
/// The team this browser opens by default.
const DEFAULT: &str = "td-default";

/// How many sign-ins may be under way in one browser.
const ATTEMPTS: usize = 6;
/// How many teams a browser remembers.
const REMEMBERED: usize = 5;
/// Of how many teams a browser's sessions are looked at.
const LOOKED_AT: usize = 20;
/// For how long it remembers them, in days.
const REMEMBERED_DAYS: i64 = 180;

/// A browser's cookies, as far as they can be read.
pub(crate) struct Jar<'a> {
    app: &'a App,
    pairs: Vec<(&'a str, &'a str)>,
}

impl<'a> Jar<'a> {
    pub(crate) fn of(app: &'a App, request: &'a HttpRequest) -> Self {
        let pairs = request
            .headers()
            .get_all("cookie")
            .flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
            .filter_map(|pair| std::str::from_utf8(pair).ok()?.trim().split_once('='))
            .collect();
        Self { app, pairs }
    }

    /// The value of a cookie of ours that stands there exactly once.
    fn get(&self, name: &str) -> Option<&'a str> {
        let name = full_name(self.app, name);
        let mut found = self.pairs.iter().filter(|(key, _)| *key == name).map(|(_, value)| *value);
        match (found.next(), found.next()) {
            (Some(value), None) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn session(&self, team: &TeamId) -> Option<&'a str> {
        self.get(&format!("{SESSION}{team}"))
    }

    pub(crate) fn attempt(&self, key: &str) -> Option<&'a str> {
        self.get(&format!("{ATTEMPT}{key}"))
    }

    pub(crate) fn signed_out_of(&self, team: &TeamId) -> bool {
        self.get(&format!("{SIGNED_OUT}{team}")).is_some()
    }

    pub(crate) fn default_team(&self) -> Option<TeamId> {
        TeamId::parse(self.get(DEFAULT)?).ok()
    }

    pub(crate) fn remembered(&self) -> Vec<TeamId> {
        let list = self.get(TEAMS).unwrap_or_default();
        list.split('.').filter_map(|id| TeamId::parse(id).ok()).take(REMEMBERED).collect()
    }

    /// The teams this browser has session cookies of, in alphabetical order; the first 20.
    pub(crate) fn teams(&self) -> Vec<TeamId> {
        teams_among(self.pairs.iter().map(|(key, _)| *key), &full_name(self.app, SESSION))
    }

    /// The attempts that have to go so that one more stays within the bound: the oldest.
    fn attempts_to_drop(&self) -> Vec<&'a str> {
        let prefix = full_name(self.app, ATTEMPT);
        let mut keys: Vec<&str> =
            self.pairs.iter().filter_map(|(key, _)| key.strip_prefix(prefix.as_str())).collect();
        keys.sort_unstable();
        let surplus = (keys.len() + 1).saturating_sub(ATTEMPTS);
        keys.into_iter().take(surplus).collect()
    }
}

fn teams_among<'a>(names: impl Iterator<Item = &'a str>, prefix: &str) -> Vec<TeamId> {
    let mut teams: Vec<TeamId> =
        names.filter_map(|name| TeamId::parse(name.strip_prefix(prefix)?).ok()).collect();
    teams.sort();
    teams.dedup();
    teams.truncate(LOOKED_AT);
    teams
}

/// Cookies prefixed `__Host-` never leave this host nor travel without TLS; plain http on this machine has none.
fn full_name(app: &App, name: &str) -> String {
    if app.is_https() { format!("__Host-{name}") } else { name.to_owned() }
}

fn cookie(app: &App, name: &str, value: String, lasts: Duration) -> String {
    Cookie::build((full_name(app, name), value))
        .path("/")
        .http_only(true)
        .secure(app.is_https())
        .same_site(SameSite::Lax)
        .max_age(lasts)
        .build()
        .to_string()
}

fn gone(app: &App, name: &str) -> String {
    cookie(app, name, String::new(), Duration::ZERO)
}

/// The `Set-Cookie` values of a sign-in that begins.
pub(crate) fn begin(jar: &Jar<'_>, attempt: signin::AttemptCookie) -> Vec<String> {
    let mut set: Vec<String> =
        jar.attempts_to_drop().into_iter().map(|key| gone(jar.app, &format!("{ATTEMPT}{key}"))).collect();
    // A day, though an attempt is good for an hour: too late, it still knows where the person was going.
    set.push(cookie(jar.app, &format!("{ATTEMPT}{}", attempt.key), attempt.value, Duration::DAY));
    set
}

/// The `Set-Cookie` values of somebody who has come in.
pub(crate) fn come_in(
    jar: &Jar<'_>,
    team: &TeamId,
    token: &sealing::OpaqueToken,
    attempt_key: &str,
) -> Vec<String> {
    let app = jar.app;
    let lasts = Duration::try_from(app.door.sessions.limits().absolute).unwrap_or(Duration::DAY);
    let mut set = vec![
        gone(app, &format!("{ATTEMPT}{attempt_key}")),
        cookie(app, &format!("{SESSION}{team}"), token.reveal().to_owned(), lasts),
        remember(jar, Some(team), None),
    ];
    if jar.signed_out_of(team) {
        set.push(gone(app, &format!("{SIGNED_OUT}{team}")));
    }
    set
}

/// The `Set-Cookie` values of somebody who has signed out of a team.
pub(crate) fn go_out(app: &App, team: &TeamId) -> Vec<String> {
    vec![
        gone(app, &format!("{SESSION}{team}")),
        cookie(app, &format!("{SIGNED_OUT}{team}"), "1".to_owned(), Duration::days(1)),
    ]
}

/// The `Set-Cookie` value that forgets a team on this browser.
pub(crate) fn forget(jar: &Jar<'_>, team: &TeamId) -> String {
    remember(jar, None, Some(team))
}

/// The `Set-Cookie` value by which this browser opens `team` by default.
pub(crate) fn open_by_default(app: &App, team: &TeamId) -> String {
    cookie(app, DEFAULT, team.to_string(), Duration::days(REMEMBERED_DAYS))
}

fn remember(jar: &Jar<'_>, first: Option<&TeamId>, without: Option<&TeamId>) -> String {
    let known = jar.remembered();
    let others = known.iter().filter(|team| Some(*team) != first && Some(*team) != without);
    let list: Vec<&str> = first.into_iter().chain(others).map(TeamId::as_str).take(REMEMBERED).collect();
    if list.is_empty() {
        gone(jar.app, TEAMS)
    } else {
        cookie(jar.app, TEAMS, list.join("."), Duration::days(REMEMBERED_DAYS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_session_cookies_do_not_make_endless_work() {
        let names: Vec<String> =
            (0..50).rev().flat_map(|n| [format!("s-team-{n:02}"), format!("x-{n}")]).collect();
        let twice = names.iter().chain(&names).map(String::as_str);
        let teams = teams_among(twice, "s-");
        let expected: Vec<String> = (0..20).map(|n| format!("team-{n:02}")).collect();
        assert_eq!(teams.iter().map(TeamId::as_str).collect::<Vec<_>>(), expected);
    }
}
