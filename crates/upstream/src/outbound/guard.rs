//! The guard of every outbound connection: vets addresses as text when they are read, and the IP addresses
//! behind a name at each connect, so that a name cannot change its mind in between.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::networks::{canonical, is_public};
use crate::options::Options;
use crate::trouble::{Remark, Trouble};

/// The rule that an address breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForbiddenAddress {
    /// No address at all.
    #[error("not a web address")]
    NotAnAddress,
    /// Not https, and not one of the few that may go without.
    #[error("must begin with https://")]
    NotHttps,
    /// `user:password@`.
    #[error("must not contain a user name or password")]
    UserInfo,
    /// `#…`.
    #[error("must not contain a fragment")]
    Fragment,
    /// It leads into a network that is not public and not allowed.
    #[error("leads into a network that is not public")]
    Network,
}

/// An address that passed the guard. Only these are ever asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Vetted(Url);

impl Vetted {
    pub(crate) fn url(&self) -> &Url {
        &self.0
    }
}

/// Decides where we may connect to.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    rules: Arc<Rules>,
}

#[derive(Debug)]
struct Rules {
    allowed_networks: Vec<IpNet>,
    allow_http: bool,
    proxy_host: Option<String>,
}

impl Guard {
    pub(crate) fn new(options: &Options) -> Self {
        let proxy_host = options.proxy.as_ref().and_then(Url::host_str).map(str::to_owned);
        Self {
            rules: Arc::new(Rules {
                allowed_networks: options.allowed_networks.clone(),
                allow_http: options.allow_http,
                proxy_host,
            }),
        }
    }

    /// Vets an address as it stands in settings or metadata. Names are vetted again when they are resolved;
    /// address literals never reach a resolver and are decided here.
    pub(crate) fn vet(&self, address: &str) -> Result<Vetted, Trouble> {
        self.judge(address).map_err(|why| Trouble::Forbidden { address: Remark::new(address), why })
    }

    fn judge(&self, address: &str) -> Result<Vetted, ForbiddenAddress> {
        let plain = address.len() <= 2048
            && !address.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\');
        if !plain {
            return Err(ForbiddenAddress::NotAnAddress);
        }
        let url = Url::parse(address).map_err(|_not_a_url| ForbiddenAddress::NotAnAddress)?;
        let literal = match url.host() {
            Some(Host::Ipv4(v4)) => Some(IpAddr::V4(v4)),
            Some(Host::Ipv6(v6)) => Some(IpAddr::V6(v6)),
            Some(Host::Domain(_)) => None,
            None => return Err(ForbiddenAddress::NotAnAddress),
        };
        if !self.may_speak(&url, literal) {
            return Err(ForbiddenAddress::NotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ForbiddenAddress::UserInfo);
        }
        if url.fragment().is_some() {
            return Err(ForbiddenAddress::Fragment);
        }
        if literal.is_some_and(|ip| !self.admits(ip)) {
            return Err(ForbiddenAddress::Network);
        }
        Ok(Vetted(url))
    }

    /// https always; http where the operator allows it, with `localhost` (vetted when resolved) or a literal
    /// inside an allowed network.
    fn may_speak(&self, url: &Url, literal: Option<IpAddr>) -> bool {
        let local = literal.map_or(url.host_str() == Some("localhost"), |ip| self.is_allowed(ip));
        url.scheme() == "https" || (url.scheme() == "http" && self.rules.allow_http && local)
    }

    fn is_allowed(&self, ip: IpAddr) -> bool {
        let reached = canonical(ip);
        self.rules.allowed_networks.iter().any(|network| network.contains(&reached))
    }

    fn admits(&self, ip: IpAddr) -> bool {
        is_public(ip) || self.is_allowed(ip)
    }

    /// Of the addresses behind a name, those we may connect to; the others are never tried.
    fn filter(&self, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Refused> {
        if found.is_empty() {
            return Err(Box::new(io::Error::new(io::ErrorKind::NotFound, "the name has no address")));
        }
        let admitted: Vec<_> = found.into_iter().filter(|address| self.admits(address.ip())).collect();
        if admitted.is_empty() {
            return Err(Box::new(ForbiddenAddress::Network));
        }
        Ok(admitted)
    }
}

type Refused = Box<dyn std::error::Error + Send + Sync>;

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // With a proxy, its own name is the only one we resolve.
            let is_proxy = guard.rules.proxy_host.as_deref() == Some(name.as_str());
            let admitted = if is_proxy { found } else { guard.filter(found)? };
            let addresses: Addrs = Box::new(admitted.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn guard(networks: &[&str], allow_http: bool) -> Guard {
        Guard::new(&Options {
            allowed_networks: networks.iter().map(|network| network.parse().unwrap()).collect(),
            allow_http,
            ..Options::default()
        })
    }

    #[test]
    fn only_https_to_public_hosts_passes_by_default() {
        let guard = guard(&[], false);
        for good in
            ["https://acme.okta.com", "https://8.8.8.8/x", "https://acme.okta.com/a?b=c", "https://localhost"]
        {
            assert!(guard.judge(good).is_ok(), "{good}");
        }
        let table = [
            ("", ForbiddenAddress::NotAnAddress),
            ("acme.okta.com", ForbiddenAddress::NotAnAddress),
            ("https://acme .okta.com", ForbiddenAddress::NotAnAddress),
            ("https:\\\\acme.okta.com", ForbiddenAddress::NotAnAddress),
            ("file:///etc/passwd", ForbiddenAddress::NotAnAddress),
            ("http://acme.okta.com", ForbiddenAddress::NotHttps),
            ("http://localhost", ForbiddenAddress::NotHttps),
            ("gopher://acme.okta.com", ForbiddenAddress::NotHttps),
            ("https://u:p@acme.okta.com", ForbiddenAddress::UserInfo),
            ("https://acme.okta.com/#x", ForbiddenAddress::Fragment),
            ("https://127.0.0.1", ForbiddenAddress::Network),
            ("https://127.1", ForbiddenAddress::Network),
            ("https://2130706433", ForbiddenAddress::Network),
            ("https://0x7f.0.0.1", ForbiddenAddress::Network),
            ("https://0177.0.0.1", ForbiddenAddress::Network),
            ("https://[::1]", ForbiddenAddress::Network),
            ("https://[::ffff:169.254.169.254]", ForbiddenAddress::Network),
            ("https://[64:ff9b::7f00:1]", ForbiddenAddress::Network),
            ("https://１２７.0.0.1", ForbiddenAddress::Network),
        ];
        for (bad, why) in table {
            assert_eq!(guard.judge(bad).unwrap_err(), why, "{bad}");
        }
    }

    #[test]
    fn http_needs_both_the_setting_and_the_network() {
        let allowed = guard(&["127.0.0.0/8"], true);
        assert!(allowed.judge("http://127.0.0.1:3001/acme").is_ok());
        assert!(allowed.judge("http://localhost:3001/acme").is_ok());
        assert!(allowed.judge("https://127.0.0.1").is_ok());
        assert!(allowed.judge("https://[::ffff:127.0.0.1]").is_ok());
        assert_eq!(allowed.judge("http://10.0.0.1").unwrap_err(), ForbiddenAddress::NotHttps);
        assert_eq!(allowed.judge("http://8.8.8.8").unwrap_err(), ForbiddenAddress::NotHttps);
        assert_eq!(allowed.judge("http://idp.test").unwrap_err(), ForbiddenAddress::NotHttps);
        let no_http = guard(&["127.0.0.0/8"], false);
        assert_eq!(no_http.judge("http://127.0.0.1").unwrap_err(), ForbiddenAddress::NotHttps);
    }

    #[test]
    fn of_several_addresses_only_the_admitted_are_tried() {
        let both: Vec<SocketAddr> = vec!["127.0.0.1:0".parse().unwrap(), "[::1]:0".parse().unwrap()];
        let admitted = guard(&["127.0.0.0/8"], false).filter(both.clone()).unwrap();
        assert_eq!(admitted, vec!["127.0.0.1:0".parse::<SocketAddr>().unwrap()]);
        let refused = guard(&[], false).filter(both).unwrap_err();
        assert_eq!(refused.downcast_ref(), Some(&ForbiddenAddress::Network));
    }

    proptest! {
        #[test]
        fn no_accepted_address_hides_anything(text in "(https?://)?[a-z0-9@:/?#\\\\. %\\[\\]-]{0,60}") {
            if let Ok(Vetted(url)) = guard(&[], true).judge(&text) {
                prop_assert_eq!(url.scheme(), "https");
                prop_assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none());
                match url.host() {
                    Some(Host::Ipv4(ip)) => prop_assert!(is_public(IpAddr::V4(ip))),
                    Some(Host::Ipv6(ip)) => prop_assert!(is_public(IpAddr::V6(ip))),
                    Some(Host::Domain(name)) => prop_assert!(!name.is_empty()),
                    None => prop_assert!(false, "no host"),
                }
            }
        }
    }
}
