//! Issuer identifiers (OpenID Connect Discovery 1.0 §3): kept byte for byte, compared byte for byte.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// An issuer identifier such as `https://acme.okta.com`: an address without user info, query or fragment.
/// `http` only with `localhost` or an address literal; whether that is allowed at all is the operator's setting.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Issuer(String);

/// Why a text is not an issuer, each with its remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssuerError {
    /// No web address at all.
    #[error("The issuer is a web address such as https://acme.okta.com.")]
    NotAnAddress,
    /// Another scheme than https.
    #[error("The issuer must begin with https://.")]
    NotHttps,
    /// `user:password@` before the host.
    #[error("The issuer must not contain a user name or password.")]
    UserInfo,
    /// `?…` or `#…` behind the path.
    #[error("The issuer must not contain ? or #; paste only the part before it.")]
    QueryOrFragment,
    /// Okta's administration host.
    #[error("That is Okta's administration address. Use {proposed} instead.")]
    AdminHost {
        /// The address that was probably meant.
        proposed: String,
    },
}

impl Issuer {
    /// Reads an issuer exactly as written.
    pub fn parse(text: &str) -> Result<Self, IssuerError> {
        let plain =
            text.len() <= 512 && !text.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\');
        if !plain {
            return Err(IssuerError::NotAnAddress);
        }
        let address = Url::parse(text).map_err(|_not_an_address| IssuerError::NotAnAddress)?;
        let local = match address.host() {
            None => return Err(IssuerError::NotAnAddress),
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        };
        if address.scheme() != "https" && !(address.scheme() == "http" && local) {
            return Err(IssuerError::NotHttps);
        }
        if !address.username().is_empty() || address.password().is_some() || text.contains('@') {
            return Err(IssuerError::UserInfo);
        }
        if address.query().is_some() || address.fragment().is_some() {
            return Err(IssuerError::QueryOrFragment);
        }
        match proposed_host(&address) {
            Some(proposed) => Err(IssuerError::AdminHost { proposed }),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// Reads what a person typed: blanks around it are dropped, a bare domain gets `https://`.
    pub fn parse_typed(text: &str) -> Result<Self, IssuerError> {
        let typed = text.trim();
        if typed.contains("://") || typed.is_empty() {
            Self::parse(typed)
        } else {
            Self::parse(&format!("https://{typed}"))
        }
    }

    /// The issuer as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where its metadata stands (Discovery §4): one trailing slash removed, then the well-known path.
    #[must_use]
    pub fn metadata_address(&self) -> String {
        format!("{}/.well-known/openid-configuration", self.0.strip_suffix('/').unwrap_or(&self.0))
    }

    /// Whether it is spoken to without TLS.
    #[must_use]
    pub fn is_plain_http(&self) -> bool {
        self.0.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http:"))
    }

    /// The first label of its host, `acme` of `https://acme.okta.com`: what Team IDs usually begin with.
    #[must_use]
    pub fn subdomain(&self) -> Option<String> {
        let address = Url::parse(&self.0).ok()?;
        address.domain()?.split('.').next().map(str::to_owned)
    }

    /// Whether many organisations share it, so that it says nothing about whose person signs in.
    ///
    /// Google's, and Entra's addresses for everybody at whatever host: each national cloud has its own.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        let issuer = self.0.strip_suffix('/').unwrap_or(&self.0);
        let Some((_, (host, path))) =
            issuer.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.split_once('/')?)))
        else {
            return issuer.eq_ignore_ascii_case("https://accounts.google.com");
        };
        // The last is the tenant of all personal accounts, by its number.
        let everybody =
            ["common", "organizations", "consumers", "{tenantid}", "9188040d-6c67-4c5b-b112-36a304b66dad"];
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        everybody.contains(&first) && (["", "v2.0"].contains(&rest) || host == "login.microsoftonline.com")
    }
}

/// `https://acme-admin.okta.com` is where Okta's administrators work; the issuer has no `-admin`.
fn proposed_host(address: &Url) -> Option<String> {
    let (first, rest) = address.domain()?.split_once('.')?;
    let known = ["okta.com", "oktapreview.com", "okta-emea.com", "okta-gov.com"].contains(&rest);
    let subdomain = first.strip_suffix("-admin").filter(|_| known)?;
    Some(format!("https://{subdomain}.{rest}"))
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Issuer {
    type Error = IssuerError;
    fn try_from(text: String) -> Result<Self, IssuerError> {
        Self::parse(&text)
    }
}

impl From<Issuer> for String {
    fn from(issuer: Issuer) -> Self {
        issuer.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_issuer_is_kept_byte_for_byte() {
        for good in [
            "https://acme.okta.com",
            "https://acme.okta.com/",
            "https://acme.okta.com/oauth2/default",
            "http://localhost:3001/acme",
            "http://127.0.0.1:9",
            "https://[2001:db8::1]/x",
        ] {
            assert_eq!(Issuer::parse(good).unwrap().as_str(), good);
        }
        assert_eq!(Issuer::parse_typed(" acme.okta.com ").unwrap().as_str(), "https://acme.okta.com");
        let slash = Issuer::parse("https://acme.okta.com/").unwrap();
        assert_eq!(slash.metadata_address(), "https://acme.okta.com/.well-known/openid-configuration");
    }

    #[test]
    fn each_wrong_issuer_has_its_own_remedy() {
        let error = |text| Issuer::parse_typed(text).unwrap_err();
        assert_eq!(error(""), IssuerError::NotAnAddress);
        assert_eq!(error("http://acme.okta.com"), IssuerError::NotHttps);
        assert_eq!(error("ftp://acme.okta.com"), IssuerError::NotHttps);
        assert_eq!(error("https://u:p@acme.okta.com"), IssuerError::UserInfo);
        assert_eq!(error("https://@acme.okta.com"), IssuerError::UserInfo);
        assert_eq!(error("https://acme.okta.com?x"), IssuerError::QueryOrFragment);
        assert_eq!(error("https://acme.okta.com#"), IssuerError::QueryOrFragment);
        assert_eq!(error("https://acme .okta.com"), IssuerError::NotAnAddress);
        let proposed = "https://acme.okta.com".to_owned();
        assert_eq!(error("https://acme-admin.okta.com/admin/dashboard"), IssuerError::AdminHost { proposed });
    }

    #[test]
    fn issuers_shared_by_many_are_known() {
        for shared in [
            "https://accounts.google.com",
            "https://login.microsoftonline.com/common/v2.0",
            "https://login.microsoftonline.com/organizations/v2.0",
            "https://login.microsoftonline.com/consumers/v2.0",
            "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
        ] {
            assert!(Issuer::parse(shared).unwrap().is_shared(), "{shared}");
        }
        for shared in [
            "https://accounts.google.com/",
            "https://login.microsoftonline.us/organizations/v2.0",
            "https://login.partner.microsoftonline.cn/common/v2.0/",
            "https://sts.windows.net/common",
            "http://localhost:3001/organizations/v2.0",
        ] {
            assert!(Issuer::parse(shared).unwrap().is_shared(), "{shared}");
        }
        for own in [
            "https://login.microsoftonline.com/7f9c/v2.0",
            "https://acme.okta.com",
            "https://acme.okta.com/oauth2/common",
            "https://id.acme.com/realms/organizations",
            "https://id.acme.com/common/staff",
            "https://common.acme.com/v2.0",
        ] {
            assert!(!Issuer::parse(own).unwrap().is_shared(), "{own}");
        }
    }

    proptest! {
        #[test]
        fn no_accepted_issuer_hides_anything(text in "(https?://)?[a-z0-9@:/?#\\\\. %\\[\\]-]{0,60}") {
            if let Ok(issuer) = Issuer::parse_typed(&text) {
                let address = Url::parse(issuer.as_str()).unwrap();
                prop_assert!(address.username().is_empty() && address.password().is_none());
                prop_assert!(address.query().is_none() && address.fragment().is_none());
                prop_assert!(address.host().is_some());
            }
        }
    }
}
