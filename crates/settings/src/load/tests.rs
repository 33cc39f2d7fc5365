//! The layers in their order.

use std::path::Path;
use std::time::Duration;

use super::*;
use crate::catalog::DEFAULTS;
use crate::layers::file_layer;
use crate::{Limit, LogFormat};

mod refusals;

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// Settings of a folder with these files, the last one named by `--config`, and these variables.
fn load_in(
    folder: &Path,
    default: Option<&str>,
    config: Option<&str>,
    environment: &[(&str, &str)],
) -> Result<Settings, SettingsError> {
    if let Some(text) = default {
        std::fs::create_dir_all(folder.join("config")).unwrap();
        std::fs::write(folder.join("config/default.toml"), text).unwrap();
    }
    if let Some(text) = config {
        std::fs::write(folder.join("own.toml"), text).unwrap();
    }
    Settings::load(&Sources {
        config_file: config.map(|_| "own.toml".into()),
        environment: environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        working_folder: folder.to_owned(),
    })
}

fn load(
    default: Option<&str>,
    config: Option<&str>,
    environment: &[(&str, &str)],
) -> Result<Settings, SettingsError> {
    load_in(tempfile::tempdir().unwrap().path(), default, config, environment)
}

fn by_file(text: &str) -> Result<Settings, SettingsError> {
    load(None, Some(text), &[])
}

fn by_variable(name: &str, value: &str) -> Result<Settings, SettingsError> {
    load(None, None, &[(name, value)])
}

#[test]
fn it_starts_in_any_folder_without_any_file() {
    let settings = load(None, None, &[("HOME", "/root"), ("TEAMDOOR_OTHER", "x")]).unwrap();
    assert_eq!(settings.server.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(settings.server.public_url.as_str(), "http://localhost:3000/");
    assert_eq!(settings.server.workers, None);
    assert_eq!(settings.product.name, "Teamdoor");
    assert_eq!(settings.product.logo, None);
    assert_eq!(settings.operator.team, None);
    assert_eq!(settings.database.url, DatabaseUrl::Sqlite("data/teamdoor.db".into()));
    assert!(settings.secrets.keys.is_empty());
    assert!(!settings.upstream.allow_http);
    assert_eq!(settings.session.idle, Duration::from_hours(8));
    assert_eq!(settings.session.absolute, Duration::from_hours(168));
    let at = |number| Limit::At(std::num::NonZeroU32::new(number).unwrap());
    assert_eq!(settings.limits.unknown_teams_per_address, at(20));
    assert_eq!(settings.limits.failed_callbacks_per_address_and_team, at(30));
    assert_eq!(settings.limits.requests_per_address, at(10));
    assert_eq!(settings.limits.lookups_per_address, at(10));
    assert_eq!(settings.limits.exchanges_in_flight_per_connection, at(16));
    assert_eq!(settings.log.format, LogFormat::Text);
}

#[test]
fn the_default_file_says_exactly_the_defaults_and_every_setting() {
    assert_eq!(load(Some(DEFAULTS), None, &[]).unwrap(), load(None, None, &[]).unwrap());
    assert_eq!(by_file(DEFAULTS).unwrap(), load(None, None, &[]).unwrap());
    let catalog = Catalog::built_in();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/default.toml");
    let complete = file_layer(Path::new(file), &catalog).unwrap();
    for entry in catalog.entries() {
        let mut without = complete.clone();
        without.0.remove(&entry.name);
        let builder = Config::builder().add_source(without);
        let error = Settings::read(&builder, &complete).expect_err("a setting that nobody reads");
        // The only setting of a section takes the section with it.
        assert!(
            matches!(&error, SettingsError::Missing { key, .. } if entry.name.starts_with(key)),
            "{error}"
        );
    }
}

#[test]
fn the_other_delivered_files_are_good() {
    let development = by_file(include_str!("../../../../config/development.toml")).unwrap();
    assert!(development.upstream.allow_http);
    let production = load(
        None,
        Some(include_str!("../../../../config/production.example.toml")),
        &[
            ("DATABASE_URL", "postgres://teamdoor:secret@db.example.com/teamdoor"),
            ("TEAMDOOR__SECRETS__KEYS", &format!(r#"[{{"id":"k1","key":"{KEY}"}}]"#)),
        ],
    )
    .unwrap();
    assert_eq!(production.secrets.keys[0].key[..3], [0, 1, 2]);
}

#[test]
fn later_layers_win() {
    let default = "[product]\nname = \"default\"\n[log]\nfilter = \"debug\"\n";
    let own = "[product]\nname = \"own\"\n";
    let name = |settings: Settings| (settings.product.name, settings.log.filter);
    let from = |default, own, environment: &[(&str, &str)]| name(load(default, own, environment).unwrap());
    assert_eq!(from(Some(default), None, &[]), ("default".into(), "debug".into()));
    assert_eq!(from(Some(default), Some(own), &[]), ("own".into(), "debug".into()));
    let variable = [("TEAMDOOR__PRODUCT__NAME", "variable")];
    assert_eq!(from(Some(default), Some(own), &variable), ("variable".into(), "debug".into()));
    let empty = [("TEAMDOOR__PRODUCT__NAME", "")];
    assert_eq!(from(Some(default), Some(own), &empty), ("own".into(), "debug".into()));
}

#[test]
fn a_broken_value_is_refused_even_when_a_later_layer_overrules_it() {
    let default = "[session]\nidle = \"soon\"\n";
    let error = load(Some(default), None, &[("TEAMDOOR__SESSION__IDLE", "1h")]).unwrap_err();
    assert!(error.to_string().contains("config/default.toml: `session.idle`"), "{error}");
}

#[test]
fn lists_and_tables_in_the_environment_are_json() {
    let settings = load(
        None,
        None,
        &[
            ("TEAMDOOR__UPSTREAM__ALLOWED_NETWORKS", r#"["127.0.0.0/8", "::1"]"#),
            ("TEAMDOOR__UPSTREAM__ALLOW_HTTP", "true"),
            ("TEAMDOOR__SECRETS__KEYS", &format!(r#"[{{"id":"k1","key":"{KEY}"}}]"#)),
            ("TEAMDOOR__SERVER__WORKERS", "2"),
            ("TEAMDOOR__LIMITS__UNKNOWN_TEAMS_PER_ADDRESS", "off"),
            ("TEAMDOOR__LIMITS__EXCHANGES_IN_FLIGHT_PER_CONNECTION", "3"),
            ("TEAMDOOR__OPERATOR__TEAM", "123"),
        ],
    )
    .unwrap();
    assert_eq!(settings.upstream.allowed_networks.len(), 2);
    assert!(settings.upstream.allow_http);
    assert_eq!(settings.secrets.keys[0].id, "k1");
    assert_eq!(settings.server.workers.unwrap().get(), 2);
    assert_eq!(settings.limits.unknown_teams_per_address, Limit::Off);
    assert_eq!(settings.operator.team.unwrap().as_str(), "123");
}

#[test]
fn port_and_database_url_are_honoured_below_our_own_variables() {
    let public = ("TEAMDOOR__SERVER__PUBLIC_URL", "https://x.test");
    let settings = load(None, None, &[("PORT", "8080"), ("DATABASE_URL", "sqlite://a.db"), public]).unwrap();
    assert_eq!(settings.server.listen.to_string(), "0.0.0.0:8080");
    assert_eq!(settings.database.url.file(), Some(Path::new("a.db")));
    let own = [
        ("TEAMDOOR__SERVER__LISTEN", "127.0.0.1:1"),
        ("TEAMDOOR__DATABASE__URL", "sqlite://b.db"),
        ("PORT", "8080"),
        ("DATABASE_URL", "sqlite://a.db"),
    ];
    let settings = load(None, None, &own).unwrap();
    assert_eq!(settings.server.listen.port(), 1);
    assert_eq!(settings.database.url.file(), Some(Path::new("b.db")));
}

#[test]
fn the_delivered_default_file_does_not_count_as_having_said_the_public_address() {
    let error = load(Some(DEFAULTS), None, &[("PORT", "80")]).unwrap_err();
    assert!(matches!(&error, SettingsError::Missing { key, .. } if key == "server.public_url"), "{error}");
    let said = DEFAULTS.replace("http://localhost:3000", "https://x.test");
    assert!(load(Some(&said), None, &[("PORT", "80")]).is_ok());
}
