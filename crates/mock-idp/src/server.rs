//! Starting, stopping and steering a practice provider. It serves in a thread of its own, so that it works
//! from any runtime and from none.

use std::{
    io,
    net::TcpListener,
    sync::{Arc, MutexGuard},
    thread,
    time::Duration,
};

use actix_web::{App, HttpServer, dev::ServerHandle, rt::System, web};
use serde_json::Value;
use tokio::sync::oneshot;

use crate::{
    backchannel,
    config::{Client, Config, IdTokens, IssParameter, Person},
    endpoints::{
        admin, authorize, choose, dashboard, discovery, elsewhere, front, keys, logout, token, userinfo,
    },
    id_token::{Draft, spoil_signature},
    issuer::{Counts, Issuer},
    misbehaviour::{Faults, Misbehaviour, SignatureFault},
    provider::Provider,
};

/// A practice provider that is being served. Dropping it stops it.
pub struct MockIdp {
    provider: Arc<Provider>,
    handle: ServerHandle,
}

/// Serves these issuers on this listener, as `http://localhost:PORT/{path}`.
///
/// An error is one of the socket.
pub async fn start(listener: TcpListener, config: Config) -> io::Result<MockIdp> {
    let port = listener.local_addr()?.port();
    let provider = Arc::new(Provider::new(format!("http://localhost:{port}"), &config));
    let data = web::Data::from(Arc::clone(&provider));
    let (started, handle) = oneshot::channel();
    thread::Builder::new().name("practice-idp".to_owned()).spawn(move || {
        System::new().block_on(async move {
            let server = HttpServer::new(move || App::new().app_data(data.clone()).configure(routes))
                .workers(1)
                .disable_signals()
                .shutdown_timeout(0)
                .listen(listener);
            match server.map(HttpServer::run) {
                Ok(server) => {
                    // When nobody waits for the start any more, the handle comes back and the server ends.
                    if started.send(Ok(server.handle())).is_ok() {
                        server.await.ok();
                    }
                }
                Err(error) => drop(started.send(Err(error))),
            }
        });
    })?;
    let handle = handle.await.map_err(io::Error::other)??;
    Ok(MockIdp { provider, handle })
}

fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/", web::get().to(front::get))
        .route("/style.css", web::get().to(front::style))
        .route("/{path:.+}/.well-known/openid-configuration", web::get().to(discovery::get))
        .route("/{path:.+}/authorize", web::get().to(authorize::get))
        .route("/{path:.+}/authorize", web::post().to(authorize::post))
        .route("/{path:.+}/choose", web::post().to(choose::post))
        .route("/{path:.+}/token", web::post().to(token::post))
        .route("/{path:.+}/userinfo", web::get().to(userinfo::any))
        .route("/{path:.+}/userinfo", web::post().to(userinfo::any))
        .route("/{path:.+}/keys", web::get().to(keys::get))
        .route("/{path:.+}/logout", web::get().to(logout::get))
        .route("/{path:.+}/logout", web::post().to(logout::post))
        .route("/{path:.+}/elsewhere", web::to(elsewhere::any))
        .route("/{path:.+}/admin", web::get().to(admin::get))
        .route("/{path:.+}/dashboard", web::get().to(dashboard::get))
        .route("/{path:.+}", web::get().to(dashboard::get));
}

/// Whose sessions a logout token ends (OpenID Connect Back-Channel Logout 1.0 §2.4).
#[derive(Clone, Copy, Debug)]
pub enum LogoutOf<'name> {
    /// All sessions of this `sub`.
    Subject(&'name str),
    /// The session of this `sid`.
    Session(&'name str),
    /// Both said.
    Both {
        /// `sub`
        subject: &'name str,
        /// `sid`
        sid: &'name str,
    },
}

/// Every method that takes a `path` panics when there is no such issuer: a test that misspells one must not
/// pass by doing nothing.
impl MockIdp {
    /// `http://localhost:PORT`
    #[must_use]
    pub fn base(&self) -> &str {
        &self.provider.base
    }

    /// The issuer identifier, byte for byte as tokens and metadata say it.
    #[must_use]
    pub fn issuer(&self, path: &str) -> String {
        self.at(path).address.clone()
    }

    /// Switches a misbehaviour on; another of its kind goes off.
    pub fn misbehave(&self, path: &str, misbehaviour: impl Into<Misbehaviour>) {
        self.at(path).faults.switch_on(misbehaviour.into());
    }

    /// Switches all misbehaviours of this issuer off.
    pub fn behave(&self, path: &str) {
        self.at(path).faults = Faults::default();
    }

    /// How long `WireFault::Slow` waits; 20 seconds at first.
    pub fn set_delay(&self, path: &str, delay: Duration) {
        self.at(path).delay = delay;
    }

    /// Whether ID tokens say everything or leave it to UserInfo.
    pub fn set_id_tokens(&self, path: &str, id_tokens: IdTokens) {
        self.at(path).id_tokens = id_tokens;
    }

    /// Whether answers carry `iss` and the metadata says so.
    pub fn set_iss_parameter(&self, path: &str, iss_parameter: IssParameter) {
        self.at(path).iss_parameter = iss_parameter;
    }

    /// How long after somebody signed in here their sessions elsewhere must end.
    pub fn set_session_lasts(&self, path: &str, lasts: Option<Duration>) {
        self.at(path).session_lasts = lasts;
    }

    /// Registers an application, in place of one with the same client id.
    pub fn add_client(&self, path: &str, client: Client) {
        let mut issuer = self.at(path);
        issuer.clients.retain(|other| other.client_id != client.client_id);
        issuer.clients.push(client);
    }

    /// Changes an application, for example its secret.
    ///
    /// # Panics
    /// When there is no such application.
    #[expect(clippy::panic, reason = "a test that misspells a client must not pass by doing nothing")]
    pub fn edit_client(&self, path: &str, client_id: &str, edit: impl FnOnce(&mut Client)) {
        let mut issuer = self.at(path);
        let client = issuer.clients.iter_mut().find(|client| client.client_id == client_id);
        edit(client.unwrap_or_else(|| panic!("no client {client_id} at {path}")));
    }

    /// Adds someone who can sign in, in place of one with the same subject.
    pub fn add_person(&self, path: &str, person: Person) {
        let mut issuer = self.at(path);
        issuer.people.retain(|other| other.subject != person.subject);
        issuer.people.push(person);
    }

    /// Changes what is known of someone, found by subject or email.
    ///
    /// # Panics
    /// When there is no such person.
    #[expect(clippy::panic, reason = "a test that misspells a person must not pass by doing nothing")]
    pub fn edit_person(&self, path: &str, subject_or_email: &str, edit: impl FnOnce(&mut Person)) {
        let mut issuer = self.at(path);
        let person = issuer.people.iter_mut().find(|person| person.answers_to(subject_or_email));
        edit(person.unwrap_or_else(|| panic!("no person {subject_or_email} at {path}")));
    }

    /// A new key signs and is published; the old one is gone at once.
    pub fn rotate_keys(&self, path: &str) {
        self.publish_next_key(path);
        self.sign_with_newest_key(path);
        self.retire_old_keys(path);
    }

    /// A new key is published beside the one that still signs.
    pub fn publish_next_key(&self, path: &str) {
        let kid = self.provider.random();
        self.at(path).ring.publish_next(&kid);
    }

    /// The newest key signs; the old ones stay published.
    pub fn sign_with_newest_key(&self, path: &str) {
        self.at(path).ring.sign_with_newest();
    }

    /// Keys older than the one that signs are no longer published.
    pub fn retire_old_keys(&self, path: &str) {
        self.at(path).ring.retire_old();
    }

    /// How often this issuer was asked so far.
    #[must_use]
    pub fn counts(&self, path: &str) -> Counts {
        self.at(path).counts
    }

    /// The `sid` of every session that this person, by subject or email, has at the provider.
    #[must_use]
    pub fn sids(&self, path: &str, subject_or_email: &str) -> Vec<String> {
        let issuer = self.at(path);
        let Some(person) = issuer.person(subject_or_email) else {
            return Vec::new();
        };
        let sessions = issuer.sessions.values().filter(|session| session.subject == person.subject);
        sessions.map(|session| session.sid.clone()).collect()
    }

    /// Ends every session at the provider, so that the next sign-in asks who it is.
    pub fn forget_sessions(&self, path: &str) {
        self.at(path).sessions.keep_only(|_| false);
    }

    /// Any claims, signed with the key that signs ID tokens, under this `typ`: for logout tokens and Universal
    /// Logout, right and wrong.
    #[must_use]
    pub fn sign(&self, path: &str, typ: &str, claims: &Value) -> String {
        backchannel::signed(&self.at(path), typ, claims)
    }

    /// The same with a fault of header, signature or form, as it could come for this client.
    ///
    /// # Panics
    /// When there is no such application.
    #[must_use]
    #[expect(clippy::panic, reason = "a test that misspells a client must not pass by doing nothing")]
    pub fn sign_despite(
        &self,
        path: &str,
        typ: &str,
        claims: &Value,
        fault: SignatureFault,
        client_id: &str,
    ) -> String {
        let issuer = self.at(path);
        let client = issuer.client(client_id).unwrap_or_else(|| panic!("no client {client_id} at {path}"));
        let draft = Draft::new(typ, claims.to_string().into_bytes(), issuer.signing_key());
        spoil_signature(draft, fault, &issuer, client)
    }

    /// The claims of a right back-channel logout token, made now, with a new `jti`.
    #[must_use]
    pub fn logout_claims(&self, path: &str, client_id: &str, of: LogoutOf<'_>) -> Value {
        backchannel::claims(&self.provider, &self.issuer(path), client_id, of)
    }

    /// A right back-channel logout token.
    #[must_use]
    pub fn sign_logout_token(&self, path: &str, client_id: &str, of: LogoutOf<'_>) -> String {
        self.sign(path, "logout+jwt", &self.logout_claims(path, client_id, of))
    }

    /// Stops serving at once; what is under way is cut.
    pub async fn stop(self) {
        self.handle.stop(false).await;
    }

    #[expect(clippy::panic, reason = "a test that misspells an issuer must not pass by doing nothing")]
    fn at(&self, path: &str) -> MutexGuard<'_, Issuer> {
        let issuer = self.provider.issuer(path);
        issuer.unwrap_or_else(|| panic!("no issuer {path} at {}", self.provider.base))
    }
}

impl Drop for MockIdp {
    fn drop(&mut self) {
        // The order is sent when the future is made; nobody waits for its end.
        drop(self.handle.stop(false));
    }
}
