//! What the tests of this room share: keys that sign, a provider on the wire, a fixed moment.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    self, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaEncoding, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use vocabulary::{ClientAuth, ClientId, ClientSecret, EmailTrust, Issuer, Scopes, Timestamp};

use crate::keys::KeySet;
use crate::options::Options;
use crate::outbound::Answer;
use crate::party::{Granted, Proofs, RelyingParty};
use crate::trouble::Endpoint;
use crate::upstream::Upstream;

pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

pub(crate) fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(test);
}

pub(crate) fn party(issuer: &str) -> RelyingParty {
    RelyingParty {
        connection: "connection-1/1".into(),
        issuer: Issuer::parse(issuer).unwrap(),
        aliases: Vec::new(),
        tenant: None,
        client_id: ClientId::parse("client-1").unwrap(),
        client_auth: ClientAuth::Basic,
        scopes: Scopes::default(),
        redirect_uri: "https://sso.test/t/acme/callback".into(),
        email_trust: EmailTrust::UnlessDenied,
        max_auth_age: None,
    }
}

pub(crate) fn proofs() -> Proofs {
    Proofs {
        state: "the-state".into(),
        nonce: "the-nonce".into(),
        code_verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into(),
    }
}

pub(crate) fn secret() -> ClientSecret {
    ClientSecret::parse("s3cret-canary").unwrap()
}

pub(crate) fn granted() -> Granted {
    Granted { code: "code-canary".into(), iss: None }
}

/// A Relying Party with short waits that may speak to loopback.
pub(crate) fn local_upstream() -> Upstream {
    let mut options = Options {
        allowed_networks: vec!["127.0.0.0/8".parse().unwrap()],
        allow_http: true,
        exchanges_in_flight_per_connection: Some(2),
        ..Options::default()
    };
    options.timeouts.total = Duration::from_secs(2);
    options.timeouts.turn = Duration::from_millis(150);
    Upstream::new(&options).unwrap()
}

enum Pair {
    Es256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(&'static RsaKeyPair, &'static dyn RsaEncoding),
}

/// A key of a provider.
pub(crate) struct Signer {
    kid: String,
    alg: String,
    pair: Pair,
}

/// Two RSA keys are enough for all tests; making one takes long.
fn rsa_pair() -> &'static RsaKeyPair {
    static PAIR: OnceLock<RsaKeyPair> = OnceLock::new();
    PAIR.get_or_init(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
}

impl Signer {
    pub(crate) fn es256(kid: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        Self { kid: kid.into(), alg: "ES256".into(), pair: Pair::Es256(pair) }
    }

    pub(crate) fn ed25519(kid: &str) -> Self {
        Self {
            kid: kid.into(),
            alg: "EdDSA".into(),
            pair: Pair::Ed25519(Ed25519KeyPair::generate().unwrap()),
        }
    }

    pub(crate) fn rsa(kid: &str, alg: &str) -> Self {
        let encoding: &'static dyn RsaEncoding = match alg {
            "RS256" => &signature::RSA_PKCS1_SHA256,
            "RS384" => &signature::RSA_PKCS1_SHA384,
            "RS512" => &signature::RSA_PKCS1_SHA512,
            "PS256" => &signature::RSA_PSS_SHA256,
            "PS384" => &signature::RSA_PSS_SHA384,
            "PS512" => &signature::RSA_PSS_SHA512,
            other => panic!("{other}"),
        };
        Self { kid: kid.into(), alg: alg.into(), pair: Pair::Rsa(rsa_pair(), encoding) }
    }

    pub(crate) fn sign(&self, text: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Es256(pair) => pair.sign(&random, text).unwrap().as_ref().to_vec(),
            Pair::Ed25519(pair) => pair.sign(text).as_ref().to_vec(),
            Pair::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*encoding, &random, text, &mut signature).unwrap();
                signature
            }
        }
    }

    pub(crate) fn jwk(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match &self.pair {
            Pair::Es256(pair) => {
                let point = pair.public_key().as_ref();
                json!({"kty": "EC", "crv": "P-256", "kid": self.kid, "use": "sig",
                    "x": text(&point[1..33]), "y": text(&point[33..])})
            }
            Pair::Ed25519(pair) => {
                json!({"kty": "OKP", "crv": "Ed25519", "kid": self.kid, "x": text(pair.public_key().as_ref())})
            }
            Pair::Rsa(pair, _) => {
                let (n, e) = (pair.public_key().modulus(), pair.public_key().exponent());
                json!({"kty": "RSA", "kid": self.kid, "use": "sig",
                    "n": text(n.big_endian_without_leading_zero()), "e": text(e.big_endian_without_leading_zero())})
            }
        }
    }

    /// A token with this header, whatever it says, signed by this key.
    pub(crate) fn token_with(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(self.sign(signed.as_bytes())))
    }

    pub(crate) fn token(&self, claims: &Value) -> String {
        self.token_with(&json!({"alg": self.alg, "kid": self.kid, "typ": "JWT"}), claims)
    }
}

pub(crate) fn key_set(signers: &[&Signer]) -> String {
    json!({"keys": signers.iter().map(|signer| signer.jwk()).collect::<Vec<_>>()}).to_string()
}

pub(crate) fn key_set_of(signers: &[&Signer]) -> KeySet {
    KeySet::read(&Answer::of_body(Endpoint::Keys, &key_set(signers))).unwrap()
}

/// What a path answers.
#[derive(Clone)]
struct Reply {
    status: u16,
    headers: String,
    body: Vec<u8>,
    delay: Duration,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) path: String,
    /// Everything but the body, lowercase names kept as sent.
    pub(crate) head: String,
    pub(crate) body: String,
}

#[derive(Default)]
struct State {
    replies: HashMap<String, Reply>,
    requests: Vec<Request>,
}

/// A provider on the wire: paths and their answers, changeable while it runs.
pub(crate) struct Provider {
    origin: String,
    pub(crate) signer: Signer,
    metadata: Mutex<Value>,
    state: Arc<Mutex<State>>,
}

impl Provider {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                thread::spawn(move || serve(stream, &state));
            }
        });
        let metadata = json!({
            "issuer": origin,
            "authorization_endpoint": format!("{origin}/authorize"),
            "token_endpoint": format!("{origin}/token"),
            "userinfo_endpoint": format!("{origin}/userinfo"),
            "jwks_uri": format!("{origin}/keys"),
            "response_types_supported": ["code"],
            "scopes_supported": ["openid", "profile", "email"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "EdDSA", "HS256", "none"],
            "code_challenge_methods_supported": ["S256"],
        });
        let signer = Signer::es256("key-1");
        let provider = Self { origin, signer, metadata: Mutex::new(metadata), state };
        provider.set_metadata("claims_supported", &json!([]));
        provider.set("/keys", 200, &key_set(&[&provider.signer]));
        provider.grant(&provider.claims());
        provider
    }

    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    pub(crate) fn party(&self) -> RelyingParty {
        party(&self.origin)
    }

    pub(crate) fn metadata(&self) -> Value {
        self.metadata.lock().unwrap().clone()
    }

    pub(crate) fn set_metadata(&self, field: &str, value: &(impl serde::Serialize + ?Sized)) {
        let mut metadata = self.metadata.lock().unwrap();
        metadata[field] = serde_json::to_value(value).unwrap();
        self.set("/.well-known/openid-configuration", 200, &metadata.to_string());
    }

    pub(crate) fn set(&self, path: &str, status: u16, body: &str) {
        self.set_whole(path, status, "", body.as_bytes().to_vec(), Duration::ZERO);
    }

    /// `headers`: lines, each ending in CRLF.
    pub(crate) fn set_whole(&self, path: &str, status: u16, headers: &str, body: Vec<u8>, delay: Duration) {
        let reply = Reply { status, headers: headers.to_owned(), body, delay };
        self.state.lock().unwrap().replies.insert(path.to_owned(), reply);
    }

    /// Claims that are right in everything.
    pub(crate) fn claims(&self) -> Value {
        json!({
            "iss": self.origin, "aud": "client-1", "sub": "00u1", "nonce": "the-nonce",
            "iat": NOW.seconds(), "exp": NOW.seconds() + 300,
            "email": "ada@acme.test", "email_verified": true, "name": "Ada Lovelace",
        })
    }

    /// The token endpoint gives out an ID token with these claims.
    pub(crate) fn grant(&self, claims: &Value) {
        self.grant_token(&self.signer.token(claims));
    }

    pub(crate) fn grant_token(&self, id_token: &str) {
        let body = json!({"access_token": "access-canary", "token_type": "Bearer", "id_token": id_token});
        self.set("/token", 200, &body.to_string());
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.state.lock().unwrap().requests.clone()
    }

    pub(crate) fn count(&self, path: &str) -> usize {
        self.requests().iter().filter(|request| request.path == path).count()
    }
}

fn serve(mut stream: TcpStream, state: &Mutex<State>) {
    let Some(request) = read(&mut stream) else { return };
    let reply = {
        let mut state = state.lock().unwrap();
        let reply = state.replies.get(&request.path).cloned();
        state.requests.push(request);
        reply.unwrap_or(Reply {
            status: 404,
            headers: String::new(),
            body: Vec::new(),
            delay: Duration::ZERO,
        })
    };
    let head = format!(
        "HTTP/1.1 {} X\r\nConnection: close\r\nContent-Length: {}\r\n{}\r\n",
        reply.status,
        reply.body.len(),
        reply.headers
    );
    // The other side may have gone: that is what some tests are about.
    let _gone = stream.write_all(head.as_bytes()).and_then(|()| {
        thread::sleep(reply.delay);
        stream.write_all(&reply.body)
    });
}

fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                let path = head.split(' ').nth(1)?.to_owned();
                return Some(Request { path, head: head.to_owned(), body: body.to_owned() });
            }
        }
        let read = stream.read(&mut buffer).ok()?;
        if read == 0 {
            return None;
        }
        bytes.extend_from_slice(&buffer[..read]);
    }
}
