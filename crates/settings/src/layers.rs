//! The layers of settings: each is read alone, against the catalog, into values that know where they were said.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use config::{ConfigError, File, FileFormat, Map, Source, Value, ValueKind};

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
    value: Value,
    pub(crate) origin: Origin,
}

/// What one layer says, by `section.key`.
#[derive(Clone, Default)]
pub(crate) struct Layer(pub(crate) BTreeMap<String, Given>);

impl fmt::Debug for Layer {
    /// The keys alone, for a value may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        let values = self.0.iter();
        Ok(values.map(|(name, given)| (name.clone(), given.value.clone())).collect())
    }
}

impl Layer {
    fn insert(&mut self, name: &str, value: impl Into<Value>, origin: &Origin) {
        let (value, origin) = (value.into(), origin.clone());
        self.0.insert(name.to_owned(), Given { value, origin });
    }
}

/// The layers above the defaults, from the weakest to the strongest.
pub(crate) fn layers(sources: &Sources, catalog: &Catalog) -> Result<Vec<Layer>, SettingsError> {
    let mut layers = Vec::new();
    let default_file = sources.working_folder.join("config/default.toml");
    // A file that cannot even be looked for is refused when it is read.
    if default_file.try_exists().unwrap_or(true) {
        let mut layer = file_layer(&default_file, catalog)?;
        // The file as it is delivered repeats the defaults; what it repeats was not said by anybody.
        let is_said =
            |name: &str, value: &Value| catalog.find(name).is_none_or(|entry| entry.default != value.kind);
        layer.0.retain(|name, given| is_said(name, &given.value));
        layers.push(layer);
    }
    if let Some(path) = &sources.config_file {
        layers.push(file_layer(&sources.working_folder.join(path), catalog)?);
    }
    layers.push(conventional_variables(&sources.environment));
    layers.push(own_variables(&sources.environment, catalog)?);
    Ok(layers)
}

pub(crate) fn file_layer(path: &Path, catalog: &Catalog) -> Result<Layer, SettingsError> {
    let file = path.to_owned();
    let text = std::fs::read_to_string(path).map_err(|source| SettingsError::Unreadable { file, source })?;
    let sections = File::from_str(&text, FileFormat::Toml).collect();
    let sections = sections.map_err(|_quotes_the_line| syntax(path, &text))?;
    let origin = Origin::File(path.to_owned());
    let mut layer = Layer::default();
    for (section, content) in sections {
        let Ok(settings) = content.into_table() else {
            return Err(not_a_section(&origin, &section, catalog));
        };
        for (key, value) in settings {
            let name = format!("{section}.{key}");
            if catalog.find(&name).is_none() {
                return Err(unknown(&origin, &name, catalog));
            }
            layer.insert(&name, value, &origin);
        }
    }
    Ok(layer)
}

/// Says which line is not TOML without quoting it, for it may hold a secret.
fn syntax(path: &Path, text: &str) -> SettingsError {
    let error = text.parse::<toml::Table>().err();
    let offset = error.as_ref().and_then(toml::de::Error::span).map_or(0, |span| span.start);
    let problem = error.as_ref().and_then(|error| error.message().lines().next());
    SettingsError::Syntax {
        file: path.to_owned(),
        line: text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1,
        problem: problem.unwrap_or_default().to_owned(),
    }
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
    let mut layer = Layer::default();
    for (variable, value) in environment.iter().filter(|(_, value)| !value.is_empty()) {
        let (name, value) = match variable.as_str() {
            "PORT" => ("server.listen", format!("0.0.0.0:{value}")),
            "DATABASE_URL" => ("database.url", value.clone()),
            _ => continue,
        };
        let origin = Origin::Variable(variable.clone());
        layer.insert(name, value, &origin);
    }
    layer
}

fn own_variables(environment: &[(String, String)], catalog: &Catalog) -> Result<Layer, SettingsError> {
    let mut layer = Layer::default();
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
            layer.insert(&entry.name, value, &origin);
        }
    }
    Ok(layer)
}

/// Reads a variable as the default's type asks. Numbers stay text, which their readers take; so does what does
/// not fit, and its reader says so.
fn variable_value(entry: &Entry, text: &str, origin: &Origin) -> Result<Value, SettingsError> {
    if matches!(entry.default, ValueKind::Array(_)) {
        return serde_json::from_str(text).map_err(|_may_quote_a_secret| SettingsError::Wrong {
            origin: origin.clone(),
            key: entry.name.clone(),
            problem: "is not JSON".to_owned(),
            remedy: r#"In the environment a list is JSON, for example '["10.0.0.0/8"]'."#.to_owned(),
        });
    }
    if let (ValueKind::Boolean(_), Ok(answer)) = (&entry.default, text.parse::<bool>()) {
        return Ok(answer.into());
    }
    Ok(text.into())
}
