//! The settings as types, one struct for each section. What each means stands in `config/default.toml`.

use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;
use vocabulary::{Email, TeamId};

use crate::{DatabaseUrl, MailUrl, SecretKey, SecretUrl};

/// All settings, each checked and all fitting together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `[server]`
    pub server: Server,
    /// `[product]`
    pub product: Product,
    /// `[operator]`
    pub operator: Operator,
    /// `[database]`
    pub database: Database,
    /// `[secrets]`
    pub secrets: Secrets,
    /// `[upstream]`
    pub upstream: Upstream,
    /// `[mail]`
    pub mail: Mail,
    /// `[session]`
    pub session: Session,
    /// `[limits]`
    pub limits: Limits,
    /// `[log]`
    pub log: Log,
}

/// Where the service listens and how the world reaches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Where it listens.
    pub listen: SocketAddr,
    /// `scheme://host[:port]/`; https, or http on loopback.
    pub public_url: Url,
    /// Networks of proxies whose forwarded headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Threads; none is one for each core.
    pub workers: Option<NonZeroUsize>,
}

/// The vendor's face. Its addresses are https, or http on loopback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// 1 to 60 characters, none of them control characters.
    pub name: String,
    /// A picture.
    pub logo: Option<Url>,
    /// The colour of buttons and links.
    pub accent: Accent,
    /// Where the name leads.
    pub home_url: Option<Url>,
    /// Where people find help.
    pub support_url: Option<Url>,
    /// The privacy notice.
    pub privacy_url: Option<Url>,
}

/// A colour, `#rrggbb` in lowercase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accent(pub(crate) String);

impl Accent {
    /// `#rrggbb`
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Who runs the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// The team whose admins are operators.
    pub team: Option<TeamId>,
}

/// Where everything is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database {
    /// The file or the server.
    pub url: DatabaseUrl,
    /// Connections at most.
    pub pool_size: NonZeroU32,
}

/// What seals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secrets {
    /// The first one seals, all open. Empty with SQLite alone: then the key file beside it counts.
    pub keys: Vec<SecretKey>,
}

/// How identity providers are reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upstream {
    /// Private networks that are allowed.
    pub allowed_networks: Vec<IpNet>,
    /// Whether issuers there may be plain http.
    pub allow_http: bool,
    /// A PEM file of further certificate authorities.
    pub ca_file: Option<PathBuf>,
    /// The outbound proxy.
    pub proxy: Option<SecretUrl>,
}

/// Letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The mail server or folder.
    pub url: MailUrl,
    /// The sender.
    pub from: Email,
    /// Who is told what concerns the operators.
    pub operators: Vec<Email>,
}

/// How long sessions last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Without a request.
    pub idle: Duration,
    /// In any case; not less than `idle`.
    pub absolute: Duration,
}

/// Bounds on what is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For each minute.
    pub unknown_teams_per_address: Limit,
    /// For each minute.
    pub failed_callbacks_per_address_and_team: Limit,
    /// At the same time.
    pub exchanges_in_flight_per_connection: Limit,
}

/// A bound, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// `"off"`
    Off,
    /// So many are let through.
    At(NonZeroU32),
}

/// The log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// How a line looks.
    pub format: LogFormat,
    /// Directives of `tracing_subscriber::EnvFilter`.
    pub filter: String,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}
