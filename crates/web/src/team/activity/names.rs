//! What those are called who stand in a team's record, as everybody of the team may know it.

use std::collections::HashMap;

use audit::{Actor, Entry};
use pages::words;
use storage::{Connection, StorageError};
use tokens::team::Seen;
use vocabulary::{PersonId, TeamId};

/// The names of people and tokens by id. Whoever was erased has none, nor has a token that the reader may not see.
pub(super) struct Names {
    people: HashMap<PersonId, String>,
    tokens: HashMap<String, String>,
}

impl Names {
    /// Of all that these rows speak of.
    pub(super) fn of(
        connection: &mut Connection,
        team: &TeamId,
        seen: &Seen,
        entries: &[Entry],
    ) -> Result<Self, StorageError> {
        let people: Vec<PersonId> = entries.iter().flat_map(people_in).cloned().collect();
        let tokens: Vec<String> = entries.iter().flat_map(tokens_in).map(str::to_owned).collect();
        Ok(Self {
            people: roles::names(connection, team, &people)?,
            tokens: tokens::team::names(connection, team, seen, &tokens)?,
        })
    }

    fn person(&self, id: &PersonId) -> String {
        self.people.get(id).cloned().unwrap_or_else(|| words::SOMEBODY_ERASED.to_owned())
    }

    /// Who did it.
    pub(super) fn actor(&self, entry: &Entry) -> String {
        match &entry.actor {
            Actor::Person(id) => self.person(id),
            Actor::BreakGlass(id) => words::acts::by_break_glass(&self.person(id)),
            Actor::TeamToken(id) => words::tokens::api_token(self.tokens.get(id).map_or("", String::as_str)),
            Actor::Operator(_) | Actor::Console(_) | Actor::CommandLine => words::THE_OPERATOR.to_owned(),
            Actor::SetupLink(_) => words::acts::BY_SETUP_LINK.to_owned(),
            Actor::Contact(_) => words::THE_CONTACT.to_owned(),
            Actor::IdentityProvider => words::THEIR_IDP.to_owned(),
            Actor::Teamdoor => words::BY_ITSELF.to_owned(),
        }
    }

    /// To whom or what.
    pub(super) fn target(&self, entry: &Entry) -> Option<String> {
        let token = || self.tokens.get(token_in(entry)?).cloned();
        entry.target.as_ref().map(|id| self.person(id)).or_else(token)
    }
}

/// The person who acted, and the one who was acted on.
fn people_in(entry: &Entry) -> impl Iterator<Item = &PersonId> {
    let acting = match &entry.actor {
        Actor::Person(id) | Actor::BreakGlass(id) => Some(id),
        Actor::Operator(_)
        | Actor::Console(_)
        | Actor::TeamToken(_)
        | Actor::SetupLink(_)
        | Actor::Contact(_)
        | Actor::IdentityProvider
        | Actor::CommandLine
        | Actor::Teamdoor => None,
    };
    acting.into_iter().chain(&entry.target)
}

/// The tokens a row speaks of: the one that acted, and the one that was acted on.
fn tokens_in(entry: &Entry) -> impl Iterator<Item = &str> {
    let acting = match &entry.actor {
        Actor::TeamToken(id) => Some(id.as_str()),
        Actor::Person(_)
        | Actor::BreakGlass(_)
        | Actor::Operator(_)
        | Actor::Console(_)
        | Actor::SetupLink(_)
        | Actor::Contact(_)
        | Actor::IdentityProvider
        | Actor::CommandLine
        | Actor::Teamdoor => None,
    };
    acting.into_iter().chain(token_in(entry))
}

fn token_in(entry: &Entry) -> Option<&str> {
    entry.detail.get("token")?.as_str()
}
