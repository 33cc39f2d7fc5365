//! What the operator decides about speaking to identity providers.

use std::time::Duration;

use ipnet::IpNet;
use url::Url;

/// How this room behaves. The default speaks https to public addresses only.
#[derive(Clone, Debug)]
pub struct Options {
    /// Networks that are not public and yet may be spoken to.
    pub allowed_networks: Vec<IpNet>,
    /// Whether `http` is spoken with `localhost` and address literals inside an allowed network.
    pub allow_http: bool,
    /// Certificates of authorities to trust beside the system's, as PEM.
    pub ca_pem: Option<Vec<u8>>,
    /// A proxy for everything; the environment's is never taken. It resolves names itself: what a name may
    /// lead to is then the proxy's to guard, while address literals are vetted here as always.
    pub proxy: Option<Url>,
    /// How many code exchanges of one connection may be under way at once; `None` is no limit.
    pub exchanges_in_flight_per_connection: Option<usize>,
    /// How long anything may take.
    pub timeouts: Timeouts,
}

/// How long anything may take.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// To reach a server, TLS included.
    pub connect: Duration,
    /// For one answer as a whole, and for one exchange as a whole.
    pub total: Duration,
    /// How long an exchange waits for its turn when too many are under way.
    pub turn: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), total: Duration::from_secs(10), turn: Duration::from_secs(2) }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            allowed_networks: Vec::new(),
            allow_http: false,
            ca_pem: None,
            proxy: None,
            exchanges_in_flight_per_connection: Some(16),
            timeouts: Timeouts::default(),
        }
    }
}

/// Why the options cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OptionsError {
    /// The certificates do not read.
    #[error("The file of certificate authorities is not PEM with at least one certificate.")]
    Authorities,
    /// The proxy is not one.
    #[error("The proxy must be an http:// or https:// address.")]
    Proxy,
    /// TLS cannot start, usually because the system has no certificate authorities.
    #[error(
        "TLS to identity providers cannot start. Install the system's certificate authorities (package ca-certificates) or name a file of your own."
    )]
    Tls(#[source] reqwest::Error),
}
