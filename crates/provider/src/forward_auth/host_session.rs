//! The cookie on an app's host. It is no session of its own: it names one at Teamdoor, for one app and one team.

use apps::{App, AppHost};
use sealing::{KeyRing, Label, Purpose, TokenHash};
use sessions::SignedIn;
use storage::StorageError;
use vocabulary::{Chance, ClientId, TeamId, Timestamp};

use crate::Deps;

/// Ours have some three hundred characters.
const LONGEST: usize = 1024;

/// What the cookie says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HostSession {
    pub(super) client: ClientId,
    pub(super) team: TeamId,
    pub(super) session: TokenHash,
    /// When it ends at the latest.
    pub(super) until: Timestamp,
}

impl HostSession {
    /// The cookie's value, which opens on this host alone.
    pub(super) fn seal(&self, keys: &KeyRing, chance: &dyn Chance, host: &AppHost) -> String {
        let Self { client, team, session, until } = self;
        let plain = format!("{client}\n{team}\n{}\n{}", session.as_str(), until.millis());
        keys.seal(chance, &label(host), plain.as_bytes())
    }

    fn open(keys: &KeyRing, host: &AppHost, sealed: &str) -> Option<Self> {
        if sealed.len() > LONGEST {
            return None;
        }
        let plain = keys.open(&label(host), sealed).ok()?;
        let mut lines = std::str::from_utf8(&plain).ok()?.split('\n');
        let (client, team, session, until) = (lines.next()?, lines.next()?, lines.next()?, lines.next()?);
        Some(Self {
            client: ClientId::parse(client).ok()?,
            team: TeamId::parse(team).ok()?,
            session: TokenHash::parse(session)?,
            until: Timestamp::from_millis(until.parse().ok()?),
        })
    }
}

fn label(host: &AppHost) -> Label<'_> {
    Label { purpose: Purpose::HostSession, context: host.as_str() }
}

/// Who holds this cookie on the host of this app, as of now; nobody, when anything about it is not as it should be.
/// Whether they may use the app is asked of [`super::may_pass`].
pub async fn recognise(
    deps: &Deps,
    app: &App,
    host: &AppHost,
    sealed: &str,
) -> Result<Option<SignedIn>, StorageError> {
    let now = deps.clock.now();
    let Some(cookie) = HostSession::open(&deps.keys, host, sealed) else {
        return Ok(None);
    };
    if cookie.client != app.id || now >= cookie.until {
        return Ok(None);
    }
    deps.sessions.recognise_by_hash(&cookie.team, &cookie.session, now).await
}

#[cfg(test)]
mod tests {
    use sealing::{NamedKey, SystemChance, hash_token};

    use super::*;

    fn keys() -> KeyRing {
        KeyRing::new(vec![NamedKey::new("k1", [7; 32].into()).unwrap()]).unwrap()
    }

    fn cookie() -> HostSession {
        HostSession {
            client: ClientId::parse("wiki").unwrap(),
            team: TeamId::parse("acme").unwrap(),
            session: hash_token("a session"),
            until: Timestamp::from_millis(1_700_000_000_000),
        }
    }

    #[test]
    fn a_cookie_opens_on_its_own_host_as_it_was_sealed() {
        let (keys, host) = (keys(), AppHost::parse("wiki.example.com").unwrap());
        let sealed = cookie().seal(&keys, &SystemChance, &host);
        assert_eq!(HostSession::open(&keys, &host, &sealed), Some(cookie()));
        assert!(sealed.len() < LONGEST / 2, "{}", sealed.len());
    }

    #[test]
    fn a_cookie_opens_on_no_other_host_and_changed_not_at_all() {
        let (keys, host) = (keys(), AppHost::parse("wiki.example.com").unwrap());
        let sealed = cookie().seal(&keys, &SystemChance, &host);
        for other in ["notes.example.com", "wiki.example.com:8443", "example.com"] {
            assert_eq!(HostSession::open(&keys, &AppHost::parse(other).unwrap(), &sealed), None, "{other}");
        }
        let padded = format!("{sealed}{}", "A".repeat(LONGEST));
        for odd in ["", ".", "k1.", "k1.AAAA", &sealed[..sealed.len() - 1], &padded] {
            assert_eq!(HostSession::open(&keys, &host, odd), None, "{odd}");
        }
        let label = Label { purpose: Purpose::HandOver, context: host.as_str() };
        let of_another_purpose = keys.seal(&SystemChance, &label, b"wiki\nacme\n\n1");
        assert_eq!(HostSession::open(&keys, &host, &of_another_purpose), None);
    }
}
