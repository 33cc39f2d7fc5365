//! The layers laid over one another, read into types, and checked against each other.

use config::builder::DefaultState;
use config::{Config, ConfigBuilder, ConfigError};

use crate::catalog::{Catalog, defaults};
use crate::layers::{Layer, layers};
use crate::{DatabaseUrl, Origin, Settings, SettingsError, Sources};

impl Settings {
    /// Reads every layer and checks what they say, one by one and together. What a weaker layer says is
    /// checked too when a stronger one overrules it.
    pub fn load(sources: &Sources) -> Result<Self, SettingsError> {
        let layers = layers(sources, &Catalog::built_in())?;
        let mut merged = Config::builder().add_source(defaults());
        let mut settings = Self::read(&merged, &Layer::default())?;
        for layer in &layers {
            merged = merged.add_source(layer.clone());
            settings = Self::read(&merged, layer)?;
        }
        settings.fits_together(&layers)?;
        Ok(settings)
    }

    /// What the layers so far say. Those below `newest` are good, so what is wrong stands there.
    fn read(merged: &ConfigBuilder<DefaultState>, newest: &Layer) -> Result<Self, SettingsError> {
        let merged = merged.build_cloned();
        merged.and_then(Config::try_deserialize).map_err(|error| refusal(error, newest))
    }

    /// What no value can say alone.
    fn fits_together(&self, layers: &[Layer]) -> Result<(), SettingsError> {
        let said = |name: &str| origin(layers, name) != Origin::BuiltIn;
        if !self.server.listen.ip().is_loopback() && !said("server.public_url") {
            let place = origin(layers, "server.listen");
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
            let place = origin(layers, "database.url");
            return Err(SettingsError::Missing {
                key: "secrets.keys".to_owned(),
                reason: format!("a PostgreSQL database has no key file beside it ({place})"),
                remedy: r#"Set TEAMDOOR__SECRETS__KEYS='[{"id":"k1","key":"…"}]' with a key from `openssl rand -base64 32`, the same on every node."#
                    .to_owned(),
            });
        }
        if self.session.idle > self.session.absolute {
            return Err(SettingsError::Wrong {
                origin: origin(layers, "session.idle"),
                key: "session.idle".to_owned(),
                problem: "is longer than session.absolute".to_owned(),
                remedy: "Shorten it, or lengthen session.absolute.".to_owned(),
            });
        }
        Ok(())
    }
}

/// Where the strongest layer that says a setting says it.
fn origin(layers: &[Layer], name: &str) -> Origin {
    let said = layers.iter().rev().find_map(|layer| layer.0.get(name));
    said.map_or(Origin::BuiltIn, |given| given.origin.clone())
}

/// Gives an error of the merge its place, which is in `layer`.
fn refusal(error: ConfigError, layer: &Layer) -> SettingsError {
    if let ConfigError::NotFound(key) = error {
        return SettingsError::Missing {
            key,
            reason: "no layer says it".to_owned(),
            remedy: "Set it in a file or by its variable.".to_owned(),
        };
    }
    let (message, path) = if let ConfigError::At { error, key, .. } = error {
        (error.to_string(), key.unwrap_or_default())
    } else {
        (error.to_string(), String::new())
    };
    // Inside a list the path goes on: `mail.operators[0]`.
    let key: Vec<&str> = path.split(['.', '[']).take(2).collect();
    let key = key.join(".");
    let (problem, remedy) = match message.split_once('\n') {
        Some((problem, remedy)) => (problem.to_owned(), remedy.to_owned()),
        None => (
            format!("cannot be read ({message})"),
            "`teamdoor settings reference` says what it may be.".to_owned(),
        ),
    };
    SettingsError::Wrong { origin: origin(std::slice::from_ref(layer), &key), key, problem, remedy }
}

#[cfg(test)]
mod tests;
