//! The layers laid over one another, read into types, and checked against each other.

use toml::Value;

use crate::catalog::Catalog;
use crate::layers::{Layer, layers};
use crate::parse::{self, Read, list, optional, secret};
use crate::sections::{
    Database, Limits, Log, Mail, Operator, Product, Secrets, Server, Session, Settings, Upstream,
};
use crate::{DatabaseUrl, Origin, SettingsError, Sources};

impl Settings {
    /// Reads every layer and checks what they say, one by one and together. What a weaker layer says is
    /// checked too when a stronger one overrules it.
    pub fn load(sources: &Sources) -> Result<Self, SettingsError> {
        let mut merged = Layer::new();
        let mut layers = layers(sources, &Catalog::built_in())?.into_iter();
        merged.extend(layers.next().unwrap_or_default());
        let mut settings = Self::read(&merged)?;
        for layer in layers {
            merged.extend(layer);
            settings = Self::read(&merged)?;
        }
        settings.fits_together(&merged)?;
        Ok(settings)
    }

    fn read(values: &Layer) -> Result<Self, SettingsError> {
        Ok(Self {
            server: Server::read(values)?,
            product: Product::read(values)?,
            operator: Operator {
                team: read(values, "operator.team", |v| optional(v, parse::team))?,
            },
            database: Database {
                url: read(values, "database.url", secret::database_url)?,
                pool_size: read(values, "database.pool_size", parse::count)?,
            },
            secrets: Secrets {
                keys: read(values, "secrets.keys", secret::keys)?,
            },
            upstream: Upstream::read(values)?,
            mail: Mail {
                url: read(values, "mail.url", secret::mail_url)?,
                from: read(values, "mail.from", parse::email)?,
                operators: read(values, "mail.operators", |v| list(v, parse::email))?,
            },
            session: Session {
                idle: read(values, "session.idle", parse::duration)?,
                absolute: read(values, "session.absolute", parse::duration)?,
            },
            limits: Limits::read(values)?,
            log: Log {
                format: read(values, "log.format", parse::log_format)?,
                filter: read(values, "log.filter", parse::log_filter)?,
            },
        })
    }

    /// What no value can say alone.
    fn fits_together(&self, values: &Layer) -> Result<(), SettingsError> {
        let said = |name: &str| origin(values, name) != Origin::BuiltIn;
        if !self.server.listen.ip().is_loopback() && !said("server.public_url") {
            let place = origin(values, "server.listen");
            return Err(SettingsError::Missing {
                key: "server.public_url".to_owned(),
                reason: format!("the service listens on {} ({place})", self.server.listen),
                remedy: "Say the address that people use, for example \
                         TEAMDOOR__SERVER__PUBLIC_URL=https://login.example.com."
                    .to_owned(),
            });
        }
        let on_a_server = matches!(self.database.url, DatabaseUrl::Postgres(_));
        if on_a_server && self.secrets.keys.is_empty() {
            let place = origin(values, "database.url");
            return Err(SettingsError::Missing {
                key: "secrets.keys".to_owned(),
                reason: format!("a PostgreSQL database has no key file beside it ({place})"),
                remedy: r#"Set TEAMDOOR__SECRETS__KEYS='[{"id":"k1","key":"…"}]' with a key from `openssl rand -base64 32`, the same on every node."#
                    .to_owned(),
            });
        }
        if self.session.idle > self.session.absolute {
            return Err(SettingsError::Wrong {
                origin: origin(values, "session.idle"),
                key: "session.idle".to_owned(),
                problem: "is longer than session.absolute".to_owned(),
                remedy: "Shorten it, or lengthen session.absolute.".to_owned(),
            });
        }
        Ok(())
    }
}

impl Server {
    fn read(values: &Layer) -> Result<Self, SettingsError> {
        Ok(Self {
            listen: read(values, "server.listen", parse::listen)?,
            public_url: read(values, "server.public_url", parse::public_url)?,
            trusted_proxies: read(values, "server.trusted_proxies", |v| list(v, parse::network))?,
            workers: read(values, "server.workers", parse::workers)?,
        })
    }
}

impl Product {
    fn read(values: &Layer) -> Result<Self, SettingsError> {
        let link = |name| read(values, name, |v| optional(v, parse::link));
        Ok(Self {
            name: read(values, "product.name", parse::product_name)?,
            logo: link("product.logo")?,
            accent: read(values, "product.accent", parse::accent)?,
            home_url: link("product.home_url")?,
            support_url: link("product.support_url")?,
            privacy_url: link("product.privacy_url")?,
        })
    }
}

impl Upstream {
    fn read(values: &Layer) -> Result<Self, SettingsError> {
        Ok(Self {
            allowed_networks: read(values, "upstream.allowed_networks", |v| list(v, parse::network))?,
            allow_http: read(values, "upstream.allow_http", parse::yes_no)?,
            ca_file: read(values, "upstream.ca_file", |v| optional(v, parse::path))?,
            proxy: read(values, "upstream.proxy", |v| optional(v, secret::proxy))?,
        })
    }
}

impl Limits {
    fn read(values: &Layer) -> Result<Self, SettingsError> {
        let limit = |name| read(values, name, parse::limit);
        Ok(Self {
            unknown_teams_per_address: limit("limits.unknown_teams_per_address")?,
            failed_callbacks_per_address_and_team: limit("limits.failed_callbacks_per_address_and_team")?,
            exchanges_in_flight_per_connection: limit("limits.exchanges_in_flight_per_connection")?,
        })
    }
}

fn origin(values: &Layer, name: &str) -> Origin {
    values
        .get(name)
        .map_or(Origin::BuiltIn, |given| given.origin.clone())
}

/// Reads one setting, and says where and how when it is wrong.
fn read<T>(values: &Layer, name: &str, parse: impl Fn(&Value) -> Read<T>) -> Result<T, SettingsError> {
    let given = values.get(name).ok_or_else(|| SettingsError::Missing {
        key: name.to_owned(),
        reason: "no layer says it".to_owned(),
        remedy: "Set it in a file or by its variable.".to_owned(),
    })?;
    parse(&given.value).map_err(|wrong| SettingsError::Wrong {
        origin: given.origin.clone(),
        key: name.to_owned(),
        problem: wrong.problem,
        remedy: wrong.remedy.to_owned(),
    })
}

#[cfg(test)]
mod tests;
