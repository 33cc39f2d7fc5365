//! What a launch without a team may name: of every open team its issuer, its aliases and its client id. Asking
//! costs the same however many teams there are, for teams that are not open have no rows here.

use std::collections::BTreeSet;

use diesel::prelude::*;
use storage::schema::launch_names;
use storage::{Connection, StorageError, Tx, each};
use vocabulary::TeamId;

use crate::lookup;
use crate::team::TeamAndConnection;

/// What an issuer or client id measures at most.
const LONGEST: usize = 512;

/// A name that a launch may carry instead of a team.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LaunchName {
    /// `iss`: an issuer, or a registered alias of one.
    Issuer(String),
    /// `client_id`
    Client(String),
}

impl LaunchName {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Issuer(_) => "issuer",
            Self::Client(_) => "client",
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Issuer(text) | Self::Client(text) => text,
        }
    }

    fn all_of(team: &TeamAndConnection) -> BTreeSet<Self> {
        let connection = &team.connection;
        let issuers = std::iter::once(&connection.issuer).chain(&connection.options.aliases);
        let issuers = issuers.map(|issuer| Self::Issuer(issuer.as_str().to_owned()));
        issuers.chain([Self::Client(connection.client_id.as_str().to_owned())]).collect()
    }
}

/// How many open teams have a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named<T> {
    /// None.
    Nobody,
    /// This one alone.
    One(T),
    /// More than one; which ones is nobody's business.
    Several,
}

/// Whose name it is; two rows at most are read.
pub(crate) fn named(connection: &mut Connection, name: &LaunchName) -> Result<Named<TeamId>, StorageError> {
    // Nothing longer or stranger was ever registered, and PostgreSQL takes no NUL.
    if name.text().len() > LONGEST || name.text().contains(char::is_control) {
        return Ok(Named::Nobody);
    }
    let query = launch_names::table
        .filter(launch_names::kind.eq(name.kind()))
        .filter(launch_names::name.eq(name.text()))
        .select(launch_names::team_id)
        .limit(2);
    let found: Vec<String> = each!(connection, c => query.load(c))?;
    Ok(match found.as_slice() {
        [] => Named::Nobody,
        [only] => TeamId::parse(only).map_or(Named::Nobody, Named::One),
        [..] => Named::Several,
    })
}

/// Notes the names of a team as it stands now; the last step of every change of the registry.
pub(crate) fn follow(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<(), StorageError> {
    let old = launch_names::table.filter(launch_names::team_id.eq(team_id.as_str()));
    each!(&mut **tx, c => diesel::delete(old).execute(c))?;
    let Some(team) = lookup::find_connected(tx, team_id)?.filter(TeamAndConnection::is_open) else {
        return Ok(());
    };
    for name in LaunchName::all_of(&team) {
        let row = (
            launch_names::kind.eq(name.kind()),
            launch_names::name.eq(name.text()),
            launch_names::team_id.eq(team_id.as_str()),
        );
        each!(&mut **tx, c => diesel::insert_into(launch_names::table).values(row).execute(c))?;
    }
    Ok(())
}
