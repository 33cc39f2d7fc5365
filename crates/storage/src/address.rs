//! Where the database is: `sqlite://data/teamdoor.db` or `postgres://user@host/name`.

use std::fmt;
use std::path::PathBuf;

use url::Url;

/// The address of a database. `Debug` and `Display` leave out a password.
#[derive(Clone, PartialEq, Eq)]
pub enum Address {
    /// A file of the embedded database.
    Sqlite(PathBuf),
    /// A PostgreSQL address for libpq, with our time limits in it.
    Postgres(String),
}

/// Why a text is no address of a database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Neither of the two.
    #[error("database.url is sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME")]
    Unknown,
    /// `sqlite://` without a file behind it.
    #[error(
        "database.url names no file: write sqlite://data/teamdoor.db, or sqlite:///var/lib/teamdoor/teamdoor.db"
    )]
    NoFile,
    /// TLS is asked for and this build has none.
    #[error(
        "sslmode={0} needs a build with the feature `postgres-tls` (cargo build --features postgres-tls)"
    )]
    NoTls(String),
}

/// What libpq is told when the address does not say it itself: a server that hangs holds nothing for ever.
/// A server that is gone while an answer is waited for is noticed by what keeps the connection alive.
const LIMITS: [(&str, &str); 7] = [
    ("connect_timeout", "2"),
    ("tcp_user_timeout", "5000"),
    ("keepalives_idle", "2"),
    ("keepalives_interval", "1"),
    ("keepalives_count", "3"),
    ("application_name", "teamdoor"),
    (
        "options",
        "-c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=15000",
    ),
];

impl Address {
    /// Reads a `database.url`.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        if let Some(path) = text.strip_prefix("sqlite://") {
            return if path.is_empty() {
                Err(AddressError::NoFile)
            } else {
                Ok(Self::Sqlite(PathBuf::from(path)))
            };
        }
        let mut url = Url::parse(text).map_err(|_not_an_address| AddressError::Unknown)?;
        if !["postgres", "postgresql"].contains(&url.scheme()) {
            return Err(AddressError::Unknown);
        }
        let said: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let mode = said.iter().find(|(key, _)| key == "sslmode").map(|(_, mode)| mode.as_str());
        if let Some(mode @ ("require" | "verify-ca" | "verify-full")) = mode
            && !cfg!(feature = "postgres-tls")
        {
            return Err(AddressError::NoTls(mode.to_owned()));
        }
        let limits = LIMITS.iter().filter(|(key, _)| !said.iter().any(|(known, _)| known == key));
        let pairs = said.iter().map(|(key, value)| (key.as_str(), value.as_str())).chain(limits.copied());
        // libpq reads %20 and takes a plus sign for itself, so the usual form encoding will not do.
        let query: Vec<String> = pairs.map(|(key, value)| format!("{key}={}", encoded(value))).collect();
        url.set_query(Some(&query.join("&")));
        Ok(Self::Postgres(url.to_string()))
    }

    /// Whether it is the embedded database.
    #[must_use]
    pub const fn is_embedded(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}

fn encoded(value: &str) -> impl fmt::Display {
    percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC)
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(url) => {
                let shown = Url::parse(url).ok().and_then(|mut url| {
                    url.set_password(None).ok()?;
                    url.set_query(None);
                    Some(url.to_string())
                });
                f.write_str(&shown.unwrap_or_else(|| "postgres://…".to_owned()))
            }
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_hide_their_password() {
        assert_eq!(Address::parse("sqlite://data/x.db"), Ok(Address::Sqlite("data/x.db".into())));
        assert_eq!(Address::parse("sqlite:///x.db"), Ok(Address::Sqlite("/x.db".into())));
        let address = Address::parse("postgres://td:hush@localhost/td?connect_timeout=9").unwrap();
        assert_eq!(format!("{address:?}"), "Address(postgres://td@localhost/td)");
        let Address::Postgres(url) = address else { panic!("not PostgreSQL") };
        assert!(url.contains("connect_timeout=9&tcp_user_timeout=5000"), "{url}");
        assert!(url.contains("%20statement%5Ftimeout%3D5000"), "{url}");
    }

    #[test]
    fn what_is_no_address_says_so() {
        assert_eq!(Address::parse("sqlite://"), Err(AddressError::NoFile));
        for unknown in ["", "teamdoor.db", "mysql://x/y", "postgres"] {
            assert_eq!(Address::parse(unknown), Err(AddressError::Unknown), "{unknown}");
        }
    }

    #[cfg(not(feature = "postgres-tls"))]
    #[test]
    fn tls_without_the_feature_names_the_feature() {
        for mode in ["require", "verify-ca", "verify-full"] {
            let error = Address::parse(&format!("postgres://h/d?sslmode={mode}")).unwrap_err();
            assert!(error.to_string().contains("postgres-tls"));
        }
        assert!(Address::parse("postgres://h/d?sslmode=prefer").is_ok());
    }
}
