//! Rows of the record in words, with the names of those who stand in it by id.

use std::collections::HashMap;

use actix_web::web;
use audit::{Act, Actor, Entry, Filter};
use pages::ConsoleDeed;
use pages::words::{self, console::record as say};
use storage::{Connection, StorageError};
use vocabulary::{PersonId, TeamId};

use super::look::{cut, read};
use crate::app::App;
use crate::failed::Failed;

/// How many rows a page has.
const ROWS: i64 = 30;

/// A page of deeds, the latest first.
#[derive(Default)]
pub(super) struct Deeds {
    pub(super) rows: Vec<ConsoleDeed>,
    /// After which row the next page begins.
    pub(super) next: Option<String>,
}

/// What was done of what is meant, before the row numbered `before`.
pub(super) async fn found(
    app: &web::Data<App>,
    filter: Filter,
    before: Option<i64>,
) -> Result<Deeds, Failed> {
    let operators = app.operators.clone();
    let (mut entries, names) = read(app, move |connection| {
        let entries = audit::deeds(connection, &filter, before, ROWS + 1)?;
        let names = names(connection, &entries, operators.as_ref())?;
        Ok((entries, names))
    })
    .await?;
    let next = cut(&mut entries, ROWS, |entry| entry.n.to_string());
    Ok(Deeds { rows: entries.iter().map(|entry| row(entry, &names)).collect(), next })
}

/// The names of everybody in these rows who is still here; of operators in the console too.
fn names(
    connection: &mut Connection,
    entries: &[Entry],
    operators: Option<&TeamId>,
) -> Result<HashMap<PersonId, String>, StorageError> {
    let mut of_teams: HashMap<TeamId, Vec<PersonId>> = HashMap::new();
    for entry in entries {
        let team = entry.team.as_deref().and_then(|team| TeamId::parse(team).ok());
        let (actor, is_operator) = match &entry.actor {
            Actor::Person(id) | Actor::BreakGlass(id) => (Some(id), false),
            Actor::Console(id) => (Some(id), true),
            Actor::Operator(_)
            | Actor::TeamToken(_)
            | Actor::SetupLink(_)
            | Actor::Contact(_)
            | Actor::IdentityProvider
            | Actor::CommandLine
            | Actor::Teamdoor => (None, false),
        };
        let actors_team = if is_operator { operators.cloned() } else { team.clone() };
        let people = [(actors_team, actor), (team, entry.target.as_ref())];
        for (team, person) in people.into_iter().filter_map(|(team, person)| team.zip(person)) {
            of_teams.entry(team).or_default().push(person.clone());
        }
    }
    let mut names = HashMap::new();
    for (team, people) in of_teams {
        names.extend(roles::names(connection, &team, &people)?);
    }
    Ok(names)
}

fn row(entry: &Entry, names: &HashMap<PersonId, String>) -> ConsoleDeed {
    let word = entry.act.map_or("", Act::as_str);
    let is_bare = entry.detail.as_object().is_none_or(serde_json::Map::is_empty);
    ConsoleDeed {
        at: entry.at,
        team: entry.team.clone(),
        actor: actor(&entry.actor, names),
        actor_id: entry.actor.to_text(),
        act: words::acts::sentence(word, &entry.detail),
        word: word.to_owned(),
        target: entry.target.as_ref().map(|id| name(id, names)),
        detail: (!is_bare).then(|| entry.detail.to_string()),
        reference: entry.reference.clone(),
    }
}

fn name(id: &PersonId, names: &HashMap<PersonId, String>) -> String {
    names.get(id).cloned().unwrap_or_else(|| words::SOMEBODY_ERASED.to_owned())
}

/// Who did it, in words.
pub(super) fn actor(actor: &Actor, names: &HashMap<PersonId, String>) -> String {
    match actor {
        Actor::Person(id) => name(id, names),
        Actor::BreakGlass(id) => words::acts::by_break_glass(&name(id, names)),
        Actor::Console(id) => say::by_console(&name(id, names)),
        Actor::Operator(token) => say::by_operator_token(token),
        Actor::TeamToken(id) => say::by_team_token(id),
        Actor::SetupLink(_) => words::acts::BY_SETUP_LINK.to_owned(),
        Actor::Contact(_) => words::THE_CONTACT.to_owned(),
        Actor::IdentityProvider => say::IDP.to_owned(),
        Actor::CommandLine => say::COMMAND_LINE.to_owned(),
        Actor::Teamdoor => words::BY_ITSELF.to_owned(),
    }
}
