//! Who is told of a change: the person themselves and the other admins.

use audit::Actor;
use mail::{Letter, Occasion, Reader};
use people::Person;
use storage::{StorageError, Tx};
use vocabulary::{Email, PersonId, Role, TeamId};

use crate::change::Clerk;
use crate::present;

pub(crate) fn role_changed(
    tx: &mut Tx<'_>,
    clerk: Clerk<'_>,
    team: &TeamId,
    person: &PersonId,
    role: Role,
    actor: &Actor,
) -> Result<(), StorageError> {
    let by = name_of(tx, team, actor)?;
    tell(tx, clerk, team, person, actor, |team_name, person_name, reader| {
        let by = by.clone();
        Occasion::RoleChanged { team_name, person_name, role, by, reader }
    })
}

pub(crate) fn access_changed(
    tx: &mut Tx<'_>,
    clerk: Clerk<'_>,
    team: &TeamId,
    person: &PersonId,
    active: bool,
    actor: &Actor,
) -> Result<(), StorageError> {
    let by = name_of(tx, team, actor)?;
    tell(tx, clerk, team, person, actor, |team_name, person_name, reader| {
        let by = by.clone();
        if active {
            Occasion::Activated { team_name, person_name, by, reader }
        } else {
            Occasion::Deactivated { team_name, person_name, by, reader }
        }
    })
}

pub(crate) fn promoted(
    tx: &mut Tx<'_>,
    clerk: Clerk<'_>,
    team: &TeamId,
    person: &Person,
) -> Result<(), StorageError> {
    tell(tx, clerk, team, &person.id, &Actor::Teamdoor, |team_name, person_name, reader| Occasion::Promoted {
        team_name,
        person_name,
        reader,
    })
}

/// Writes to the person and to every other active admin, except whoever did it.
fn tell(
    tx: &mut Tx<'_>,
    clerk: Clerk<'_>,
    team: &TeamId,
    person: &PersonId,
    actor: &Actor,
    occasion: impl Fn(String, String, Reader) -> Occasion,
) -> Result<(), StorageError> {
    let (Some(there), Some(subject)) = (teams::find(tx, team)?, people::find(tx, team, person)?) else {
        return Ok(());
    };
    let mut readers: Vec<(Email, Reader)> = admins(tx, team)?
        .into_iter()
        .filter(|(id, _)| id != person && *actor != Actor::Person(id.clone()))
        .map(|(_, email)| (email, Reader::Admin))
        .collect();
    if *actor != Actor::Person(person.clone()) {
        readers.extend(subject.email.clone().map(|email| (email, Reader::Themselves)));
    }
    for (to, reader) in readers {
        let occasion = occasion(there.team.name.clone(), subject.shown_name().to_owned(), reader);
        clerk.desk.write(tx, clerk.chance, &Letter { to, team_id: Some(team.clone()), occasion })?;
    }
    Ok(())
}

/// What letters call whoever did something.
pub fn name_of(tx: &mut Tx<'_>, team: &TeamId, actor: &Actor) -> Result<String, StorageError> {
    let id = match actor {
        Actor::Person(id) | Actor::BreakGlass(id) => id,
        Actor::TeamToken(_) => return Ok("an API token of the team".to_owned()),
        Actor::SetupLink(_) => return Ok("whoever has the setup link".to_owned()),
        Actor::Operator(_)
        | Actor::Console(_)
        | Actor::Contact(_)
        | Actor::IdentityProvider
        | Actor::CommandLine
        | Actor::Teamdoor => {
            return Ok("the operator".to_owned());
        }
    };
    let person = people::find(tx, team, id)?;
    Ok(person.map_or_else(|| "an admin".to_owned(), |person| person.shown_name().to_owned()))
}

/// The active admins of a team who can still come in and have an email.
pub fn admins(tx: &mut Tx<'_>, team: &TeamId) -> Result<Vec<(PersonId, Email)>, StorageError> {
    let present = present::admins(tx, team)?;
    Ok(present.into_iter().filter_map(|(id, email)| Some((id, email?))).collect())
}
