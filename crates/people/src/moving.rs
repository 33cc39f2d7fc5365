//! A team's new identity provider: whoever comes from there for the first time with a trusted email that one person had,
//! trusted too, at the one before, is that person. The window for this closes after 30 days.

use diesel::prelude::*;
use storage::schema::people;
use storage::{StorageError, Tx, each};
use teams::versions;
use vocabulary::{ConnectionId, TeamId};

use crate::{EmailStanding, Profile, lower};

/// Moves the one person whom this email names at the provider before to the connection they come through now, and gives
/// their id. Where several had it, nobody is moved: an email never tells two people apart.
pub(crate) fn move_in(
    tx: &mut Tx<'_>,
    team: &TeamId,
    connection: &ConnectionId,
    profile: &Profile,
) -> Result<Option<String>, StorageError> {
    let (Some(email), EmailStanding::Trusted) = (&profile.email, profile.standing) else {
        return Ok(None);
    };
    let Some(before) = versions::predecessor(tx, team, connection)? else {
        return Ok(None);
    };
    let same = people::table
        .filter(people::team_id.eq(team.as_str()))
        .filter(people::connection_id.eq(before.as_str()))
        .filter(people::email_trusted)
        .filter(lower(people::email).eq(lower(email.as_str())));
    let ids: Vec<String> = each!(&mut **tx, c => same.select(people::id).limit(2).load(c))?;
    let [id] = ids.as_slice() else { return Ok(None) };
    let person = people::table.find(id).filter(people::connection_id.eq(before.as_str()));
    let now = (people::connection_id.eq(connection.as_str()), people::subject.eq(profile.subject.as_str()));
    let moved = each!(&mut **tx, c => diesel::update(person).set(now).execute(c))?;
    Ok((moved == 1).then(|| id.clone()))
}
