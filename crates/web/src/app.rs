//! What every handler has at hand, and the few things they all do with it.

use std::net::IpAddr;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::web::Bytes;
use apps::Apps;
use ipnet::IpNet;
use pages::Face;
use signin::{Deps, Failures, Lookups, Verdict};
use signout::Turns;
use tokens::Tokens;
use url::Url;
use vocabulary::{ReferenceId, TeamId, Timestamp};

use crate::probes::Probes;

/// The service's state; one for the whole process, shared by its workers.
pub struct App {
    /// The sign-in story and all below it.
    pub door: Deps,
    /// The apps behind the door.
    pub apps: Apps,
    /// Tokens of operators and teams.
    pub tokens: Tokens,
    /// The vendor's face on every page.
    pub face: Face,
    /// Counts requests for a team by address.
    pub requests: Failures,
    /// Counts lookups of Team IDs by address.
    pub lookups_by_address: Failures,
    /// Emails whose Team IDs are looked up after the answer.
    pub lookups: Lookups,
    /// Counts unknown Team IDs, and links and codes of break-glass that are wrong, by address.
    pub unknown_teams: Failures,
    /// Counts by team how often its provider is asked from the settings page.
    pub checks: Failures,
    /// Takes what identity providers tell one by one.
    pub turns: Turns,
    /// Whose forwarded addresses are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// What apps behind the door are told, and by which keys.
    pub provider: provider::Deps,
    /// What clients can know about us beforehand, as JSON.
    pub discovery: Bytes,
    /// Where tiles of the stage go; the stage itself has its own address here.
    pub stage: Option<Url>,
    /// The team whose admins are operators.
    pub operators: Option<TeamId>,
    /// Counts how often client ids and secrets are tried.
    pub probes: Probes,
    /// What the operator API needs of the registry's rules.
    pub plain_http: teams::PlainHttp,
}

impl App {
    /// Whether browsers speak https to us.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.door.public_url.scheme() == "https"
    }

    /// Whether this address may ask for one more team that is not there; notes that it did.
    pub(crate) fn may_guess(&self, request: &HttpRequest) -> Verdict {
        let address = self.address(request);
        let verdict = self.unknown_teams.verdict(address, "");
        self.unknown_teams.note(address, "");
        verdict
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.door.clock.now()
    }

    pub(crate) fn reference(&self) -> ReferenceId {
        ReferenceId::random(&*self.door.chance)
    }

    /// From where a request came: the peer, or what trusted proxies say of it.
    pub(crate) fn address(&self, request: &HttpRequest) -> IpAddr {
        let nobody = IpAddr::from([0, 0, 0, 0]);
        let mut address = request.peer_addr().map_or(nobody, |peer| peer.ip().to_canonical());
        let forwarded: Vec<&str> = request
            .headers()
            .get_all("x-forwarded-for")
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        for hop in forwarded.into_iter().rev() {
            if !self.trusted_proxies.iter().any(|network| network.contains(&address)) {
                break;
            }
            match hop.trim().parse::<IpAddr>() {
                Ok(hop) => address = hop.to_canonical(),
                Err(_not_an_address) => break,
            }
        }
        address
    }
}

/// How long somebody should wait before asking a database again that could not be asked.
pub(crate) const DATABASE_RETRY: Duration = Duration::from_secs(2);
