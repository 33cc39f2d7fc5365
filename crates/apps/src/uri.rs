//! Addresses of apps, parsed once when they are registered.

use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::trouble::AppError;

/// Why an address cannot be one of an app's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UriError {
    /// Not a whole address, or with letters that do not belong there.
    #[error("is not a whole web address in ASCII without blanks, of at most 1024 characters")]
    Malformed,
    /// Names a user.
    #[error("must not name a user before the host")]
    User,
    /// Has a fragment.
    #[error("must not have a fragment (#)")]
    Fragment,
    /// Plain http to another machine.
    #[error("must begin with https://; plain http is for this machine alone (localhost, 127.0.0.1)")]
    PlainHttp,
    /// Neither the web nor an app's own scheme.
    #[error(
        "must begin with https://, or be an app's own scheme with a dot, such as com.example.ledger:/back"
    )]
    Scheme,
    /// Not a host with an optional port.
    #[error("is not the name of a host with an optional port, such as wiki.example.com")]
    Host,
}

const LONGEST: usize = 1024;

/// Whether a host is this machine: `localhost`, a name below it, or a loopback address.
fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => IpAddr::V6(*address).to_canonical().is_loopback(),
    }
}

fn parse(text: &str) -> Result<Url, UriError> {
    let plain = text.len() <= LONGEST && text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let url = Url::parse(text).ok().filter(|_| plain).ok_or(UriError::Malformed)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UriError::User);
    }
    if url.fragment().is_some() || text.contains('#') {
        return Err(UriError::Fragment);
    }
    Ok(url)
}

fn on_the_web(url: Url) -> Result<Url, UriError> {
    let host = url.host().ok_or(UriError::Malformed)?;
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&host) => Ok(url),
        "http" => Err(UriError::PlainHttp),
        _ => Err(UriError::Scheme),
    }
}

/// Where an app is sent back to (`redirect_uri`, `post_logout_redirect_uri`): compared byte for byte. On the web it
/// is https, or http on this machine; an app of a phone or desktop has its own scheme with a dot (RFC 8252 §7.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RedirectUri(String);

impl RedirectUri {
    /// Reads one as it is registered.
    pub fn parse(text: &str) -> Result<Self, UriError> {
        let url = parse(text)?;
        if url.has_host() || matches!(url.scheme(), "http" | "https") {
            on_the_web(url)?;
        } else if !url.scheme().contains('.') || !text.is_char_boundary(url.scheme().len()) {
            return Err(UriError::Scheme);
        }
        Ok(Self(text.to_owned()))
    }

    /// As it was registered.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its scheme, host and port, for an address on the web.
    #[must_use]
    pub fn origin(&self) -> Option<String> {
        let origin = Url::parse(&self.0).ok()?.origin();
        origin.is_tuple().then(|| origin.ascii_serialization())
    }

    /// The address with more parameters in its query.
    #[must_use]
    pub fn with(&self, parameters: &[(&str, &str)]) -> String {
        let more = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        let joint = match (self.0.contains('?'), more.is_empty()) {
            (_, true) => "",
            (true, false) if self.0.ends_with(['?', '&']) => "",
            (true, false) => "&",
            (false, false) => "?",
        };
        format!("{}{joint}{more}", self.0)
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RedirectUri {
    type Error = UriError;
    fn try_from(text: String) -> Result<Self, UriError> {
        Self::parse(&text)
    }
}

impl From<RedirectUri> for String {
    fn from(uri: RedirectUri) -> Self {
        uri.0
    }
}

/// A page or endpoint of an app on the web: https, or http on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebUri(Url);

impl WebUri {
    /// Reads one as it is registered.
    pub fn parse(text: &str) -> Result<Self, UriError> {
        on_the_web(parse(text)?).map(Self)
    }

    /// The address.
    #[must_use]
    pub const fn as_url(&self) -> &Url {
        &self.0
    }

    /// The address with more parameters in its query.
    #[must_use]
    pub fn with(&self, parameters: &[(&str, &str)]) -> String {
        let mut url = self.0.clone();
        if !parameters.is_empty() {
            url.query_pairs_mut().extend_pairs(parameters);
        }
        url.into()
    }
}

impl TryFrom<String> for WebUri {
    type Error = UriError;
    fn try_from(text: String) -> Result<Self, UriError> {
        Self::parse(&text)
    }
}

impl From<WebUri> for String {
    fn from(uri: WebUri) -> Self {
        uri.0.into()
    }
}

/// The host on which an app stands behind forward-auth, with its port where it is not the usual one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AppHost(String);

impl AppHost {
    /// Reads `wiki.example.com` or `wiki.localhost:8080`; capitals are folded.
    pub fn parse(text: &str) -> Result<Self, UriError> {
        let text = text.trim().to_ascii_lowercase();
        let plain = !text.is_empty()
            && text.len() <= 253
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b));
        let url = Url::parse(&format!("https://{text}/")).ok().filter(|_| plain).ok_or(UriError::Host)?;
        let host = url.host_str().ok_or(UriError::Host)?;
        // The usual ports are not said; what the parser would write otherwise is not a host as proxies say it.
        let said = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let bare = text.strip_suffix(":443").unwrap_or(&text);
        let host = Self(said);
        if host.0 == bare { Ok(host) } else { Err(UriError::Host) }
    }

    /// Reads the host of an app of ours, who are at `public_url` ourselves: an app stands elsewhere.
    pub fn parse_other(text: &str, public_url: &Url) -> Result<Self, AppError> {
        let host = Self::parse(text).map_err(|why| AppError::address(text, why))?;
        let name = public_url.host_str().unwrap_or_default();
        let port = public_url.port_or_known_default().unwrap_or_default();
        let is_ours = host.0 == format!("{name}:{port}") || host.0 == name && public_url.port().is_none();
        if is_ours { Err(AppError::OwnHost(host.0)) } else { Ok(host) }
    }

    /// The host, with its port where it has one.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether browsers speak https to it: they do, unless it is this machine.
    #[must_use]
    pub fn is_https(&self) -> bool {
        let is_port = |port: &str| port.bytes().all(|b| b.is_ascii_digit());
        let name =
            self.0.rsplit_once(':').filter(|(_, port)| is_port(port)).map_or(&*self.0, |(name, _)| name);
        let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let is_here = address.map_or_else(
            |_no_address| is_loopback(&Host::Domain(name)),
            |address| address.to_canonical().is_loopback(),
        );
        !is_here
    }

    /// `https://HOST`, or `http://HOST` on this machine.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("{}://{}", if self.is_https() { "https" } else { "http" }, self.0)
    }

    /// Where a sign-in on this host ends: its redirect URI.
    #[must_use]
    pub fn redirect_uri(&self) -> RedirectUri {
        RedirectUri(format!("{}/.teamdoor/arrive", self.origin()))
    }
}

impl fmt::Display for AppHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_is_sent_back_over_tls_or_on_this_machine_or_by_its_own_scheme() {
        for good in [
            "https://ledger.example/callback",
            "https://ledger.example/callback?from=sso",
            "http://localhost:3002/callback",
            "http://127.0.0.1:9/",
            "http://[::1]:9/cb",
            "http://wiki.localhost:8080/cb",
            "com.example.ledger:/back",
        ] {
            assert_eq!(RedirectUri::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "/callback",
            "ledger.example/callback",
            "http://ledger.example/callback",
            "http://localhost.evil.example/",
            "https://u@ledger.example/",
            "https://u:p@ledger.example/",
            "https://ledger.example/#x",
            "https://ledger.example/#",
            "https://ledger.example/a b",
            "https://ledger.example/\\evil",
            "https://lédger.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "urn:x",
            "ledger:/back",
            "https:///callback\n",
        ] {
            assert!(RedirectUri::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn an_answer_joins_the_query_that_is_there() {
        let with = |text| RedirectUri::parse(text).unwrap().with(&[("code", "a+b"), ("state", "x&y")]);
        assert_eq!(with("https://a.example/cb"), "https://a.example/cb?code=a%2Bb&state=x%26y");
        assert_eq!(with("https://a.example/cb?x=1"), "https://a.example/cb?x=1&code=a%2Bb&state=x%26y");
        assert_eq!(with("https://a.example/cb?"), "https://a.example/cb?code=a%2Bb&state=x%26y");
        assert_eq!(with("com.example:/cb"), "com.example:/cb?code=a%2Bb&state=x%26y");
    }

    #[test]
    fn a_host_is_a_host_alone() {
        for (said, origin) in [
            ("wiki.example.com", "https://wiki.example.com"),
            ("Wiki.Example.com:443", "https://wiki.example.com"),
            ("wiki.example.com:8443", "https://wiki.example.com:8443"),
            ("wiki.localhost:8080", "http://wiki.localhost:8080"),
            ("127.0.0.1:81", "http://127.0.0.1:81"),
            ("[::1]:81", "http://[::1]:81"),
            ("[::1]", "http://[::1]"),
            ("[2001:db8::1]", "https://[2001:db8::1]"),
            ("127.0.0.1.example.com", "https://127.0.0.1.example.com"),
            ("localhost.example.com:80", "https://localhost.example.com:80"),
        ] {
            assert_eq!(AppHost::parse(said).unwrap().origin(), origin);
        }
        for bad in [
            "",
            "https://wiki.example",
            "a/b",
            "a@b",
            "a b",
            "wiki..",
            "wiki.example:99999",
            "0x7f.1",
            "wiki?x",
        ] {
            assert!(AppHost::parse(bad).is_err() || AppHost::parse(bad).unwrap().as_str() == bad, "{bad:?}");
        }
        assert!(AppHost::parse("0x7f.1").is_err(), "an address in disguise");
    }
}
