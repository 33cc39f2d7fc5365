//! Cookies on an app's host. They belong to that host, whatever our own address is; and because cookies ignore ports,
//! a port stands in the session's name.

use std::time::Duration;

use actix_web::HttpRequest;
use apps::AppHost;
use cookie::{Cookie, SameSite};
use provider::forward_auth::{Departure, LONGEST_SIGN_IN};

/// Before the key of a sign-in under way.
const UNDER_WAY: &str = "td-arrive-";
/// Somebody's session on this host.
const SESSION: &str = "td-host";
/// How many sign-ins may be under way in one browser.
const AT_ONCE: usize = 6;

/// The one value of the host's session cookie; doubled it counts as none.
pub(super) fn session<'a>(request: &'a HttpRequest, host: &AppHost) -> Option<&'a str> {
    only(request, &session_name(host))
}

/// What the browser kept of the sign-in of this key.
pub(super) fn under_way<'a>(request: &'a HttpRequest, host: &AppHost, key: &str) -> Option<&'a str> {
    only(request, &full_name(host, &format!("{UNDER_WAY}{key}")))
}

/// The `Set-Cookie` values of a sign-in that begins. The oldest of too many goes.
pub(super) fn begin(request: &HttpRequest, host: &AppHost, departure: &Departure) -> Vec<String> {
    let prefix = full_name(host, UNDER_WAY);
    let mut others: Vec<&str> =
        pairs(request).map(|(name, _)| name).filter(|name| name.starts_with(&prefix)).collect();
    others.sort_unstable();
    others.dedup();
    let surplus = (others.len() + 1).saturating_sub(AT_ONCE);
    let mut set: Vec<String> =
        others.into_iter().take(surplus).map(|name| cookie(host, name, "", Duration::ZERO)).collect();
    let name = full_name(host, &format!("{UNDER_WAY}{}", departure.key));
    set.push(cookie(host, &name, &departure.cookie, LONGEST_SIGN_IN));
    set
}

/// The `Set-Cookie` value of somebody who has come in.
pub(super) fn come_in(host: &AppHost, value: &str, lasts: Duration) -> String {
    cookie(host, &session_name(host), value, lasts)
}

/// The `Set-Cookie` value that takes away what was kept of a sign-in.
pub(super) fn ended(host: &AppHost, key: &str) -> String {
    cookie(host, &full_name(host, &format!("{UNDER_WAY}{key}")), "", Duration::ZERO)
}

/// The `Set-Cookie` value of somebody who has gone out.
pub(super) fn go_out(host: &AppHost) -> String {
    cookie(host, &session_name(host), "", Duration::ZERO)
}

fn session_name(host: &AppHost) -> String {
    let name = host.as_str().rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    match name {
        Some((_, port)) => full_name(host, &format!("{SESSION}-{port}")),
        None => full_name(host, SESSION),
    }
}

/// As everywhere: `__Host-` over TLS, nothing before it on this machine.
fn full_name(host: &AppHost, name: &str) -> String {
    if host.is_https() { format!("__Host-{name}") } else { name.to_owned() }
}

fn cookie(host: &AppHost, name: &str, value: &str, lasts: Duration) -> String {
    Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .secure(host.is_https())
        .same_site(SameSite::Lax)
        .max_age(lasts.try_into().unwrap_or(cookie::time::Duration::DAY))
        .build()
        .to_string()
}

fn pairs(request: &HttpRequest) -> impl Iterator<Item = (&str, &str)> {
    let pairs = request.headers().get_all("cookie").flat_map(|value| value.as_bytes().split(|b| *b == b';'));
    pairs.filter_map(|pair| std::str::from_utf8(pair).ok()?.trim().split_once('='))
}

fn only<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    let mut found = pairs(request).filter(|(key, _)| *key == name).map(|(_, value)| value);
    match (found.next(), found.next()) {
        (Some(value), None) => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_hosts_and_ports_apart() {
        for (host, name) in [
            ("wiki.example.com", "__Host-td-host"),
            ("wiki.example.com:8443", "__Host-td-host-8443"),
            ("wiki.localhost:8080", "td-host-8080"),
            ("wiki.localhost", "td-host"),
            ("[::1]:81", "td-host-81"),
            ("[2001:db8::1]", "__Host-td-host"),
        ] {
            assert_eq!(session_name(&AppHost::parse(host).unwrap()), name, "{host}");
        }
    }
}
