//! The layers of settings: each is read alone, against the catalog, into values that know where they were said.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::catalog::{Catalog, Entry};
use crate::{Origin, SettingsError};

/// What settings are read from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The file named by `--config`; a relative path starts from the working folder.
    pub config_file: Option<PathBuf>,
    /// Variables and their values; those that are not Teamdoor's are passed over.
    pub environment: Vec<(String, String)>,
    /// The folder in which `config/default.toml` is looked for.
    pub working_folder: PathBuf,
}

/// This process's environment, for [`Sources::environment`].
#[must_use]
pub fn process_environment() -> Vec<(String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
        .collect()
}

/// A value and where it was said.
#[derive(Clone)]
pub(crate) struct Given {
    pub(crate) value: Value,
    pub(crate) origin: Origin,
}

/// What one layer says, by `section.key`.
pub(crate) type Layer = BTreeMap<String, Given>;

/// The layers from the weakest to the strongest; the first is complete.
pub(crate) fn layers(sources: &Sources, catalog: &Catalog) -> Result<Vec<Layer>, SettingsError> {
    let built_in: Layer = catalog
        .entries()
        .map(|entry| (entry.name.clone(), given(entry.default.clone(), Origin::BuiltIn)))
        .collect();
    let mut layers = vec![built_in];
    let default_file = sources.working_folder.join("config/default.toml");
    if let Some(mut layer) = optional_file(&default_file, catalog)? {
        // The file as it is delivered repeats the defaults; what it repeats was not said by anybody.
        layer.retain(|name, given| {
            catalog
                .find(name)
                .is_none_or(|entry| entry.default != given.value)
        });
        layers.push(layer);
    }
    if let Some(path) = &sources.config_file {
        let path = sources.working_folder.join(path);
        let text = std::fs::read_to_string(&path).map_err(|source| unreadable(&path, source))?;
        layers.push(file_layer(&path, &text, catalog)?);
    }
    layers.push(conventional_variables(&sources.environment));
    layers.push(own_variables(&sources.environment, catalog)?);
    Ok(layers)
}

fn given(value: Value, origin: Origin) -> Given {
    Given { value, origin }
}

fn unreadable(file: &Path, source: std::io::Error) -> SettingsError {
    let file = file.to_owned();
    SettingsError::Unreadable { file, source }
}

fn optional_file(path: &Path, catalog: &Catalog) -> Result<Option<Layer>, SettingsError> {
    match std::fs::read_to_string(path) {
        Ok(text) => file_layer(path, &text, catalog).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(path, error)),
    }
}

fn file_layer(path: &Path, text: &str, catalog: &Catalog) -> Result<Layer, SettingsError> {
    let origin = Origin::File(path.to_owned());
    // The parser's own message would quote the line, and the line may hold a secret.
    let table: Table = text
        .parse()
        .map_err(|error: toml::de::Error| SettingsError::Syntax {
            file: path.to_owned(),
            line: line_of(text, error.span().map_or(0, |span| span.start)),
            problem: error.message().lines().next().unwrap_or_default().to_owned(),
        })?;
    let mut layer = Layer::new();
    for (section, content) in table {
        let Value::Table(settings) = content else {
            return Err(not_a_section(&origin, &section, catalog));
        };
        for (key, value) in settings {
            let name = format!("{section}.{key}");
            let entry = catalog
                .find(&name)
                .ok_or_else(|| unknown(&origin, &name, catalog))?;
            layer.insert(entry.name.clone(), given(value, origin.clone()));
        }
    }
    Ok(layer)
}

fn line_of(text: &str, offset: usize) -> usize {
    let before = text.bytes().take(offset);
    before.filter(|byte| *byte == b'\n').count() + 1
}

fn not_a_section(origin: &Origin, name: &str, catalog: &Catalog) -> SettingsError {
    if !catalog.is_section(name) {
        return unknown(origin, name, catalog);
    }
    SettingsError::Wrong {
        origin: origin.clone(),
        key: name.to_owned(),
        problem: "is a section, not a value".to_owned(),
        remedy: format!("Write [{name}] on a line of its own and its settings below."),
    }
}

fn unknown(origin: &Origin, name: &str, catalog: &Catalog) -> SettingsError {
    let remedy = match (catalog.nearest(name), origin) {
        (Some(entry), Origin::Variable(_)) => format!("Did you mean {}?", entry.variable()),
        (Some(entry), Origin::File(_) | Origin::BuiltIn) => format!("Did you mean `{}`?", entry.name),
        (None, _) => "`teamdoor settings reference` lists all settings; remove this one.".to_owned(),
    };
    let (origin, key) = (origin.clone(), name.to_owned());
    SettingsError::UnknownKey { origin, key, remedy }
}

/// `PORT` and `DATABASE_URL`, which platforms set; Teamdoor's own variables win over them.
fn conventional_variables(environment: &[(String, String)]) -> Layer {
    let mut layer = Layer::new();
    for (variable, value) in environment.iter().filter(|(_, value)| !value.is_empty()) {
        let (name, value) = match variable.as_str() {
            "PORT" => ("server.listen", format!("0.0.0.0:{value}")),
            "DATABASE_URL" => ("database.url", value.clone()),
            _ => continue,
        };
        let origin = Origin::Variable(variable.clone());
        layer.insert(name.to_owned(), given(Value::String(value), origin));
    }
    layer
}

fn own_variables(environment: &[(String, String)], catalog: &Catalog) -> Result<Layer, SettingsError> {
    let mut layer = Layer::new();
    for (variable, text) in environment {
        let Some(rest) = variable.strip_prefix("TEAMDOOR__") else {
            continue;
        };
        let origin = Origin::Variable(variable.clone());
        let entry = catalog
            .entries()
            .find(|entry| entry.variable() == *variable)
            .ok_or_else(|| unknown(&origin, &rest.to_ascii_lowercase().replace("__", "."), catalog))?;
        if !text.is_empty() {
            let value = variable_value(entry, text, &origin)?;
            layer.insert(entry.name.clone(), given(value, origin));
        }
    }
    Ok(layer)
}

/// Reads a variable as the default's type asks. What does not fit stays text, and its reader says so.
fn variable_value(entry: &Entry, text: &str, origin: &Origin) -> Result<Value, SettingsError> {
    let as_text = || Value::String(text.to_owned());
    match &entry.default {
        Value::Array(_) | Value::Table(_) => {
            serde_json::from_str(text).map_err(|_may_quote_a_secret| SettingsError::Wrong {
                origin: origin.clone(),
                key: entry.name.clone(),
                problem: "is not JSON".to_owned(),
                remedy: r#"In the environment a list is JSON, for example '["10.0.0.0/8"]'."#.to_owned(),
            })
        }
        Value::Integer(_) => Ok(text.parse().map_or_else(|_| as_text(), Value::Integer)),
        Value::Boolean(_) => Ok(text.parse().map_or_else(|_| as_text(), Value::Boolean)),
        Value::String(_) | Value::Float(_) | Value::Datetime(_) => Ok(as_text()),
    }
}
