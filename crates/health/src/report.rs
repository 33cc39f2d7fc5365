//! Health told to people and programs: the judgement in words, its remedy, and all that is known.

use serde::Serialize;
use vocabulary::{TeamId, Timestamp};

use crate::judgement::Judgement;
use crate::lookup::Health;

/// How a team's connection fares, as API and command line tell it.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Whose connection.
    pub team_id: TeamId,
    /// In one word.
    pub judgement: Judgement,
    /// In a sentence or two.
    pub message: String,
    /// What to do; none when there is nothing to do.
    pub remedy: Option<String>,
    /// When the first sign-in began that is counted; none when none is. A change of the settings starts anew.
    pub counted_since: Option<Timestamp>,
    /// How many people were sent to the identity provider.
    pub started: i64,
    /// How many of them came back.
    pub returned: i64,
    /// How many of those came in.
    pub finished: i64,
    /// How many did not.
    pub refused: i64,
    /// The last good sign-in, with whatever settings.
    pub last_good_at: Option<Timestamp>,
    /// The last one that ended otherwise.
    pub last_bad: Option<LastBad>,
    /// When the provider's metadata was last fetched.
    pub metadata_fetched_at: Option<Timestamp>,
    /// When its keys were.
    pub keys_fetched_at: Option<Timestamp>,
    /// Until when the provider is not asked, because it did not answer; none while it is.
    pub breaker_open_until: Option<Timestamp>,
}

/// A sign-in that ended otherwise.
#[derive(Clone, Debug, Serialize)]
pub struct LastBad {
    /// When.
    pub at: Timestamp,
    /// The stable code.
    pub cause: String,
    /// What the person's screen showed.
    pub reference: String,
}

impl Health {
    /// Tells it at this moment; `redirect_uri` is where the provider must send people back to.
    #[must_use]
    pub fn report(&self, redirect_uri: &str, now: Timestamp) -> Report {
        let row = &self.row;
        let moment = |millis: Option<i64>| millis.map(Timestamp::from_millis);
        let bad = (row.last_bad_at, &row.last_bad_cause, &row.last_bad_reference);
        let last_bad = match bad {
            (Some(at), Some(cause), Some(reference)) => Some(LastBad {
                at: Timestamp::from_millis(at),
                cause: cause.clone(),
                reference: reference.clone(),
            }),
            (None, _, _) | (_, None, _) | (_, _, None) => None,
        };
        let judgement = self.judgement(now);
        Report {
            team_id: self.team_id.clone(),
            judgement,
            message: self.message(judgement, last_bad.as_ref()),
            remedy: self.remedy(judgement, last_bad.as_ref(), redirect_uri),
            counted_since: (row.since > 0).then(|| Timestamp::from_millis(row.since)),
            started: row.started,
            returned: row.returned(),
            finished: row.finished,
            refused: row.refused,
            last_good_at: moment(row.last_good_at),
            last_bad,
            metadata_fetched_at: moment(row.metadata_fetched_at),
            keys_fetched_at: moment(row.keys_fetched_at),
            breaker_open_until: moment(row.unreachable_until).filter(|until| *until > now),
        }
    }

    fn message(&self, judgement: Judgement, last_bad: Option<&LastBad>) -> String {
        let row = &self.row;
        match judgement {
            Judgement::Well => "People come in.".to_owned(),
            Judgement::Quiet if row.started == 0 => {
                "Nobody has tried to sign in with these settings yet.".to_owned()
            }
            Judgement::Quiet => "Nobody has come in with these settings yet.".to_owned(),
            Judgement::NobodyComesBack => {
                "People are sent to the identity provider and none comes back.".to_owned()
            }
            Judgement::Failing => {
                let cause = last_bad.map_or("unknown", |bad| bad.cause.as_str());
                let since = if row.last_good_at.is_some() { "since the last good one" } else { "so far" };
                format!("{} sign-ins in a row were refused {since}, the last with {cause}.", row.bad_in_a_row)
            }
            Judgement::Unreachable => {
                "The identity provider does not answer; nobody is made to wait for it.".to_owned()
            }
        }
    }

    fn remedy(&self, judgement: Judgement, last_bad: Option<&LastBad>, redirect_uri: &str) -> Option<String> {
        let team = &self.team_id;
        match judgement {
            Judgement::Well | Judgement::Quiet => None,
            Judgement::NobodyComesBack => Some(format!(
                "Check that the redirect URI {redirect_uri} is registered there letter by letter, and that \
                 people are assigned to the app."
            )),
            Judgement::Failing => last_bad.map(|bad| remedy_of(bad, team)),
            Judgement::Unreachable => Some(format!(
                "It is tried again by itself. `teamdoor team check {team}` shows what is wrong with it."
            )),
        }
    }
}

/// What to do about a cause that comes back again and again.
fn remedy_of(bad: &LastBad, team: &TeamId) -> String {
    match bad.cause.as_str() {
        "idp_client_rejected" => format!(
            "The identity provider rejected the client secret (expired or rotated?). Make a new one there, then: \
             `teamdoor team set {team} --client-secret-file FILE`."
        ),
        "idp_not_assigned" => {
            "The people who try are not assigned to the app. The identity provider's administrator assigns them."
                .to_owned()
        }
        "idp_issuer_mismatch" | "idp_unreachable" | "idp_timeout" | "idp_protocol" | "issuer_forbidden_network" => {
            format!("`teamdoor team check {team}` shows what is wrong with the identity provider.")
        }
        "attempt_cookie_missing" => {
            "People's browsers do not keep the sign-in cookie: is the service reached at its public address, by \
             https, and in no frame?"
                .to_owned()
        }
        "email_domain" | "email_missing" => format!(
            "The people who try have no email that the team accepts. `teamdoor team show {team}` shows its domains \
             and what it requires."
        ),
        _ => format!("`teamdoor sign-in list --reference {}` tells more.", bad.reference),
    }
}
