//! The settings as types, one struct for each section. What each means stands in `config/default.toml`.

use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use serde::Deserialize;
use url::Url;
use vocabulary::{Email, TeamId};

use crate::{DatabaseUrl, MailUrl, SecretKey, SecretUrl, fields};

/// All settings, each checked and all fitting together.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// `[stage]`
    pub stage: Stage,
    /// `[session]`
    pub session: Session,
    /// `[provider]`
    pub provider: Provider,
    /// `[tokens]`
    pub tokens: Tokens,
    /// `[limits]`
    pub limits: Limits,
    /// `[log]`
    pub log: Log,
}

/// Where the service listens and how the world reaches it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Where it listens.
    #[serde(deserialize_with = "fields::listen")]
    pub listen: SocketAddr,
    /// `scheme://host[:port]/`; https, or http on loopback.
    #[serde(deserialize_with = "fields::public_url")]
    pub public_url: Url,
    /// Networks of proxies whose forwarded headers are believed.
    #[serde(deserialize_with = "fields::networks")]
    pub trusted_proxies: Vec<IpNet>,
    /// Threads; none is one for each core.
    #[serde(deserialize_with = "fields::workers")]
    pub workers: Option<NonZeroUsize>,
}

/// The vendor's face. Its addresses are https, or http on loopback.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// 1 to 60 characters, none of them control characters.
    #[serde(deserialize_with = "fields::product_name")]
    pub name: String,
    /// A picture.
    #[serde(deserialize_with = "fields::link")]
    pub logo: Option<Url>,
    /// The colour of buttons and links.
    #[serde(deserialize_with = "fields::accent")]
    pub accent: Accent,
    /// Where the name leads.
    #[serde(deserialize_with = "fields::link")]
    pub home_url: Option<Url>,
    /// Where people find help.
    #[serde(deserialize_with = "fields::link")]
    pub support_url: Option<Url>,
    /// The privacy notice.
    #[serde(deserialize_with = "fields::link")]
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
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// The team whose admins are operators.
    #[serde(deserialize_with = "fields::team")]
    pub team: Option<TeamId>,
}

/// Where everything is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// The file or the server.
    #[serde(deserialize_with = "fields::database_url")]
    pub url: DatabaseUrl,
    /// Connections at most.
    #[serde(deserialize_with = "fields::count")]
    pub pool_size: NonZeroU32,
}

/// What seals.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    /// The first one seals, all open. Empty with SQLite alone: then the key file beside it counts.
    #[serde(deserialize_with = "fields::keys")]
    pub keys: Vec<SecretKey>,
}

/// How identity providers are reached.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upstream {
    /// Private networks that are allowed.
    #[serde(deserialize_with = "fields::networks")]
    pub allowed_networks: Vec<IpNet>,
    /// Whether issuers there may be plain http.
    #[serde(deserialize_with = "fields::yes_no")]
    pub allow_http: bool,
    /// A PEM file of further certificate authorities.
    #[serde(deserialize_with = "fields::path")]
    pub ca_file: Option<PathBuf>,
    /// The outbound proxy.
    #[serde(deserialize_with = "fields::proxy")]
    pub proxy: Option<SecretUrl>,
}

/// Letters.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The mail server or folder.
    #[serde(deserialize_with = "fields::mail_url")]
    pub url: MailUrl,
    /// The sender.
    #[serde(deserialize_with = "fields::email")]
    pub from: Email,
    /// Who is told what concerns the operators.
    #[serde(deserialize_with = "fields::emails")]
    pub operators: Vec<Email>,
}

/// The deployment for trying things out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// `scheme://host[:port]/`; our own `server.public_url` when we are the stage.
    #[serde(deserialize_with = "fields::stage_url")]
    pub public_url: Option<Url>,
}

/// How long sessions last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Without a request.
    #[serde(deserialize_with = "fields::duration")]
    pub idle: Duration,
    /// In any case; not less than `idle`.
    #[serde(deserialize_with = "fields::duration")]
    pub absolute: Duration,
    /// How old the sign-in at the identity provider may grow.
    #[serde(deserialize_with = "fields::duration_or_none")]
    pub max_auth_age: Option<Duration>,
}

/// Teamdoor as OpenID Provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// How old signing keys grow.
    #[serde(deserialize_with = "fields::duration_or_none")]
    pub rotate_keys_every: Option<Duration>,
    /// How long an opaque access token lives.
    #[serde(deserialize_with = "fields::duration")]
    pub access_token: Duration,
    /// How long a refresh token lives that is not used.
    #[serde(deserialize_with = "fields::duration")]
    pub refresh_token: Duration,
    /// How long ago somebody may have signed in for apps to go on without them.
    #[serde(deserialize_with = "fields::duration")]
    pub refresh_max_auth_age: Duration,
}

/// The API tokens of teams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokens {
    /// How old the last sign-in of its person may grow while a personal token works.
    #[serde(deserialize_with = "fields::duration")]
    pub personal_max_auth_age: Duration,
}

/// Bounds on what is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// For each minute.
    #[serde(deserialize_with = "fields::limit")]
    pub unknown_teams_per_address: Limit,
    /// For each minute.
    #[serde(deserialize_with = "fields::limit")]
    pub failed_callbacks_per_address_and_team: Limit,
    /// For each hour.
    #[serde(deserialize_with = "fields::limit")]
    pub requests_per_address: Limit,
    /// For each hour.
    #[serde(deserialize_with = "fields::limit")]
    pub lookups_per_address: Limit,
    /// At the same time.
    #[serde(deserialize_with = "fields::limit")]
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
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// How a line looks.
    #[serde(deserialize_with = "fields::log_format")]
    pub format: LogFormat,
    /// Directives of `tracing_subscriber::EnvFilter`.
    #[serde(deserialize_with = "fields::log_filter")]
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
