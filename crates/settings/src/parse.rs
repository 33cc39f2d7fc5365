//! From a value in a file or variable to the type that it stands for. Each reader says what is wrong and what
//! to write instead, and none repeats a value that may be secret.

use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use toml::Value;
use url::{Host, Url};
use vocabulary::{Email, TeamId};

use crate::{Accent, Limit, LogFormat};

pub(crate) mod secret;

/// What is wrong with a value: "`KEY` {problem}. {remedy}". As text it is one line for each, for serde's errors
/// carry nothing but text.
#[derive(thiserror::Error, Debug)]
#[error("{problem}\n{remedy}")]
pub(crate) struct Wrong {
    pub(crate) problem: String,
    pub(crate) remedy: &'static str,
}

pub(crate) type Read<T> = Result<T, Wrong>;

/// Complains about a value that may be repeated.
fn is_no<T>(value: &str, what: &str, remedy: &'static str) -> Read<T> {
    let shown: String = value.chars().filter(|c| !c.is_control()).take(80).collect();
    let problem = format!("is `{shown}`, which is no {what}");
    Err(Wrong { problem, remedy })
}

/// Complains about a value of another type.
pub(crate) fn is_not<T>(value: &Value, what: &str, remedy: &'static str) -> Read<T> {
    let problem = format!("is of type {}, not {what}", value.type_str());
    Err(Wrong { problem, remedy })
}

pub(crate) fn text(value: &Value) -> Read<&str> {
    match value.as_str() {
        Some(text) => Ok(text.trim()),
        None => is_not(value, "text", "Write it in quotation marks."),
    }
}

/// Nothing for an empty text, otherwise what `read` makes of it.
pub(crate) fn optional<T>(value: &Value, read: impl Fn(&Value) -> Read<T>) -> Read<Option<T>> {
    if text(value)?.is_empty() {
        return Ok(None);
    }
    read(value).map(Some)
}

/// Every item of a list.
pub(crate) fn list<T>(value: &Value, read: impl Fn(&Value) -> Read<T>) -> Read<Vec<T>> {
    match value.as_array() {
        Some(items) => items.iter().map(read).collect(),
        None => is_not(value, "a list", "Write a list, such as [] or [\"one\", \"two\"]."),
    }
}

pub(crate) fn yes_no(value: &Value) -> Read<bool> {
    match value.as_bool() {
        Some(answer) => Ok(answer),
        None => is_not(value, "true or false", "Write true or false."),
    }
}

pub(crate) fn listen(value: &Value) -> Read<SocketAddr> {
    let text = text(value)?;
    let remedy = "Write an address and a port, for example 127.0.0.1:3000 or [::]:3000.";
    text.parse().or_else(|_| is_no(text, "address with a port", remedy))
}

/// `scheme://host[:port]`, https or on loopback http.
pub(crate) fn public_url(value: &Value) -> Read<Url> {
    let remedy = "Write scheme, host and port alone, for example https://login.example.com.";
    let url = link(value)?;
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return is_no(url.as_str(), "address without a path, query or fragment", remedy);
    }
    Ok(url)
}

/// A web address people may be sent to: https, or http on loopback, without user info.
pub(crate) fn link(value: &Value) -> Read<Url> {
    const REMEDY: &str = "Write an https address; plain http is for localhost, 127.0.0.1 and [::1] alone.";
    let text = text(value)?;
    // A password may stand before the @, so the complaint repeats nothing.
    let secret = |problem: &str| Wrong { problem: problem.to_owned(), remedy: REMEDY };
    let Ok(url) = Url::parse(text) else {
        return Err(secret("is no web address"));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(secret("contains a user name or password"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        _ => is_no(text, "https address", REMEDY),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// A network, or one address as the network of itself.
pub(crate) fn network(value: &Value) -> Read<IpNet> {
    let text = text(value)?;
    let address = || text.parse::<IpAddr>().map(IpNet::from);
    let remedy = "Write networks such as 10.0.0.0/8, fd00::/8 or a single address.";
    text.parse().or_else(|_| address()).or_else(|_| is_no(text, "network", remedy))
}

pub(crate) fn workers(value: &Value) -> Read<Option<NonZeroUsize>> {
    let remedy = "Write a number from 1 to 1024, or \"auto\".";
    match whole(value) {
        Some(number) => match usize::try_from(number).ok().and_then(NonZeroUsize::new) {
            Some(count) if count.get() <= 1024 => Ok(Some(count)),
            _ => is_no(&number.to_string(), "number of threads", remedy),
        },
        None if value.as_str() == Some("auto") => Ok(None),
        None => is_not(value, "a number or \"auto\"", remedy),
    }
}

/// At least one.
pub(crate) fn count(value: &Value) -> Read<NonZeroU32> {
    let remedy = "Write a whole number from 1 to 4294967295.";
    match whole(value) {
        Some(number) => match u32::try_from(number).ok().and_then(NonZeroU32::new) {
            Some(count) => Ok(count),
            None => is_no(&number.to_string(), "number of things", remedy),
        },
        None => is_not(value, "a whole number", remedy),
    }
}

pub(crate) fn limit(value: &Value) -> Read<Limit> {
    if value.as_str() == Some("off") {
        return Ok(Limit::Off);
    }
    count(value)
        .map(Limit::At)
        .map_err(|wrong| Wrong { remedy: "Write a whole number of at least 1, or \"off\".", ..wrong })
}

/// A number, which a variable gives as text where the default is a word.
fn whole(value: &Value) -> Option<i64> {
    value.as_integer().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()))
}

/// A whole number with its unit: `90s`, `30m`, `8h`, `7d`; up to ten years.
pub(crate) fn duration(value: &Value) -> Read<Duration> {
    const REMEDY: &str = "Write a number and its unit without a blank, such as 90s, 30m, 8h or 7d.";
    let text = text(value)?;
    let units = [('s', 1), ('m', 60), ('h', 3600), ('d', 86_400)];
    let seconds = units.into_iter().find_map(|(letter, seconds)| {
        let number = text.strip_suffix(letter)?;
        let digits_only = number.bytes().all(|b| b.is_ascii_digit());
        number.parse::<u64>().ok().filter(|_| digits_only)?.checked_mul(seconds)
    });
    match seconds {
        Some(seconds) if (1..=3650 * 86_400).contains(&seconds) => Ok(Duration::from_secs(seconds)),
        Some(_) | None => is_no(text, "duration", REMEDY),
    }
}

pub(crate) fn product_name(value: &Value) -> Read<String> {
    let name = text(value)?;
    if (1..=60).contains(&name.chars().count()) && !name.contains(char::is_control) {
        return Ok(name.to_owned());
    }
    is_no(name, "name of 1 to 60 characters", "Write the name people know your product by.")
}

pub(crate) fn accent(value: &Value) -> Read<Accent> {
    let colour = text(value)?;
    let digits = colour.strip_prefix('#').unwrap_or_default();
    if digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(Accent(colour.to_ascii_lowercase()));
    }
    is_no(colour, "colour", "Write it as #rrggbb, for example #1f4fbf.")
}

pub(crate) fn team(value: &Value) -> Read<TeamId> {
    let text = text(value)?;
    let remedy = "Team IDs are 2 to 63 lowercase letters, digits and single dashes.";
    TeamId::parse(text).or_else(|_| is_no(text, "Team ID", remedy))
}

pub(crate) fn email(value: &Value) -> Read<Email> {
    let text = text(value)?;
    let remedy = "Write the bare address, for example login@example.com.";
    Email::parse(text).or_else(|_| is_no(text, "email address", remedy))
}

pub(crate) fn path(value: &Value) -> Read<PathBuf> {
    text(value).map(PathBuf::from)
}

pub(crate) fn log_format(value: &Value) -> Read<LogFormat> {
    match text(value)? {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        other => is_no(other, "format of a log", "Write \"text\" or \"json\"."),
    }
}

pub(crate) fn log_filter(value: &Value) -> Read<String> {
    match text(value)? {
        "" => is_no("", "filter", "Write a level such as info, or info,upstream=debug."),
        filter => Ok(filter.to_owned()),
    }
}

#[cfg(test)]
mod tests;
