//! Reading the record: of a team, or of all that happened, latest first.

use diesel::helper_types::IntoBoxed;
use diesel::prelude::*;
use diesel::query_dsl::methods::BoxedDsl;
use storage::schema::audit;
use storage::{Connection, StorageError, each};
use vocabulary::{PersonId, ReferenceId, TeamId, Timestamp};

use crate::deeds::{Act, Actor};
use crate::kinds::Kind;

/// A recorded deed.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number; later ones are higher.
    pub n: i64,
    /// The team it belongs to; none for the operator's own matters.
    pub team: Option<String>,
    /// Who did it.
    pub actor: Actor,
    /// What was done; none when a newer version wrote a word that this one does not know.
    pub act: Option<Act>,
    /// To whom.
    pub target: Option<PersonId>,
    /// What else is worth knowing.
    pub detail: serde_json::Value,
    /// The reference id of the attempt it belongs to.
    pub reference: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Which deeds are meant: all of them, unless something is said.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those of one team, be it there or removed.
    pub team: Option<TeamId>,
    /// Those of one kind.
    pub act: Option<Act>,
    /// Those of all acts of a kind.
    pub kind: Option<Kind>,
    /// Those that one did.
    pub actor: Option<Actor>,
    /// Those that one of these people did, or that were done to one of them; of nobody, none.
    pub people: Option<Vec<PersonId>>,
    /// Those that belong to the attempt with this reference id.
    pub reference: Option<ReferenceId>,
    /// Those from this moment on.
    pub from: Option<Timestamp>,
    /// Those before this moment.
    pub to: Option<Timestamp>,
}

impl Filter {
    /// Everything of one team.
    #[must_use]
    pub fn of_team(team: &TeamId) -> Self {
        Self { team: Some(team.clone()), ..Self::default() }
    }
}

type Row = (i64, Option<String>, String, String, Option<String>, String, Option<String>, i64);

/// Deeds, latest first: those numbered below `before`, at most `limit`.
pub fn deeds(
    connection: &mut Connection,
    filter: &Filter,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Entry>, StorageError> {
    let columns = (
        audit::n,
        audit::team_id,
        audit::actor,
        audit::act,
        audit::target,
        audit::detail,
        audit::reference,
        audit::at,
    );
    let latest = audit::table
        .select(columns)
        .filter(audit::n.lt(before.unwrap_or(i64::MAX)))
        .order(audit::n.desc())
        .limit(limit);
    let rows: Vec<Row> = each!(connection, c => {
        let mut query = boxed(c, latest);
        if let Some(team) = &filter.team {
            query = query.filter(audit::team_id.eq(team.as_str()));
        }
        if let Some(act) = filter.act {
            query = query.filter(audit::act.eq(act.as_str()));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(audit::act.eq_any(kind.acts().map(Act::as_str)));
        }
        if let Some(people) = &filter.people {
            let targets = audit::target.eq_any(people.iter().map(PersonId::as_str));
            query = query.filter(audit::actor.eq_any(acting(people)).or(targets));
        }
        if let Some(actor) = &filter.actor {
            query = query.filter(audit::actor.eq(actor.to_text()));
        }
        if let Some(reference) = &filter.reference {
            query = query.filter(audit::reference.eq(reference.as_str()));
        }
        if let Some(from) = filter.from {
            query = query.filter(audit::at.ge(from.millis()));
        }
        if let Some(to) = filter.to {
            query = query.filter(audit::at.lt(to.millis()));
        }
        query.load(c)
    })?;
    Ok(rows.into_iter().map(entry).collect())
}

/// A team's deeds, likewise.
pub fn of_team(
    connection: &mut Connection,
    team: &TeamId,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Entry>, StorageError> {
    deeds(connection, &Filter::of_team(team), before, limit)
}

/// These people as rows name who did something, by whichever way they came.
fn acting(people: &[PersonId]) -> Vec<String> {
    let ways = |id: &PersonId| [Actor::Person(id.clone()), Actor::BreakGlass(id.clone())];
    people.iter().flat_map(ways).map(|actor| actor.to_text()).collect()
}

/// A query that may still grow, for the database that this connection leads to.
fn boxed<'a, C: diesel::Connection, Q: QueryDsl + BoxedDsl<'a, C::Backend>>(
    _: &C,
    query: Q,
) -> IntoBoxed<'a, Q, C::Backend> {
    query.into_boxed()
}

fn entry((n, team, actor, act, target, detail, reference, at): Row) -> Entry {
    Entry {
        n,
        team,
        actor: Actor::parse(&actor),
        act: Act::parse(&act),
        target: target.as_deref().and_then(PersonId::parse),
        detail: serde_json::from_str(&detail).unwrap_or_default(),
        reference,
        at: Timestamp::from_millis(at),
    }
}
