//! A small house for tests: a fresh database with teams, people, their sessions and apps, and a clock moved by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use apps::{App, AppOptions, Apps, NewApp, RedirectUri, Secrecy};
use people::{CameBy, EmailStanding, Profile};
use roles::Operator;
use sealing::{KeyRing, NamedKey, OpaqueToken, SystemChance, TokenHash};
use sessions::{End, Limits, NewSession, Sessions, SignedIn};
use storage::{Address, Database, Options, Tx};
use teams::{ConnectionOptions, NewTeam, PlainHttp, Registrar, Registry, State};
use tempfile::TempDir;
use tokens::Tokens;
use url::Url;
use vocabulary::{ClientId, ClientSecret, Clock, Email, Issuer, PersonId, Subject, TeamId, Timestamp};

use crate::authorization::{AuthorizationRequest, Decision};
use crate::{Credentials, Deps, Grants, Lifetimes, SigningKeys, TokenError, TokenResponse};

/// RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const START: Timestamp = Timestamp::from_seconds(1_777_802_400);

pub(crate) struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

pub(crate) struct Place {
    pub(crate) deps: Deps,
    clock: Arc<Hand>,
    _folder: TempDir,
}

/// Pairs that own their text.
pub(crate) fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

pub(crate) fn team(text: &str) -> TeamId {
    TeamId::parse(text).unwrap()
}

impl Place {
    /// With the open teams `acme` and `globex`.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/teamdoor.db", folder.path().display());
        let database = Database::open(&Options::new(Address::parse(&url).unwrap()));
        database.migrate().unwrap();
        let ring = KeyRing::new(vec![NamedKey::new("k1", [1; 32].into()).unwrap()]).unwrap();
        let (keys, clock) = (Arc::new(ring), Arc::new(Hand(AtomicI64::new(START.millis()))));
        let registry = Registry::new(&database);
        let limits = Limits { idle: Duration::from_hours(8), absolute: Duration::from_hours(7 * 24) };
        let week = Duration::from_hours(7 * 24);
        let deps = Deps {
            sessions: Sessions::new(&database, &registry, limits),
            apps: Apps::new(&database),
            tokens: Tokens::new(&database, &registry, tokens::Limits { personal_max_auth_age: week }),
            grants: Grants::new(&database),
            signing: SigningKeys::new(&database, Arc::clone(&keys), Arc::new(SystemChance)),
            chance: Arc::new(SystemChance),
            clock: Arc::<Hand>::clone(&clock),
            public_url: Url::parse("https://sso.example").unwrap(),
            lifetimes: Lifetimes {
                access_token: Duration::from_mins(10),
                refresh_token: week,
                refresh_max_auth_age: week,
            },
            database,
            registry,
            keys,
        };
        let place = Self { deps, clock, _folder: folder };
        for name in ["acme", "globex"] {
            place.add_team(name);
        }
        place
    }

    pub(crate) fn wait(&self, duration: Duration) {
        let millis = i64::try_from(duration.as_millis()).unwrap();
        self.clock.0.fetch_add(millis, Ordering::Relaxed);
    }

    pub(crate) fn write<T>(&self, deed: impl FnOnce(&mut Tx<'_>) -> T) -> T {
        self.deps.database.write(self.deps.now(), |tx| Ok::<_, storage::StorageError>(deed(tx))).unwrap()
    }

    fn add_team(&self, name: &str) {
        let issuer = Issuer::parse(&format!("https://{name}.okta.test")).unwrap();
        let registrar =
            Registrar { keys: &self.deps.keys, chance: &SystemChance, plain_http: PlainHttp::Refused };
        let new = NewTeam {
            team_id: team(name),
            name: None,
            admin_email: Email::parse("boss@acme.test").unwrap(),
            client_id: ClientId::parse("0oa").unwrap(),
            client_secret: ClientSecret::parse("a secret of theirs"),
            options: ConnectionOptions::usual(&issuer),
            callback_path: None,
            state: State::Enabled,
            issuer,
        };
        self.write(|tx| teams::add(tx, &registrar, &new, "command-line").unwrap());
    }

    /// Registers an app of a name that is sent back to `https://NAME.test/back`.
    pub(crate) fn app(&self, name: &str, edit: impl FnOnce(&mut NewApp)) -> Ledger {
        let back = format!("https://{name}.test/back");
        let redirect_uris = vec![RedirectUri::parse(&back).unwrap()];
        let mut new = NewApp {
            name: name.to_owned(),
            secrecy: Secrecy::Confidential,
            host: None,
            options: AppOptions { redirect_uris, ..AppOptions::default() },
        };
        edit(&mut new);
        let operator = Operator::at_the_command_line();
        let (app, secret) = self.write(|tx| apps::add(tx, &SystemChance, &operator, &new).unwrap());
        Ledger { app, secret: secret.map(|secret| secret.reveal().to_owned()), back }
    }

    /// Signs somebody in to a team: their account comes into being when it is not there.
    pub(crate) async fn sign_in(&self, team_id: &str, name: &str) -> SignedIn {
        let team_id = team(team_id);
        let open = self.deps.registry.open_team_now(&team_id).unwrap().unwrap();
        let profile = Profile {
            subject: Subject::parse(name).unwrap(),
            email: Email::parse(&format!("{name}@{team_id}.test")).ok(),
            standing: EmailStanding::Trusted,
            name: Some(format!("{name} Tester")),
            given_name: Some(name.to_owned()),
            family_name: None,
        };
        let token: OpaqueToken = self.write(|tx| {
            let connection = &open.connection.id;
            let (person, _) =
                people::recognise(tx, &SystemChance, &team_id, connection, &profile, CameBy::TeamId).unwrap();
            roles::admit(tx, &team_id, &person).unwrap();
            let new = NewSession {
                team: &team_id,
                person: &person.id,
                connection,
                idp_sid: None,
                id_token: "x",
                subject: &profile.subject,
                email: None,
                auth_time: None,
                begun: tx.now(),
                absolute: Duration::from_hours(7 * 24),
                ends_by: None,
            };
            sessions::open(tx, &self.deps.keys, &SystemChance, &new).unwrap()
        });
        self.deps.sessions.recognise(&team_id, token.reveal(), self.deps.now()).await.unwrap().unwrap()
    }

    pub(crate) fn end_session(&self, session: &TokenHash) {
        self.write(|tx| sessions::end(tx, End::One(session)).unwrap());
    }

    /// Ends everything of somebody, as a deactivation does.
    pub(crate) fn end_all(&self, person: &PersonId) {
        self.write(|tx| {
            sessions::end(tx, End::Person(person)).unwrap();
            crate::end_grants_of(tx, person).unwrap();
        });
    }

    /// What is on the record of somebody's team of codes and tokens of theirs that were used twice.
    pub(crate) fn reuses(&self, who: &SignedIn) -> Vec<serde_json::Value> {
        let entries = self.write(|tx| audit::of_team(tx, &who.team.team.team_id, None, 100).unwrap());
        let theirs = entries.into_iter().filter(|entry| entry.target.as_ref() == Some(&who.person));
        theirs.filter(|entry| entry.act == Some(audit::Act::GrantReused)).map(|entry| entry.detail).collect()
    }

    /// How many rows of what apps were granted there are: grants and tokens.
    pub(crate) fn granted(&self) -> (i64, i64) {
        use diesel::prelude::*;
        use storage::each;
        use storage::schema::{grant_tokens, grants};
        self.write(|tx| {
            let grants: i64 = each!(&mut **tx, c => grants::table.count().get_result(c)).unwrap();
            let tokens: i64 = each!(&mut **tx, c => grant_tokens::table.count().get_result(c)).unwrap();
            (grants, tokens)
        })
    }
}

/// A registered app as its developer holds it.
pub(crate) struct Ledger {
    pub(crate) app: App,
    pub(crate) secret: Option<String>,
    pub(crate) back: String,
}

impl Ledger {
    /// The parameters of a request; what `more` says comes instead of what is there, and empty is left out.
    pub(crate) fn request(&self, more: &[(&str, &str)]) -> Vec<(String, String)> {
        let usual = [
            ("client_id", self.app.id.as_str()),
            ("redirect_uri", &self.back),
            ("response_type", "code"),
            ("scope", "openid profile email"),
            ("state", "the state"),
            ("nonce", "the-nonce"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        let kept = usual.into_iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
        let all: Vec<(&str, &str)> =
            kept.chain(more.iter().copied()).filter(|(_, value)| !value.is_empty()).collect();
        owned(&all)
    }

    pub(crate) fn credentials(&self) -> Credentials {
        let mut form = vec![("client_id", self.app.id.as_str())];
        form.extend(self.secret.as_deref().map(|secret| ("client_secret", secret)));
        Credentials::read(None, &owned(&form)).unwrap()
    }

    pub(crate) async fn read(&self, place: &Place, more: &[(&str, &str)]) -> AuthorizationRequest {
        crate::read(&place.deps, &self.request(more)).await.unwrap()
    }

    /// The code for somebody who is signed in.
    pub(crate) async fn code(&self, place: &Place, who: &SignedIn, more: &[(&str, &str)]) -> String {
        let request = self.read(place, more).await;
        match crate::authorize(&place.deps, &request, who).await.unwrap() {
            Decision::Answer(answer) => told(&answer.location, "code").unwrap(),
            other @ (Decision::SignInAgain(_) | Decision::NotAdmitted(_)) => panic!("{other:?}"),
        }
    }

    pub(crate) async fn redeem(&self, place: &Place, code: &str) -> Result<TokenResponse, TokenError> {
        self.redeem_with(place, code, &[]).await
    }

    pub(crate) async fn redeem_with(
        &self,
        place: &Place,
        code: &str,
        more: &[(&str, &str)],
    ) -> Result<TokenResponse, TokenError> {
        let usual = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.back),
            ("code_verifier", VERIFIER),
        ];
        let kept = usual.into_iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
        let all: Vec<(&str, &str)> = kept.chain(more.iter().copied()).collect();
        crate::token(&place.deps, self.credentials(), &owned(&all)).await
    }

    pub(crate) async fn tokens(&self, place: &Place, who: &SignedIn, scope: &str) -> TokenResponse {
        let code = self.code(place, who, &[("scope", scope)]).await;
        self.redeem(place, &code).await.unwrap()
    }

    pub(crate) async fn refresh(
        &self,
        place: &Place,
        token: &str,
        more: &[(&str, &str)],
    ) -> Result<TokenResponse, TokenError> {
        let mut form = vec![("grant_type", "refresh_token"), ("refresh_token", token)];
        form.extend_from_slice(more);
        crate::token(&place.deps, self.credentials(), &owned(&form)).await
    }
}

/// A parameter of an address.
pub(crate) fn told(address: &str, name: &str) -> Option<String> {
    let url = Url::parse(address).unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The claims of a token that nobody verifies here.
pub(crate) fn claims(jwt: &str) -> serde_json::Value {
    use base64::Engine as _;
    let part = jwt.split('.').nth(1).unwrap();
    let plain = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap();
    serde_json::from_slice(&plain).unwrap()
}
