//! The rooms put together from settings: what every command and the service stand on.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use apps::Apps;
use health::Ledger;
use mail::{Carrier, Desk};
use pages::{Deployment, Face};
use provider::{Deliveries, Grants, Lifetimes, SigningKeys};
use sealing::{KeyRing, Label, NamedKey, Purpose, SystemChance};
use sessions::{Limits, Sessions};
use settings::{Limit, MailUrl, Settings};
use signin::{Deps, Failures, Lookups};
use signout::Turns;
use storage::{Address, Database, Options, SchemaState};
use teams::{PlainHttp, Registrar, Registry};
use tokens::Tokens;
use upstream::{Messenger, Upstream};
use vocabulary::{Chance, Clock, SystemClock};
use web::App;

use crate::trouble::Trouble;

/// How many traces of refused sign-ins one address leaves at one team in a minute. What is beyond is told to the
/// log alone: a flood neither pushes out what a team wants to read nor keeps the database busy.
const TRACES_PER_MINUTE: u32 = 30;
/// How often a team's settings page may ask its provider within a minute.
const CHECKS_PER_MINUTE: u32 = 20;
/// For how long requests for a team are counted.
const HOUR: Duration = Duration::from_hours(1);

/// What tests hold still and the service takes from the machine.
#[derive(Clone)]
pub struct Parts {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes secrets and ids.
    pub chance: Arc<dyn Chance>,
    /// How long identity providers and apps may take.
    pub timeouts: upstream::Timeouts,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            chance: Arc::new(SystemChance),
            timeouts: upstream::Timeouts::default(),
        }
    }
}

/// The rooms, put together.
#[derive(Clone)]
pub struct House {
    /// Where everything is kept.
    pub database: Database,
    /// Seals and authenticates.
    pub keys: Arc<KeyRing>,
    /// Signs tokens.
    pub signing_keys: SigningKeys,
    /// Writes letters.
    pub desk: Arc<Desk>,
    /// What tests hold still.
    pub parts: Parts,
    settings: Arc<Settings>,
}

impl House {
    /// Puts the rooms together. An embedded database is migrated; a PostgreSQL schema that is older or newer
    /// is refused, naming the remedy.
    pub fn build(settings: &Settings, parts: Parts) -> Result<Self, Trouble> {
        let database = open_database(settings)?;
        if database.address().is_embedded() {
            database.migrate()?;
        }
        match database.schema_state()? {
            SchemaState::Current => {}
            SchemaState::Behind(missing) => return Err(Trouble::SchemaBehind(missing.len())),
            SchemaState::Ahead(_) => return Err(Trouble::SchemaAhead),
        }
        let keys = Arc::new(key_ring(settings, &database, &*parts.chance)?);
        check_keys(&database, &keys, &parts)?;
        let signing_keys = SigningKeys::new(&database, Arc::clone(&keys), Arc::clone(&parts.chance));
        let (desk, settings) = (Arc::new(desk(settings)?), Arc::new(settings.clone()));
        Ok(Self { database, keys, signing_keys, desk, parts, settings })
    }

    /// What changing the registry needs at hand.
    #[must_use]
    pub fn registrar(&self) -> Registrar<'_> {
        Registrar { keys: &self.keys, chance: &*self.parts.chance, plain_http: self.plain_http() }
    }

    /// The operator's word on issuers without TLS.
    #[must_use]
    pub fn plain_http(&self) -> PlainHttp {
        if self.settings.upstream.allow_http { PlainHttp::Allowed } else { PlainHttp::Refused }
    }

    /// Where we are.
    pub(crate) fn public_url(&self) -> &url::Url {
        &self.settings.server.public_url
    }

    /// How long personal tokens last without their person.
    #[must_use]
    pub fn token_limits(&self) -> tokens::Limits {
        tokens::Limits { personal_max_auth_age: self.settings.tokens.personal_max_auth_age }
    }

    /// A whole address of ours for a path.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.settings.server.public_url.as_str().trim_end_matches('/'))
    }

    /// How old signing keys grow.
    pub(crate) fn rotate_keys_every(&self) -> Option<Duration> {
        self.settings.provider.rotate_keys_every
    }

    /// How letters leave.
    pub fn carrier(&self) -> Result<Carrier, Trouble> {
        carrier(&self.settings)
    }

    /// The sign-in story with all it stands on.
    pub fn door(&self) -> Result<Deps, Trouble> {
        let registry = Registry::new(&self.database);
        let session = &self.settings.session;
        let limits = Limits { idle: session.idle, absolute: session.absolute };
        Ok(Deps {
            database: self.database.clone(),
            sessions: Sessions::new(&self.database, &registry, limits)
                .with_operators(self.settings.operator.team.clone()),
            registry,
            upstream: self.upstream()?,
            keys: Arc::clone(&self.keys),
            chance: Arc::clone(&self.parts.chance),
            clock: Arc::clone(&self.parts.clock),
            desk: Arc::clone(&self.desk),
            public_url: self.settings.server.public_url.clone(),
            max_auth_age: session.max_auth_age,
            failures: Failures::new(most(self.settings.limits.failed_callbacks_per_address_and_team)),
            traces: Failures::new(Some(TRACES_PER_MINUTE)),
            health: Ledger::default(),
        })
    }

    /// What apps are given, with all it stands on.
    fn provider(&self, door: &Deps, apps: &Apps, tokens: &Tokens) -> provider::Deps {
        let settings = &self.settings.provider;
        provider::Deps {
            database: self.database.clone(),
            registry: door.registry.clone(),
            sessions: door.sessions.clone(),
            apps: apps.clone(),
            tokens: tokens.clone(),
            grants: Grants::new(&self.database),
            keys: Arc::clone(&self.keys),
            signing: self.signing_keys.clone(),
            chance: Arc::clone(&self.parts.chance),
            clock: Arc::clone(&self.parts.clock),
            public_url: door.public_url.clone(),
            lifetimes: Lifetimes {
                access_token: settings.access_token,
                refresh_token: settings.refresh_token,
                refresh_max_auth_age: settings.refresh_max_auth_age,
            },
        }
    }

    /// The service's face with all it stands on.
    pub fn app(&self) -> Result<App, Trouble> {
        let door = self.door()?;
        let apps = Apps::new(&self.database);
        let tokens = Tokens::new(&self.database, &door.registry, self.token_limits());
        let provider = self.provider(&door, &apps, &tokens);
        Ok(App {
            apps,
            tokens,
            discovery: provider::metadata(&provider.public_url).into(),
            provider,
            door,
            face: face(&self.settings),
            requests: Failures::within(HOUR, most(self.settings.limits.requests_per_address)),
            lookups_by_address: Failures::within(HOUR, most(self.settings.limits.lookups_per_address)),
            lookups: Lookups::default(),
            checks: Failures::new(Some(CHECKS_PER_MINUTE)),
            unknown_teams: Failures::new(most(self.settings.limits.unknown_teams_per_address)),
            turns: Turns::default(),
            trusted_proxies: self.settings.server.trusted_proxies.clone(),
            stage: self.settings.stage.public_url.clone(),
            operators: self.settings.operator.team.clone(),
            probes: web::Probes::default(),
            plain_http: self.plain_http(),
        })
    }

    /// Who tells apps that a session has ended.
    pub fn deliveries(&self, provider: &provider::Deps) -> Result<Deliveries, Trouble> {
        let messenger = Messenger::new(&self.outbound()?).map_err(|error| wrong_upstream(&error))?;
        Ok(Deliveries::new(provider, messenger))
    }

    fn upstream(&self) -> Result<Upstream, Trouble> {
        Upstream::new(&self.outbound()?).map_err(|error| wrong_upstream(&error))
    }

    fn outbound(&self) -> Result<upstream::Options, Trouble> {
        let upstream = &self.settings.upstream;
        let ca_pem = upstream.ca_file.as_deref().map(read).transpose()?;
        let in_flight = most(self.settings.limits.exchanges_in_flight_per_connection);
        Ok(upstream::Options {
            allowed_networks: upstream.allowed_networks.clone(),
            allow_http: upstream.allow_http,
            ca_pem,
            proxy: upstream.proxy.as_ref().map(|proxy| proxy.reveal().clone()),
            exchanges_in_flight_per_connection: in_flight.and_then(|most| usize::try_from(most).ok()),
            timeouts: self.parts.timeouts,
        })
    }
}

/// How letters leave.
pub(crate) fn carrier(settings: &Settings) -> Result<Carrier, Trouble> {
    let setting = |why: String| Trouble::Setting { key: "mail.url", why };
    match &settings.mail.url {
        MailUrl::Folder(folder) => Ok(Carrier::Folder(folder.clone())),
        MailUrl::Smtp(url) => {
            Carrier::parse(url.reveal().as_str()).map_err(|error| setting(error.to_string()))
        }
    }
}

fn wrong_upstream(error: &upstream::OptionsError) -> Trouble {
    Trouble::Setting { key: "upstream", why: error.to_string() }
}

/// The database of these settings; nothing is asked of it yet.
pub(crate) fn open_database(settings: &Settings) -> Result<Database, Trouble> {
    let wrong = |why: storage::AddressError| Trouble::Setting { key: "database.url", why: why.to_string() };
    let address = Address::parse(&settings.database.url.reveal()).map_err(wrong)?;
    let mut options = Options::new(address);
    options.connections = settings.database.pool_size.get();
    Ok(Database::open(&options))
}

fn key_ring(settings: &Settings, database: &Database, chance: &dyn Chance) -> Result<KeyRing, Trouble> {
    let setting = |why: String| Trouble::Setting { key: "secrets.keys", why };
    let mut keys = settings.secrets.keys.clone();
    if let (true, Some(file)) = (keys.is_empty(), settings.database.url.file()) {
        let beside = settings::key_file_beside(file);
        // A database that has known a key needs that one: a new file beside it would only hide the loss.
        if !beside.exists() && database.read(|connection| storage::noted(connection, "key_check"))?.is_some()
        {
            return Err(Trouble::KeyFileLost(beside));
        }
        let found = settings::key_file(&beside, chance)?;
        if let Some(warning) = &found.warning {
            tracing::warn!("{warning}");
        }
        keys.push(found.key);
    }
    let named = |key: settings::SecretKey| {
        NamedKey::new(&key.id, key.key).map_err(|error| setting(error.to_string()))
    };
    let keys = keys.into_iter().map(named).collect::<Result<Vec<_>, _>>()?;
    KeyRing::new(keys).map_err(|error| setting(error.to_string()))
}

/// Whether the keys open what this database holds; false where nothing was ever sealed, and nothing is made.
pub(crate) fn known_keys(settings: &Settings, database: &Database) -> Result<bool, Trouble> {
    let parts = Parts::default();
    if database.read(|connection| storage::noted(connection, "key_check"))?.is_none() {
        return Ok(false);
    }
    check_keys(database, &key_ring(settings, database, &*parts.chance)?, &parts)?;
    Ok(true)
}

/// A known text, sealed at the first start, tells at every later one whether the keys are the right ones.
fn check_keys(database: &Database, keys: &KeyRing, parts: &Parts) -> Result<(), Trouble> {
    let label = Label { purpose: Purpose::KeyCheck, context: "database" };
    let noted = database.read(|connection| storage::noted(connection, "key_check"))?;
    let sealed = match noted {
        Some(sealed) => sealed,
        None => database.write(parts.clock.now(), |tx| {
            let sealed = keys.seal(&*parts.chance, &label, b"teamdoor");
            storage::note(tx, "key_check", &sealed)
        })?,
    };
    keys.open(&label, &sealed).map(|_known| ()).map_err(|_not_ours| Trouble::WrongKeys)
}

fn desk(settings: &Settings) -> Result<Desk, Trouble> {
    let (product, from) = (&settings.product, settings.mail.from.as_str());
    let desk =
        Desk::new(&product.name, settings.server.public_url.clone(), from, product.support_url.clone())
            .map_err(|error| Trouble::Setting { key: "mail", why: error.to_string() })?;
    let desk = desk.with_console(settings.operator.team.is_some());
    Ok(desk.with_operators(settings.mail.operators.clone()))
}

fn face(settings: &Settings) -> Face {
    let product = &settings.product;
    let text = |url: &Option<url::Url>| url.as_ref().map(ToString::to_string);
    Face {
        product_name: product.name.clone(),
        logo: text(&product.logo),
        accent: Some(product.accent.as_str().to_owned()),
        home_url: text(&product.home_url).unwrap_or_else(|| "/".to_owned()),
        support_url: text(&product.support_url),
        privacy_url: text(&product.privacy_url),
        deployment: deployment(settings),
    }
}

/// A deployment that names itself as the stage is the stage.
fn deployment(settings: &Settings) -> Deployment {
    let ours = settings.server.public_url.origin();
    match &settings.stage.public_url {
        Some(stage) if stage.origin() == ours => Deployment::Stage,
        Some(_) | None => Deployment::Production,
    }
}

const fn most(limit: Limit) -> Option<u32> {
    match limit {
        Limit::Off => None,
        Limit::At(most) => Some(most.get()),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Trouble> {
    std::fs::read(path).map_err(|error| Trouble::File { path: path.to_owned(), error })
}
