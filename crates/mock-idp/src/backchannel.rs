//! Telling applications that somebody has signed out here (OpenID Connect Back-Channel Logout 1.0 §2.5).

use std::{
    io::{self, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    thread,
    time::Duration,
};

use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use crate::{
    id_token::Draft,
    issuer::{Issuer, Session},
    provider::Provider,
    server::LogoutOf,
};

/// How long an application may take for each step of hearing it.
const PATIENCE: Duration = Duration::from_secs(2);

/// A logout token on its way to an application.
pub(crate) struct Message {
    uri: String,
    token: String,
}

/// One message for each application that wants to hear of a session's end.
pub(crate) fn messages(provider: &Provider, issuer: &Issuer, ended: &Session) -> Vec<Message> {
    let of = LogoutOf::Both { subject: &ended.subject, sid: &ended.sid };
    let wanting = issuer.clients.iter().filter_map(|client| {
        let uri = client.backchannel_logout_uri.clone()?;
        let claims = claims(provider, &issuer.address, &client.client_id, of);
        Some(Message { uri, token: signed(issuer, "logout+jwt", &claims) })
    });
    wanting.collect()
}

/// Sends them one after the other from a thread of their own; who does not hear is not told again.
pub(crate) fn send(messages: Vec<Message>) {
    if messages.is_empty() {
        return;
    }
    let sending = thread::Builder::new().name("practice-logout".to_owned());
    // Without a thread nobody is told, as by a provider that is down.
    drop(sending.spawn(move || {
        for message in messages {
            drop(post(&message));
        }
    }));
}

/// The claims of a right logout token (§2.4), made now, with a new `jti`.
pub(crate) fn claims(provider: &Provider, issuer: &str, client_id: &str, of: LogoutOf<'_>) -> Value {
    let now = provider.now().seconds();
    let mut claims = json!({
        "iss": issuer,
        "aud": client_id,
        "iat": now,
        "exp": now + 120,
        "jti": provider.random(),
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    });
    let (subject, sid) = match of {
        LogoutOf::Subject(subject) => (Some(subject), None),
        LogoutOf::Session(sid) => (None, Some(sid)),
        LogoutOf::Both { subject, sid } => (Some(subject), Some(sid)),
    };
    if let Some(members) = claims.as_object_mut() {
        members.extend(subject.map(|subject| ("sub".to_owned(), json!(subject))));
        members.extend(sid.map(|sid| ("sid".to_owned(), json!(sid))));
    }
    claims
}

/// Claims signed with the key that signs ID tokens, under this `typ`.
pub(crate) fn signed(issuer: &Issuer, typ: &str, claims: &Value) -> String {
    Draft::new(typ, claims.to_string().into_bytes(), issuer.signing_key()).signed()
}

/// A POST of the token over plain http.
fn post(message: &Message) -> io::Result<()> {
    let url = Url::parse(&message.uri).map_err(io::Error::other)?;
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(80);
    let body =
        form_urlencoded::Serializer::new(String::new()).append_pair("logout_token", &message.token).finish();
    let request = format!(
        "POST {} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        url.path(),
        body.len(),
    );
    // A name may lead to several addresses, of which one listens.
    let mut connected = Err(io::Error::other("the name leads nowhere"));
    for address in (host, port).to_socket_addrs()? {
        connected = TcpStream::connect_timeout(&address, PATIENCE);
        if connected.is_ok() {
            break;
        }
    }
    let mut stream = connected?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(request.as_bytes())?;
    // The first bytes of an answer say that it was heard.
    let mut answer = [0; 12];
    stream.read_exact(&mut answer)
}
