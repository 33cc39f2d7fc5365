//! The demo's scratch folder: its settings in a file, so that commands can be told of them, its database, its letters.

use std::path::{Path, PathBuf};

use settings::{Settings, Sources};
use tempfile::TempDir;

use crate::trouble::Trouble;

pub(crate) struct Scratch(TempDir);

impl Scratch {
    /// A new one, with the settings of a service on this port that is reached at `base`. It goes with the value.
    pub(crate) fn new(port: u16, base: &str) -> Result<Self, Trouble> {
        let scratch = Self(tempfile::Builder::new().prefix("teamdoor-demo-").tempdir()?);
        let folder = scratch.folder().display();
        let text = format!(
            r#"# The settings of a demo. With `--config` and this file, commands act on its database while it runs.
[server]
listen = "127.0.0.1:{port}"
public_url = "{base}"

[product]
name = "Ledger"

[operator]
team = "operators"

[database]
url = "sqlite://{folder}/teamdoor.db"

[upstream]
allowed_networks = ["127.0.0.0/8", "::1/128"]
allow_http = true

[mail]
url = "file://{folder}/outbox"
from = "door@ledger.test"
operators = ["olga@operator.test"]

[log]
filter = "warn"
"#
        );
        std::fs::write(scratch.file(), text)?;
        Ok(scratch)
    }

    /// What the file says. A demo is the same everywhere, whatever the environment says.
    pub(crate) fn settings(&self) -> Result<Settings, Trouble> {
        let (config_file, working_folder) = (Some(self.file()), self.folder().to_owned());
        Ok(Settings::load(&Sources { config_file, environment: Vec::new(), working_folder })?)
    }

    /// The file of settings.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder().join("teamdoor.toml")
    }

    /// Where letters arrive.
    pub(crate) fn outbox(&self) -> PathBuf {
        self.folder().join("outbox")
    }

    fn folder(&self) -> &Path {
        self.0.path()
    }
}
