//! The service under load: its settings, its teams, its process; and the practice provider of all its teams.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command;

use mock_idp::{AuthorizeFault, Client, Config, Counts, IssuerConfig, MockIdp, Person};
use serde_json::json;

use crate::failure::Failure;
use crate::http::Connection;
use crate::process::{Server, free_port};

/// The issuer of every team.
const ISSUER: &str = "acme";
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
}

impl Place {
    /// A place with a port that is free now.
    pub fn new(program: PathBuf, folder: PathBuf, database: String) -> Result<Self, Failure> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self { program, folder, database, port: free_port()? })
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
            ("TEAMDOOR__SERVER__PUBLIC_URL", format!("http://localhost:{}", self.port)),
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
    }

    /// Adds enabled teams at this provider through the operators' API.
    pub fn add_teams(&self, provider: &Provider, teams: &[String]) -> Result<(), Failure> {
        let token = self.run(&["operator", "add-token", "bench"])?;
        let mut connection = Connection::open(self.port)?;
        for team in teams {
            let body = json!({
                "team_id": team, "issuer": provider.idp.issuer(ISSUER), "admin_email": PERSON.1,
                "client_id": client_id(team), "client_secret": secret(team), "enabled": true,
            })
            .to_string();
            let request = format!(
                "POST /api/v1/teams HTTP/1.1\r\nHost: localhost:{}\r\nAuthorization: Bearer {token}\r\n\
                 Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                self.port,
                body.len()
            );
            let status = connection.ask(request.as_bytes())?.status;
            if status != 201 {
                return Err(Failure(format!("adding {team}: {status}")));
            }
        }
        provider.know(self.port, teams);
        Ok(())
    }
}

/// A practice provider that signs its one person in without asking, with ID tokens signed by RS256.
pub struct Provider {
    idp: MockIdp,
    /// Its port on this machine.
    pub port: u16,
}

impl Provider {
    /// Starts it in a thread of this process.
    pub fn start() -> Result<Self, Failure> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let port = listener.local_addr()?.port();
        let mut issuer = IssuerConfig::new(ISSUER);
        issuer.people.push(Person::named(PERSON.0, PERSON.1));
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let idp = runtime.block_on(mock_idp::start(listener, Config::new(vec![issuer])))?;
        idp.misbehave(ISSUER, AuthorizeFault::ApprovesByItself);
        Ok(Self { idp, port })
    }

    /// Registers the clients of these teams of the service at `port`.
    fn know(&self, port: u16, teams: &[String]) {
        for team in teams {
            let callback = format!("http://localhost:{port}/t/{team}/callback");
            self.idp.add_client(ISSUER, Client::new(&client_id(team), &secret(team), &callback));
        }
    }

    /// How often it was asked so far.
    pub fn counts(&self) -> Counts {
        self.idp.counts(ISSUER)
    }
}

fn client_id(team: &str) -> String {
    format!("client-of-{team}")
}

fn secret(team: &str) -> String {
    format!("practice-secret-of-{team}")
}
