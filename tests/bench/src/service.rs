//! The service under load: its settings, its teams, its process; and the practice provider of all its teams.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command;

use mock_idp::{AuthorizeFault, Client, Config, Counts, IssuerConfig, MockIdp, Person};
use serde_json::json;

use crate::api::Api;
use crate::failure::Failure;
use crate::process::{Server, free_port};

/// The issuer of every team that names no other.
pub const ISSUER: &str = "acme";
/// Who signs in everywhere.
const PERSON: (&str, &str) = ("Ada Lovelace", "ada@acme.test");

/// A place for one service: nothing of the caller's settings is seen there.
pub struct Place {
    /// The binary.
    pub program: PathBuf,
    /// Where it runs and keeps what it keeps.
    pub folder: PathBuf,
    /// `sqlite://…` or `postgres://…`.
    pub database: String,
    /// Its port on this machine.
    pub port: u16,
    /// The port of its public address: its own, or that of the node it stands beside.
    public: u16,
    /// Settings besides the usual ones.
    more: Vec<(&'static str, &'static str)>,
}

impl Place {
    /// A place with a port that is free now.
    pub fn new(program: PathBuf, folder: PathBuf, database: String) -> Result<Self, Failure> {
        std::fs::create_dir_all(&folder)?;
        let port = free_port()?;
        Ok(Self { program, folder, database, port, public: port, more: Vec::new() })
    }

    /// A place for one more node of the same service, in a folder of its own.
    pub fn beside(&self, folder: PathBuf) -> Result<Self, Failure> {
        let (program, database) = (self.program.clone(), self.database.clone());
        Ok(Self { public: self.public, more: self.more.clone(), ..Self::new(program, folder, database)? })
    }

    /// The same with one more setting, as `("TEAMDOOR__SESSION__IDLE", "1h")`.
    pub fn with(mut self, key: &'static str, value: &'static str) -> Self {
        self.more.push((key, value));
        self
    }

    /// The address of a page, as the service makes it.
    pub fn address(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.public)
    }

    /// Runs a command of the binary and says what it printed.
    pub fn run(&self, words: &[&str]) -> Result<String, Failure> {
        let mut command = Command::new(&self.program);
        self.surround(&mut command);
        let output = command.args(words).output()?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        }
        Err(Failure(format!("teamdoor {}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr))))
    }

    /// Serves with one worker, ready when this returns.
    pub fn serve(&self) -> Result<Server, Failure> {
        let prepare = |command: &mut Command| {
            self.surround(command);
            command.arg("serve");
        };
        Server::start(&self.program, prepare, self.port, "/readyz", &self.folder.join("log"))
    }

    fn surround(&self, command: &mut Command) {
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.current_dir(&self.folder).env_clear().env("PATH", path).envs([
            ("TEAMDOOR__SERVER__LISTEN", format!("127.0.0.1:{}", self.port)),
            ("TEAMDOOR__SERVER__PUBLIC_URL", format!("http://localhost:{}", self.public)),
            ("TEAMDOOR__SERVER__WORKERS", "1".to_owned()),
            ("TEAMDOOR__DATABASE__URL", self.database.clone()),
            (
                "TEAMDOOR__SECRETS__KEYS",
                r#"[{"id":"k1","key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}]"#.to_owned(),
            ),
            ("TEAMDOOR__UPSTREAM__ALLOWED_NETWORKS", r#"["127.0.0.0/8", "::1/128"]"#.to_owned()),
            ("TEAMDOOR__UPSTREAM__ALLOW_HTTP", "true".to_owned()),
            ("TEAMDOOR__MAIL__URL", format!("file://{}", self.folder.join("outbox").display())),
        ]);
        command.envs(self.more.iter().copied());
    }

    /// A new operator token.
    pub fn bearer(&self) -> Result<String, Failure> {
        self.run(&["operator", "add-token", "bench"])
    }

    /// Adds enabled teams at this provider through the operators' API.
    pub fn add_teams(&self, provider: &Provider, teams: &[String]) -> Result<(), Failure> {
        self.add_teams_at(provider, ISSUER, teams)
    }

    /// The same at another of its issuers.
    pub fn add_teams_at(&self, provider: &Provider, issuer: &str, teams: &[String]) -> Result<(), Failure> {
        let mut api = Api::new(self.port, &self.bearer()?)?;
        for team in teams {
            let body = json!({
                "team_id": team, "issuer": provider.idp.issuer(issuer), "admin_email": PERSON.1,
                "client_id": client_id(team), "client_secret": secret(team), "enabled": true,
            });
            api.ask("POST /teams", &body.to_string(), 201)?;
            let callback = format!("http://localhost:{}/t/{team}/callback", self.public);
            provider.idp.add_client(issuer, Client::new(&client_id(team), &secret(team), &callback));
        }
        Ok(())
    }
}

/// A practice provider that signs its one person in without asking, with ID tokens signed by RS256.
pub struct Provider {
    /// Its switchboard.
    pub idp: MockIdp,
    /// Its port on this machine.
    pub port: u16,
}

impl Provider {
    /// Starts it in a thread of this process.
    pub fn start() -> Result<Self, Failure> {
        Self::with_issuers(&[ISSUER])
    }

    /// The same with several issuers.
    pub fn with_issuers(paths: &[&str]) -> Result<Self, Failure> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let port = listener.local_addr()?.port();
        let issuer = |path: &&str| {
            let mut issuer = IssuerConfig::new(path);
            issuer.people.push(Person::named(PERSON.0, PERSON.1));
            issuer
        };
        let config = Config::new(paths.iter().map(issuer).collect());
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let idp = runtime.block_on(mock_idp::start(listener, config))?;
        for path in paths {
            idp.misbehave(path, AuthorizeFault::ApprovesByItself);
        }
        Ok(Self { idp, port })
    }

    /// From now on somebody else signs in; says their subject.
    pub fn send(&self, name: &str, email: &str) -> String {
        let person = Person::named(name, email);
        let subject = person.subject.clone();
        self.idp.edit_person(ISSUER, PERSON.1, |somebody| *somebody = person);
        subject
    }

    /// How often it was asked so far.
    pub fn counts(&self) -> Counts {
        self.idp.counts(ISSUER)
    }
}

/// The client of a team at its provider.
pub fn client_id(team: &str) -> String {
    format!("client-of-{team}")
}

fn secret(team: &str) -> String {
    format!("practice-secret-of-{team}")
}
