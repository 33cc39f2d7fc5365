//! Cookies: their names, and reading them so that whatever is odd counts as none.

use actix_web::HttpRequest;
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use sealing::TokenHash;
use signin::RecentLaunches;
use vocabulary::{ClientId, TeamId, Timestamp};

use crate::app::App;
use crate::mark::Mark;

/// Before the key of a sign-in under way.
pub(crate) const ATTEMPT: &str = "td-attempt-";
/// Before the Team ID of an open session.
pub(crate) const SESSION: &str = "td-session-";
/// Before the Team ID of a team this browser signed out of; its [`Mark`].
const SIGNED_OUT: &str = "td-out-";
/// The teams this browser used, latest first.
const TEAMS: &str = "td-teams";
/// The team this browser opens by default.
const DEFAULT: &str = "td-default";

/// Before the id of a token whose value is on its way to be shown.
const FRESH_TOKEN: &str = "td-fresh-";
/// The launches of the last half minute.
const LAUNCHES: &str = "td-launches";
/// Before the Team ID of a team this browser came in to a moment ago.
const CAME_IN: &str = "td-in-";
/// Before the client id of an app: the team it is used with here, chosen by a click.
const APP: &str = "td-app-";

/// Before the beginning of a setup link's hash: the link was opened in this browser.
const SETUP: &str = "td-setup-";
/// Before the Team ID of a team whose settings were opened in this browser by break-glass.
const BREAK_GLASS: &str = "td-glass-";

/// How many sign-ins may be under way in one browser.
const ATTEMPTS: usize = 6;
/// How many characters their cookies may have together: a request's head must fit into what proxies take, 8 kB.
const ATTEMPTS_WEIGH: usize = 6000;
/// How many teams a browser remembers.
const REMEMBERED: usize = 5;
/// Of how many teams a browser's sessions are looked at.
const LOOKED_AT: usize = 20;
/// How many teams one sign-out can end; no browser keeps more cookies of one host.
const ENDED_AT_ONCE: usize = 200;
/// For how long it remembers them, in days.
const REMEMBERED_DAYS: i64 = 180;
/// How soon after coming in a browser must show the session it was given.
const A_MOMENT: std::time::Duration = std::time::Duration::from_secs(30);

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

    /// Whether there is a cookie of this name, readable or not.
    fn has(&self, name: &str) -> bool {
        let name = full_name(self.app, name);
        self.pairs.iter().any(|(key, _)| *key == name)
    }

    /// Whether the browser shows a session of this team, good or not.
    pub(crate) fn shows_a_session_of(&self, team: &TeamId) -> bool {
        self.has(&format!("{SESSION}{team}"))
    }

    pub(crate) fn session(&self, team: &TeamId) -> Option<&'a str> {
        self.get(&format!("{SESSION}{team}"))
    }

    pub(crate) fn attempt(&self, key: &str) -> Option<&'a str> {
        self.get(&format!("{ATTEMPT}{key}"))
    }

    /// What this browser remembers of a sign-out of a team.
    pub(crate) fn mark(&self, team: &TeamId) -> Option<Mark> {
        self.get(&format!("{SIGNED_OUT}{team}")).map(Mark::read)
    }

    pub(crate) fn fresh_token(&self, id: &str) -> Option<&'a str> {
        self.get(&format!("{FRESH_TOKEN}{id}"))
    }

    pub(crate) fn setup(&self, link: &TokenHash) -> Option<&'a str> {
        self.get(&setup_name(link))
    }

    pub(crate) fn break_glass(&self, team: &TeamId) -> Option<&'a str> {
        self.get(&format!("{BREAK_GLASS}{team}"))
    }

    pub(crate) fn default_team(&self) -> Option<TeamId> {
        TeamId::parse(self.get(DEFAULT)?).ok()
    }

    /// The team that this browser uses an app with.
    pub(crate) fn team_for(&self, client: &ClientId) -> Option<TeamId> {
        TeamId::parse(self.get(&format!("{APP}{client}"))?).ok()
    }

    pub(crate) fn remembered(&self) -> Vec<TeamId> {
        let list = self.get(TEAMS).unwrap_or_default();
        list.split('.').filter_map(|id| TeamId::parse(id).ok()).take(REMEMBERED).collect()
    }

    pub(crate) fn recent_launches(&self, now: Timestamp) -> RecentLaunches {
        RecentLaunches::read(self.get(LAUNCHES).unwrap_or_default(), now)
    }

    /// Whether somebody came in to this team a moment ago and the browser did not keep the session.
    pub(crate) fn lost_the_session_of(&self, team: &TeamId) -> bool {
        if self.shows_a_session_of(team) {
            return false;
        }
        let came_in = self.get(&format!("{CAME_IN}{team}")).and_then(|at| at.parse().ok());
        came_in.is_some_and(|at| self.app.now().since(Timestamp::from_millis(at)) <= A_MOMENT)
    }

    /// The teams this browser has session cookies of, in alphabetical order; the first 20.
    pub(crate) fn teams(&self) -> Vec<TeamId> {
        teams_among(self.pairs.iter().map(|(key, _)| *key), &full_name(self.app, SESSION), LOOKED_AT)
    }

    /// Every team that is open here, was, or is remembered.
    pub(crate) fn every_team(&self) -> Vec<TeamId> {
        let names = self.pairs.iter().map(|(key, _)| *key);
        let mut teams = teams_among(names, &full_name(self.app, SESSION), ENDED_AT_ONCE);
        teams.extend(self.remembered());
        teams.sort();
        teams.dedup();
        teams
    }

    /// The attempts that have to go so that one more of this weight stays within the bounds: the oldest.
    fn attempts_to_drop(&self, weight: usize) -> Vec<&'a str> {
        let prefix = full_name(self.app, ATTEMPT);
        let mine =
            |(name, value): &(&'a str, &'a str)| Some((name.strip_prefix(prefix.as_str())?, value.len()));
        let mut attempts: Vec<(&str, usize)> = self.pairs.iter().filter_map(mine).collect();
        attempts.sort_unstable_by(|one, other| other.cmp(one));
        let (mut count, mut total) = (1_usize, weight);
        let goes = attempts.into_iter().filter(|(_, weight)| {
            (count, total) = (count.saturating_add(1), total.saturating_add(*weight));
            count > ATTEMPTS || total > ATTEMPTS_WEIGH
        });
        goes.map(|(key, _)| key).collect()
    }
}

fn teams_among<'a>(names: impl Iterator<Item = &'a str>, prefix: &str, most: usize) -> Vec<TeamId> {
    let mut teams: Vec<TeamId> =
        names.filter_map(|name| TeamId::parse(name.strip_prefix(prefix)?).ok()).collect();
    teams.sort();
    teams.dedup();
    teams.truncate(most);
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

fn lasting(time: std::time::Duration) -> Duration {
    Duration::try_from(time).unwrap_or(Duration::DAY)
}

fn gone(app: &App, name: &str) -> String {
    cookie(app, name, String::new(), Duration::ZERO)
}

/// The `Set-Cookie` values of a sign-in that begins.
pub(crate) fn begin(jar: &Jar<'_>, attempt: signin::AttemptCookie) -> Vec<String> {
    let drop = jar.attempts_to_drop(attempt.value.len());
    let mut set: Vec<String> =
        drop.into_iter().map(|key| gone(jar.app, &format!("{ATTEMPT}{key}"))).collect();
    // A day, though an attempt is good for an hour: too late, it still knows where the person was going.
    set.push(cookie(jar.app, &format!("{ATTEMPT}{}", attempt.key), attempt.value, Duration::DAY));
    set
}

/// The `Set-Cookie` value of an attempt that is over.
pub(crate) fn attempt_over(jar: &Jar<'_>, key: &str) -> String {
    gone(jar.app, &format!("{ATTEMPT}{key}"))
}

/// The `Set-Cookie` value of a browser in which a setup link was opened.
pub(crate) fn setup(app: &App, link: &TokenHash, value: String, lasts: std::time::Duration) -> String {
    cookie(app, &setup_name(link), value, lasting(lasts))
}

/// The `Set-Cookie` value of a browser in which break-glass was opened.
pub(crate) fn break_glass(app: &App, team: &TeamId, value: String, lasts: std::time::Duration) -> String {
    cookie(app, &format!("{BREAK_GLASS}{team}"), value, lasting(lasts))
}

fn setup_name(link: &TokenHash) -> String {
    let beginning: String = link.as_str().chars().take(12).collect();
    format!("{SETUP}{beginning}")
}

/// The `Set-Cookie` values of somebody who has come in.
pub(crate) fn come_in(
    jar: &Jar<'_>,
    team: &TeamId,
    token: &sealing::OpaqueToken,
    attempt_key: &str,
) -> Vec<String> {
    let app = jar.app;
    let lasts = lasting(app.door.sessions.limits().absolute);
    let mut set = vec![
        gone(app, &format!("{ATTEMPT}{attempt_key}")),
        cookie(app, &format!("{SESSION}{team}"), token.reveal().to_owned(), lasts),
        remember(jar, Some(team), None),
        cookie(app, &format!("{CAME_IN}{team}"), app.now().millis().to_string(), lasting(A_MOMENT)),
    ];
    if jar.get(LAUNCHES).is_some() {
        set.push(recent_launches(app, &jar.recent_launches(app.now()).without(team)));
    }
    if jar.mark(team).is_some() {
        set.push(gone(app, &format!("{SIGNED_OUT}{team}")));
    }
    set
}

/// The `Set-Cookie` values of somebody who has signed out of a team.
pub(crate) fn go_out(jar: &Jar<'_>, team: &TeamId, mark: &Mark) -> Vec<String> {
    let names = [format!("{SESSION}{team}"), format!("{CAME_IN}{team}")];
    let mut set: Vec<String> =
        names.iter().filter(|name| jar.has(name)).map(|name| gone(jar.app, name)).collect();
    set.push(signed_out(jar.app, team, mark));
    set
}

/// The `Set-Cookie` value that remembers a sign-out: as long as the browser remembers the team.
pub(crate) fn signed_out(app: &App, team: &TeamId, mark: &Mark) -> String {
    cookie(app, &format!("{SIGNED_OUT}{team}"), mark.to_text(), Duration::days(REMEMBERED_DAYS))
}

/// The `Set-Cookie` value that carries the sealed value of a token to the page that shows it.
pub(crate) fn fresh_token(app: &App, id: &str, sealed: String, lasts: std::time::Duration) -> String {
    cookie(app, &format!("{FRESH_TOKEN}{id}"), sealed, lasting(lasts))
}

/// The `Set-Cookie` value that counts a browser's launches.
pub(crate) fn recent_launches(app: &App, recent: &RecentLaunches) -> String {
    let lasts = Duration::try_from(RecentLaunches::LASTS).unwrap_or(Duration::MINUTE);
    recent.to_text().map_or_else(|| gone(app, LAUNCHES), |value| cookie(app, LAUNCHES, value, lasts))
}

/// The `Set-Cookie` value that forgets a team on this browser.
pub(crate) fn forget(jar: &Jar<'_>, team: &TeamId) -> String {
    remember(jar, None, Some(team))
}

/// The `Set-Cookie` value by which this browser opens `team` by default.
pub(crate) fn open_by_default(app: &App, team: &TeamId) -> String {
    cookie(app, DEFAULT, team.to_string(), Duration::days(REMEMBERED_DAYS))
}

/// The `Set-Cookie` value by which this browser uses an app with `team`, as long as nobody says otherwise. Only for
/// the answer to a click on one of our own pages.
pub(crate) fn use_with(app: &App, client: &ClientId, team: &TeamId) -> String {
    cookie(app, &format!("{APP}{client}"), team.to_string(), Duration::days(REMEMBERED_DAYS))
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
        let teams = teams_among(twice, "s-", LOOKED_AT);
        let expected: Vec<String> = (0..20).map(|n| format!("team-{n:02}")).collect();
        assert_eq!(teams.iter().map(TeamId::as_str).collect::<Vec<_>>(), expected);
    }
}
