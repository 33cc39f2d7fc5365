//! Which address a request was for, before a proxy asked about it: `X-Original-URL`, or `X-Forwarded-Proto`, `-Host`
//! and `-Uri`, of a trusted proxy alone.

use std::net::IpAddr;

use actix_web::HttpRequest;
use apps::AppHost;
use vocabulary::ReturnTo;

use crate::app::App;

/// Where a request was going.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// To our own host, or nobody whom we trust said where.
    Here(Option<ReturnTo>),
    /// To this host.
    Elsewhere(AppHost, Option<ReturnTo>),
    /// To something that is no host of an app.
    Nowhere,
}

/// What a trusted proxy said contradicts itself or can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

/// Where the request was going that a proxy asks about, or passes on.
pub(super) fn place(app: &App, request: &HttpRequest) -> Result<Place, Unreadable> {
    if !is_trusted(app, request) {
        return Ok(Place::Here(None));
    }
    let said = Said {
        original: one(request, "x-original-url")?,
        proto: one(request, "x-forwarded-proto")?,
        host: one(request, "x-forwarded-host")?,
        uri: one(request, "x-forwarded-uri")?,
    };
    let url = &app.door.public_url;
    let ours = (url.scheme(), &url[url::Position::BeforeHost..url::Position::AfterPort]);
    said.place(ours)
}

/// Whether the peer itself is a proxy we trust; what other hops say of it does not count.
fn is_trusted(app: &App, request: &HttpRequest) -> bool {
    if app.trusted_proxies.is_empty() {
        return false;
    }
    let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
    peer.is_some_and(|peer: IpAddr| app.trusted_proxies.iter().any(|network| network.contains(&peer)))
}

/// The one value of a header; nothing when it is empty, and an error when it stands there twice.
fn one<'a>(request: &'a HttpRequest, name: &str) -> Result<Option<&'a str>, Unreadable> {
    let mut values = request.headers().get_all(name);
    let (first, second) = (values.next(), values.next());
    if second.is_some() {
        return Err(Unreadable);
    }
    let text = first.map(|value| value.to_str().map_err(|_not_ascii| Unreadable)).transpose()?;
    Ok(text.filter(|text| !text.is_empty()))
}

/// What the headers say, each at most once.
struct Said<'a> {
    original: Option<&'a str>,
    proto: Option<&'a str>,
    host: Option<&'a str>,
    uri: Option<&'a str>,
}

impl Said<'_> {
    /// `ours` is the scheme of our own address, and its host with its port.
    fn place(&self, ours: (&str, &str)) -> Result<Place, Unreadable> {
        let proto = self.proto.map(scheme).transpose()?;
        let (mut host, mut uri) = (self.host.map(|host| (proto, host)), self.uri);
        if let Some(original) = self.original {
            let (scheme, authority, path) = split(original)?;
            let agrees = proto.is_none_or(|proto| proto == scheme)
                && self.host.is_none_or(|host| plain(Some(scheme), host) == plain(Some(scheme), authority))
                && uri.is_none_or(|uri| uri == path);
            if !agrees {
                return Err(Unreadable);
            }
            (host, uri) = (Some((Some(scheme), authority)), Some(path));
        }
        let return_to = uri.and_then(|uri| ReturnTo::parse(uri).ok());
        let Some((scheme, host)) = host else {
            return Ok(Place::Here(return_to));
        };
        if host.bytes().any(|byte| byte.is_ascii_whitespace() || b",/@?#\\".contains(&byte)) {
            return Err(Unreadable);
        }
        let host = plain(scheme, host);
        if host == plain(Some(ours.0), ours.1) {
            return Ok(Place::Here(return_to));
        }
        Ok(AppHost::parse(&host).map_or(Place::Nowhere, |host| Place::Elsewhere(host, return_to)))
    }
}

/// `http` or `https`; proxies call a WebSocket's `ws` and `wss`.
fn scheme(text: &str) -> Result<&'static str, Unreadable> {
    match text {
        "http" | "ws" => Ok("http"),
        "https" | "wss" => Ok("https"),
        _ => Err(Unreadable),
    }
}

/// Scheme, host with port, and path with query, as they are written.
fn split(address: &str) -> Result<(&'static str, &str, &str), Unreadable> {
    let (proto, rest) = address.split_once("://").ok_or(Unreadable)?;
    let end = rest.find(['/', '?', '#']).ok_or(Unreadable)?;
    let (authority, path) = rest.split_at_checked(end).ok_or(Unreadable)?;
    if authority.is_empty() || !path.starts_with('/') {
        return Err(Unreadable);
    }
    Ok((scheme(proto)?, authority, path))
}

/// A host in small letters, without the port that its scheme has anyway.
fn plain(scheme: Option<&str>, host: &str) -> String {
    let usual = match scheme {
        Some("http") => ":80",
        Some(_) | None => ":443",
    };
    host.strip_suffix(usual).unwrap_or(host).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headers: &[(&str, &str)]) -> Result<Place, Unreadable> {
        let get = |name| headers.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        let said = Said { original: get("url"), proto: get("proto"), host: get("host"), uri: get("uri") };
        said.place(("https", "sso.example"))
    }

    fn elsewhere(host: &str, way: Option<&str>) -> Place {
        Place::Elsewhere(AppHost::parse(host).unwrap(), way.map(|way| ReturnTo::parse(way).unwrap()))
    }

    #[test]
    fn both_ways_of_saying_it_are_understood() {
        let wiki = Ok(elsewhere("wiki.example", Some("/page?a=b")));
        assert_eq!(read(&[("url", "https://wiki.example/page?a=b")]), wiki);
        assert_eq!(read(&[("url", "https://WIKI.example:443/page?a=b")]), wiki);
        let three = [("proto", "https"), ("host", "wiki.example"), ("uri", "/page?a=b")];
        assert_eq!(read(&three), wiki);
        let all = [three.as_slice(), &[("url", "https://wiki.example/page?a=b")]].concat();
        assert_eq!(read(&all), wiki);
        assert_eq!(read(&[("host", "wiki.example")]), Ok(elsewhere("wiki.example", None)));
        assert_eq!(read(&[("host", "wiki.example:8443")]), Ok(elsewhere("wiki.example:8443", None)));
        let socket = [("proto", "wss"), ("host", "wiki.example"), ("uri", "/page?a=b")];
        assert_eq!(read(&socket), wiki);
        let plain = [("proto", "http"), ("host", "wiki.localhost:80"), ("uri", "/")];
        assert_eq!(read(&plain), Ok(elsewhere("wiki.localhost", Some("/"))));
    }

    #[test]
    fn our_own_host_is_here() {
        let here = Ok(Place::Here(ReturnTo::parse("/wiki").ok()));
        assert_eq!(read(&[("url", "https://sso.example/wiki")]), here);
        assert_eq!(read(&[("host", "SSO.example:443"), ("uri", "/wiki")]), here);
        assert_eq!(read(&[("uri", "/wiki")]), here);
        assert_eq!(read(&[]), Ok(Place::Here(None)));
        assert_eq!(read(&[("uri", "//evil.example")]), Ok(Place::Here(None)), "a way out is no way back");
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let original = ("url", "https://wiki.example/page");
        for other in [
            ("host", "notes.example"),
            ("host", "wiki.example:8443"),
            ("proto", "http"),
            ("uri", "/page/"),
            ("uri", "/"),
            ("proto", "gopher"),
        ] {
            assert_eq!(read(&[original, other]), Err(Unreadable), "{other:?}");
        }
        for url in [
            "wiki.example/page",
            "/page",
            "https://wiki.example",
            "https:///page",
            "https://wiki.example?page",
            "https://ada@wiki.example/",
            "ftp://wiki.example/",
            "https://wiki.example,notes.example/",
        ] {
            assert_eq!(read(&[("url", url)]), Err(Unreadable), "{url}");
        }
        for host in ["wiki.example, notes.example", "wiki.example/x", "ada@wiki.example", "a b"] {
            assert_eq!(read(&[("host", host)]), Err(Unreadable), "{host}");
        }
        assert_eq!(read(&[("host", "wiki..")]).map(|place| place == Place::Here(None)), Ok(false));
    }
}
