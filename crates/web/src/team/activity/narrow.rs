//! Which deeds of a team are meant: what the filter's fields say, and what that means in the record.

use std::time::Duration;

use actix_web::http::StatusCode;
use audit::{Filter, Kind};
use pages::ActivityFilter;
use pages::words::acts;
use pages::words::failures::Telling;
use storage::{Connection, StorageError};
use url::form_urlencoded;
use vocabulary::{PersonId, TeamId, Timestamp};

use crate::app::App;
use crate::failed::{Failed, failed_with};
use crate::request::first;

/// So many people may fit what somebody typed.
const MOST: usize = 100;
/// More of a name is not looked at.
const LONGEST: usize = 320;

/// A field means nothing.
pub(super) struct Nonsense;

/// What the fields say; it means something.
pub(super) struct Narrowing {
    pub(super) fields: ActivityFilter,
    pub(super) lines: bool,
    kind: Option<Kind>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

impl Narrowing {
    /// Reads the fields; empty ones narrow nothing.
    pub(super) fn of(query: &[(String, String)]) -> Result<Self, Nonsense> {
        let said = |name| first(query, name).map(str::trim).unwrap_or_default();
        let fields = ActivityFilter {
            kind: said("kind").to_owned(),
            person: said("person").chars().filter(|c| !c.is_control()).take(LONGEST).collect(),
            from: said("from").to_owned(),
            to: said("to").to_owned(),
        };
        Ok(Self {
            kind: optional(&fields.kind, Kind::parse)?,
            from: optional(&fields.from, day)?,
            to: optional(&fields.to, day)?.map(|last| last.plus(Duration::from_hours(24))),
            lines: optional(said("format"), |format| (format == "jsonl").then_some(()))?.is_some(),
            fields,
        })
    }

    /// What it means in the record of a team; nothing where the person's name fits too many.
    pub(super) fn filter(
        &self,
        connection: &mut Connection,
        team: &TeamId,
    ) -> Result<Option<Filter>, StorageError> {
        let people = match self.fields.person.as_str() {
            "" => None,
            typed => Some(people(connection, team, typed)?),
        };
        if people.as_ref().is_some_and(|people| people.len() > MOST) {
            return Ok(None);
        }
        let Self { kind, from, to, .. } = *self;
        Ok(Some(Filter { people, kind, from, to, ..Filter::of_team(team) }))
    }

    /// An address of the activity that keeps what is said, with one word more.
    pub(super) fn address(&self, team: &TeamId, more: Option<(&str, &str)>) -> String {
        let ActivityFilter { kind, person, from, to } = &self.fields;
        let said = [("kind", kind), ("person", person), ("from", from), ("to", to)];
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        pairs.extend_pairs(said.into_iter().filter(|(_, value)| !value.is_empty()));
        pairs.extend_pairs(more);
        let query = pairs.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/t/{team}/activity{mark}{query}")
    }
}

/// A filter that means nothing.
pub(super) fn invalid(app: &App, team: &TeamId) -> Failed {
    refused(app, team, acts::filter_invalid())
}

/// A filter for too many people.
pub(super) fn too_wide(app: &App, team: &TeamId) -> Failed {
    refused(app, team, acts::filter_too_wide(MOST))
}

fn refused(app: &App, team: &TeamId, telling: Telling) -> Failed {
    let everything = (acts::SHOW_EVERYTHING, format!("/t/{team}/activity"));
    failed_with(app, StatusCode::UNPROCESSABLE_ENTITY, "form_invalid", telling, everything)
}

/// Reads what is said, if anything is.
fn optional<T>(said: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Nonsense> {
    if said.is_empty() { Ok(None) } else { read(said).map(Some).ok_or(Nonsense) }
}

/// The beginning of a day, in UTC.
fn day(text: &str) -> Option<Timestamp> {
    Timestamp::parse(&format!("{text}T00:00:00Z")).filter(|_| text.len() == "2026-05-03".len())
}

/// Those whose id this is, or whose name or email it is a part of; one more than may be.
fn people(connection: &mut Connection, team: &TeamId, typed: &str) -> Result<Vec<PersonId>, StorageError> {
    if let Some(id) = PersonId::parse(typed) {
        return Ok(vec![id]);
    }
    let filter = roles::Filter { search: Some(typed.to_owned()), ..roles::Filter::default() };
    let limit = i64::try_from(MOST).unwrap_or(i64::MAX).saturating_add(1);
    let found = roles::colleagues(connection, team, &filter, limit)?;
    Ok(found.into_iter().map(|colleague| colleague.person.id).collect())
}
