//! The readers in serde's shape, one for each kind of field in the sections.

use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer};
use toml::Value;
use url::Url;
use vocabulary::{Email, TeamId};

use crate::parse::{self, Read, list, optional, secret};
use crate::{Accent, DatabaseUrl, Limit, LogFormat, MailUrl, SecretKey, SecretUrl};

fn read<'de, D: Deserializer<'de>, T>(said: D, reader: impl Fn(&Value) -> Read<T>) -> Result<T, D::Error> {
    reader(&Value::deserialize(said)?).map_err(D::Error::custom)
}

macro_rules! fields {
    ($($name:ident: $type:ty = $reader:expr;)*) => {$(
        pub(crate) fn $name<'de, D: Deserializer<'de>>(said: D) -> Result<$type, D::Error> {
            read(said, $reader)
        }
    )*};
}

fields! {
    accent: Accent = parse::accent;
    count: NonZeroU32 = parse::count;
    database_url: DatabaseUrl = secret::database_url;
    duration: Duration = parse::duration;
    duration_or_none: Option<Duration> = |value| optional(value, parse::duration);
    email: Email = parse::email;
    emails: Vec<Email> = |value| list(value, parse::email);
    keys: Vec<SecretKey> = secret::keys;
    limit: Limit = parse::limit;
    link: Option<Url> = |value| optional(value, parse::link);
    listen: SocketAddr = parse::listen;
    log_filter: String = parse::log_filter;
    log_format: LogFormat = parse::log_format;
    mail_url: MailUrl = secret::mail_url;
    networks: Vec<IpNet> = |value| list(value, parse::network);
    path: Option<PathBuf> = |value| optional(value, parse::path);
    product_name: String = parse::product_name;
    proxy: Option<SecretUrl> = |value| optional(value, secret::proxy);
    public_url: Url = parse::public_url;
    stage_url: Option<Url> = |value| optional(value, parse::public_url);
    team: Option<TeamId> = |value| optional(value, parse::team);
    workers: Option<NonZeroUsize> = parse::workers;
    yes_no: bool = parse::yes_no;
}
