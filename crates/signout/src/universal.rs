//! The identity provider revokes somebody (Global Token Revocation, Okta's Universal Logout).

use std::sync::Arc;

use audit::{Act, Actor};
use people::Person;
use serde_json::json;
use sessions::EndedAtIdp;
use signin::Deps;
use storage::{StorageError, Tx};
use teams::OpenTeam;
use upstream::{OutsideFault, TokenFault};
use vocabulary::Subject;

use crate::backchannel::record;
use crate::everywhere::{Ended, end_all_of};
use crate::heard::{self, Endpoint, HeardToken, NotNow, Unheard};
use crate::subject_id::SubjectId;
use crate::turns::Turns;

/// How many people one request ends at most: an email may fit several.
const MOST_PEOPLE: usize = 100;

/// Why a request is not answered at all.
#[derive(Debug, thiserror::Error)]
pub enum RevocationError {
    /// The token is not one of this connection's provider, of now.
    #[error("{0}")]
    Untrusted(TokenFault),
    /// The provider signed the token, but for somebody else or in another name.
    #[error("{0}")]
    Foreign(TokenFault),
    /// The token came before, with something else.
    #[error("its jti was used before, with other content")]
    Reused,
    /// Nobody's fault, or ours: it may be asked again.
    #[error(transparent)]
    NotNow(#[from] NotNow),
}

impl From<OutsideFault> for RevocationError {
    fn from(fault: OutsideFault) -> Self {
        match fault {
            OutsideFault::Untrusted(fault) => Self::Untrusted(fault),
            OutsideFault::Foreign(fault) => Self::Foreign(fault),
            OutsideFault::Upstream(trouble) => Self::NotNow(NotNow::Upstream(trouble)),
        }
    }
}

impl From<Unheard> for RevocationError {
    fn from(unheard: Unheard) -> Self {
        match unheard {
            Unheard::Reused => Self::Reused,
            Unheard::NotNow(not_now) => Self::NotNow(not_now),
        }
    }
}

/// What came of a request by the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// Whoever is meant is signed out everywhere.
    Done,
    /// The body is not what the specification says.
    Malformed,
    /// Nobody of this name came through this connection.
    NobodyOfThatName,
    /// More people have this email than one request ends.
    TooMany,
}

impl Revocation {
    const ALL: [Self; 4] = [Self::Done, Self::Malformed, Self::NobodyOfThatName, Self::TooMany];

    /// As it is kept, to be given again.
    const fn number(self) -> i64 {
        match self {
            Self::Done => 0,
            Self::Malformed => 1,
            Self::NobodyOfThatName => 2,
            Self::TooMany => 3,
        }
    }

    fn of_number(number: i64) -> Self {
        Self::ALL.into_iter().find(|one| one.number() == number).unwrap_or(Self::Malformed)
    }
}

/// A request whose token was verified; its body has not been read yet.
#[derive(Debug)]
pub struct RevocationRequest {
    team: Arc<OpenTeam>,
    jti: String,
    token: String,
}

/// Finds out whether the provider is asking: `audience` is the address of ours that it asks at.
pub async fn revocation_request(
    deps: &Deps,
    team: &Arc<OpenTeam>,
    audience: &str,
    token: &str,
) -> Result<RevocationRequest, RevocationError> {
    let said = deps.upstream.revocation_token(&deps.party(team), audience, token, deps.clock.now()).await?;
    Ok(RevocationRequest { team: Arc::clone(team), jti: said.jti, token: token.to_owned() })
}

impl RevocationRequest {
    /// Ends whatever the person in the body has here, and whatever they are about to open. The same token with
    /// the same body gets the first answer again.
    pub async fn answer(
        self,
        deps: &Deps,
        turns: &Turns,
        body: &[u8],
    ) -> Result<Revocation, RevocationError> {
        // What is no UTF-8 is malformed, one like the other.
        let text = String::from_utf8_lossy(body);
        let connection = &self.team.connection.id;
        let token = HeardToken::new(connection, Endpoint::Revocation, &self.jti, &self.token, &text);
        let named = SubjectId::parse(body);
        let number = heard::once(deps, turns, &self.team, token, move |tx, team| {
            let came = named.map_or(Ok(Revocation::Malformed), |named| revoke(tx, team, &named));
            came.map(Revocation::number)
        });
        Ok(Revocation::of_number(number.await?))
    }
}

fn revoke(tx: &mut Tx<'_>, team: &OpenTeam, named: &SubjectId) -> Result<Revocation, StorageError> {
    let connection = &team.connection;
    let people: Vec<Person> = match named {
        SubjectId::Email(email) => {
            // Whoever is signing in with it right now does not come in.
            sessions::end_at_idp(tx, &connection.id, EndedAtIdp::SignInsOf(email))?;
            let of_any_connection = people::with_email(tx, &team.team.team_id, email)?;
            let is_present = |person: &Person| person.connection_id == connection.id.as_str();
            of_any_connection.into_iter().filter(is_present).collect()
        }
        SubjectId::IssuerAndSubject(issuer, _) if !connection.answers_to(issuer) => Vec::new(),
        SubjectId::IssuerAndSubject(_, subject) => {
            let person = people::by_subject(tx, &connection.id, subject)?;
            if person.is_none() {
                // Whoever is signing in for the first time right now does not come in.
                sessions::end_at_idp(tx, &connection.id, EndedAtIdp::Subject(subject))?;
            }
            person.into_iter().collect()
        }
    };
    if people.is_empty() {
        return Ok(Revocation::NobodyOfThatName);
    }
    if people.len() > MOST_PEOPLE {
        return Ok(Revocation::TooMany);
    }
    for person in &people {
        // What stands in the table was read as a subject when they signed in.
        if let Ok(subject) = Subject::parse(&person.subject) {
            let team_id = &team.team.team_id;
            let gone = sessions::end_at_idp(tx, &connection.id, EndedAtIdp::Subject(&subject))?;
            let rest = end_all_of(tx, team_id, &person.id, &Actor::IdentityProvider)?;
            let ended = Ended { sessions: gone.len() + rest.sessions, ..rest };
            record(tx, team_id, Act::RevokedByIdp, &person.id, json!(ended))?;
        }
    }
    Ok(Revocation::Done)
}
