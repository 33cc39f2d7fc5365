//! The whole service on a port of its own, a practice identity provider beside it, and the demo's teams and
//! people in both.

use std::net::TcpListener;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use mock_idp::{Client, IssuerConfig, MockIdp, Person};
use roles::Operator;
use settings::{Settings, Sources};
use storage::Database;
use teamdoor::{House, Parts, Service};
use teams::{ConnectionOptions, NewTeam, State};
use tempfile::TempDir;
use vocabulary::{ClientId, ClientSecret, Email, Issuer, TeamId};

use crate::browser::{Answer, Browser};
use crate::canary::{self, Traces};
use crate::clock::HandClock;
use crate::database::{Kind, TestDatabase};

/// Team ID, issuer's path, admin.
pub const TEAMS: [(&str, &str, &str); 4] = [
    ("acme", "acme", "ada@acme.test"),
    ("acme-labs", "acme", "cyd@acme.test"),
    ("globex", "globex", "gil@globex.test"),
    ("operators", "operators", "olga@operator.test"),
];

/// Issuer's path, name, email.
pub const PEOPLE: [(&str, &str, &str); 6] = [
    ("acme", "Ada Lovelace", "ada@acme.test"),
    ("acme", "Bob Kahn", "bob@acme.test"),
    ("acme", "Cyd Rivera", "cyd@acme.test"),
    ("globex", "Gil Moreno", "gil@globex.test"),
    ("globex", "Han Sato", "han@globex.test"),
    ("operators", "Olga Petrova", "olga@operator.test"),
];

/// One copy of the service, in this process.
pub struct Node {
    /// Where browsers reach it.
    pub base: String,
    /// The rooms it stands on.
    pub house: House,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Node {
    fn start(listener: TcpListener, settings: &Settings, parts: Parts) -> Self {
        let base = format!("http://localhost:{}", listener.local_addr().expect("a port").port());
        let service = Service::on(listener, settings, parts).expect("a service");
        let house = service.house.clone();
        let (tell, told) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let run = service.run(|handle| tell.send(handle).expect("somebody waits"));
            actix_web::rt::System::new().block_on(run).expect("a service that runs");
        });
        let handle = told.recv().expect("a service that starts");
        Self { base, house, handle, thread: Some(thread) }
    }

    /// A whole address of this node.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

impl Node {
    /// Stops it, as a machine that is taken away; its address is free afterwards.
    pub fn stop(&mut self) {
        // The answer to "stop" needs no waiting for; the thread ends when the server has.
        let _stopped = self.handle.stop(false);
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The service, the provider, and the time.
pub struct World {
    /// The practice identity provider.
    pub idp: MockIdp,
    /// The service.
    pub node: Node,
    /// The time, for the service and the provider alike.
    pub clock: HandClock,
    settings: Settings,
    environment: Vec<(String, String)>,
    parts: Parts,
    /// What it leaves, where no client secret may stand when it ends; before the folder that goes with it.
    pub traces: Traces,
    folder: TempDir,
}

impl World {
    /// A world over an empty database, with the demo's teams and people.
    pub async fn new(db: &TestDatabase) -> Self {
        Self::with(db, &[]).await
    }

    /// The same with settings of one's own, as `("SESSION__IDLE", "1h")`.
    ///
    /// # Panics
    /// When anything does not start.
    pub async fn with(db: &TestDatabase, more: &[(&str, &str)]) -> Self {
        let (folder, clock) = (TempDir::new().expect("a folder"), HandClock::default());
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://localhost:{}", listener.local_addr().expect("a port").port());
        let environment = environment(db, &folder, &base, more);
        let settings = settings(&folder, &environment);
        let timeouts = upstream::Timeouts {
            connect: Duration::from_secs(1),
            total: Duration::from_millis(1500),
            turn: Duration::from_millis(300),
        };
        let parts = Parts { clock: Arc::new(clock.clone()), timeouts, ..Parts::default() };
        if db.kind() == Kind::Postgres {
            Database::open(&storage::Options::new(storage::Address::parse(db.url()).expect("an address")))
                .migrate()
                .expect("a schema");
        }
        let mut config =
            mock_idp::Config::new(["acme", "globex", "operators"].map(|path| issuer(path, &base)).into());
        config.clock = Arc::new(clock.clone());
        let idp = mock_idp::start(TcpListener::bind("127.0.0.1:0").expect("a free port"), config).await;
        let idp = idp.expect("a provider");
        let node = Node::start(listener, &settings, parts.clone());
        let traces = Traces::new(db.url(), &folder.path().join("outbox"));
        let world = Self { idp, node, clock, settings, environment, parts, traces, folder };
        for (team_id, path, admin) in TEAMS {
            world.add_team(team_id, path, admin, |_team| ());
        }
        world
    }

    /// A second node over the same database and keys, as behind one balancer: the same public address.
    #[must_use]
    pub fn second_node(&self) -> Node {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        Node::start(listener, &self.settings, self.parts.clone())
    }

    /// Adds an enabled team whose client exists at the practice provider.
    ///
    /// # Panics
    /// When the registry refuses.
    pub fn add_team(&self, team_id: &str, path: &str, admin: &str, edit: impl FnOnce(&mut NewTeam)) {
        let issuer = Issuer::parse(&self.idp.issuer(path)).expect("an issuer");
        let mut new = NewTeam {
            team_id: TeamId::parse(team_id).expect("a Team ID"),
            name: None,
            admin_email: Email::parse(admin).expect("an email"),
            client_id: ClientId::parse(&client_id(team_id)).expect("a client id"),
            client_secret: ClientSecret::parse(&canary::secret(team_id)),
            options: ConnectionOptions::usual(&issuer),
            issuer,
            callback_path: None,
            state: State::Enabled,
        };
        edit(&mut new);
        let (house, operator) = (&self.node.house, Operator::at_the_command_line());
        let now = house.parts.clock.now();
        house
            .database
            .write(now, |tx| onboarding::add(tx, &house.registrar(), &operator, &new))
            .unwrap_or_else(|error| panic!("{team_id}: {error}"));
    }

    /// A whole address of the service.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        self.node.at(path)
    }

    /// What the real binary needs in its environment to be one more node of this world.
    #[must_use]
    pub fn environment(&self) -> &[(String, String)] {
        &self.environment
    }

    /// The folder where letters arrive.
    #[must_use]
    pub fn outbox(&self) -> std::path::PathBuf {
        self.folder.path().join("outbox")
    }

    /// Signs somebody in by Team ID in a new browser.
    pub async fn sign_in(&self, team_id: &str, email: &str) -> Browser {
        let browser = Browser::default();
        let page = self.sign_in_with(&browser, team_id, email).await;
        assert_eq!((page.status, page.url.path()), (200, format!("/t/{team_id}").as_str()), "{}", page.body);
        browser
    }

    /// Signs somebody in by Team ID and says which page they end on.
    pub async fn sign_in_with(&self, browser: &Browser, team_id: &str, email: &str) -> Answer {
        let callback = self.callback(browser, team_id, email).await;
        let answer = browser.get(&callback).await;
        browser.follow(answer).await
    }

    /// Goes as far as the address of the callback, which is not opened.
    ///
    /// # Panics
    /// When the provider sends nobody back.
    pub async fn callback(&self, browser: &Browser, team_id: &str, email: &str) -> String {
        let start = browser.post(&self.at("/login_sso"), &[("team_id", team_id)]).await;
        let request = start.location().unwrap_or_else(|| panic!("{}: {}", start.status, start.body));
        let chooser = browser.get(request.as_str()).await;
        let back = match chooser.location() {
            Some(back) => back,
            None => browser.choose(&chooser, email).await.location().expect("the way back"),
        };
        back.to_string()
    }

    /// The team page of somebody signed in.
    pub async fn team_page(&self, browser: &Browser, team_id: &str) -> Answer {
        browser.open(&self.at(&format!("/t/{team_id}/team"))).await
    }

    /// Sends the form of a person's row on the team page: `act` is `role`, `deactivate`, ….
    ///
    /// # Panics
    /// When the page or its row is not there.
    pub async fn change(
        &self,
        browser: &Browser,
        page: &Answer,
        holding: &str,
        act: &str,
        more: &[(&str, &str)],
    ) -> Answer {
        let row = page.row(holding).unwrap_or_else(|| panic!("no row of {holding}: {}", page.body));
        let field = |name: &str| {
            let before = format!("name=\"{name}\" value=\"");
            crate::browser::between(row, &before, "\"")
                .unwrap_or_else(|| panic!("no {name} in {row}"))
                .to_owned()
        };
        let (csrf, version) = (field("csrf"), field("version"));
        let action = crate::browser::between(row, "action=\"", "/role\"").expect("a form");
        let mut form = vec![("csrf", csrf.as_str()), ("version", version.as_str())];
        form.extend_from_slice(more);
        browser.post(&self.at(&format!("{action}/{act}")), &form).await
    }
}

fn environment(
    db: &TestDatabase,
    folder: &TempDir,
    base: &str,
    more: &[(&str, &str)],
) -> Vec<(String, String)> {
    let said = [
        ("SERVER__PUBLIC_URL", base.to_owned()),
        ("SERVER__WORKERS", "1".to_owned()),
        ("PRODUCT__NAME", "Ledger".to_owned()),
        ("DATABASE__URL", db.url().to_owned()),
        ("SECRETS__KEYS", r#"[{"id":"k1","key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}]"#.to_owned()),
        ("UPSTREAM__ALLOWED_NETWORKS", r#"["127.0.0.0/8", "::1/128"]"#.to_owned()),
        ("UPSTREAM__ALLOW_HTTP", "true".to_owned()),
        ("OPERATOR__TEAM", "operators".to_owned()),
        ("MAIL__URL", format!("file://{}", folder.path().join("outbox").display())),
    ];
    // An empty text of one's own leaves a setting as it is without a file or a variable.
    let said = said.into_iter().filter(|(key, _)| more.iter().all(|(own, _)| own != key));
    let more = more.iter().map(|(key, value)| (*key, (*value).to_owned()));
    said.chain(more).map(|(key, value)| (format!("TEAMDOOR__{key}"), value)).collect()
}

fn settings(folder: &TempDir, environment: &[(String, String)]) -> Settings {
    let sources = Sources {
        config_file: None,
        environment: environment.to_vec(),
        working_folder: folder.path().to_owned(),
    };
    Settings::load(&sources).expect("settings")
}

fn issuer(path: &str, base: &str) -> IssuerConfig {
    let mut issuer = IssuerConfig::new(path);
    let here = PEOPLE.iter().filter(|(of, ..)| *of == path);
    issuer.people = here.map(|(_, name, email)| Person::named(name, email)).collect();
    for (team_id, ..) in TEAMS.iter().filter(|(_, of, _)| *of == path) {
        issuer.clients.push(client(team_id, base));
    }
    issuer
}

/// The client of a team at the practice provider.
#[must_use]
pub fn client(team_id: &str, base: &str) -> Client {
    let mut client =
        Client::new(&client_id(team_id), &canary::secret(team_id), &format!("{base}/t/{team_id}/callback"));
    client.initiate_login_uri = Some(format!("{base}/t/{team_id}/launch"));
    client
}

fn client_id(team_id: &str) -> String {
    format!("client-of-{team_id}")
}
