//! By whose hand a team's settings change: an admin's of the team, an operator's, that of whoever holds its setup link,
//! or of an admin who came by break-glass. Each is a proof made inside the transaction it is used in.

use std::marker::PhantomData;

use audit::Actor;
use roles::Authority;
use sealing::OpaqueToken;
use storage::Tx;
use vocabulary::TeamId;

use crate::glass::Breaker;
use crate::links::{self, LinkError};

/// Proof that somebody holds a setup link which can be used, as the database says under the team's lock.
#[derive(Debug)]
pub struct Installer<'tx> {
    team: TeamId,
    actor: Actor,
    brand: PhantomData<fn(&'tx ()) -> &'tx ()>,
}

/// Finds out whether `token` is a setup link that can be used, under the lock of its team.
pub fn installer<'tx>(tx: &mut Tx<'tx>, token: &OpaqueToken) -> Result<Installer<'tx>, LinkError> {
    let now = tx.now();
    let (link, _) = links::find_link(tx, token, now)?;
    teams::lock_roles(tx, &link.team)?;
    // Once more under the lock: enabling, revoking and replacing it take the same.
    let (link, _) = links::find_link(tx, token, now)?;
    Ok(Installer { team: link.team, actor: Actor::SetupLink(link.id), brand: PhantomData })
}

/// By whose hand settings change.
#[derive(Clone, Copy, Debug)]
pub enum Hand<'a, 'tx> {
    /// An admin of the team, or an operator.
    Authority(Authority<'a, 'tx>),
    /// Whoever holds the team's setup link.
    Installer(&'a Installer<'tx>),
    /// An admin of the team who came by break-glass.
    BreakGlass(&'a Breaker<'tx>),
}

impl Hand<'_, '_> {
    /// As the record names them.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self {
            Self::Authority(authority) => authority.actor(),
            Self::Installer(installer) => installer.actor.clone(),
            Self::BreakGlass(breaker) => breaker.actor(),
        }
    }

    /// Whether it is an operator's, whose word counts without a test.
    pub(crate) const fn is_operators(&self) -> bool {
        match self {
            Self::Authority(Authority::Operator(_)) => true,
            Self::Authority(Authority::Admin(_)) | Self::Installer(_) | Self::BreakGlass(_) => false,
        }
    }

    /// Everybody's word but an operator's counts in one team alone.
    pub(crate) fn reaches(&self, team: &TeamId) -> bool {
        match self {
            Self::Authority(authority) => authority.reaches(team),
            Self::Installer(installer) => installer.team == *team,
            Self::BreakGlass(breaker) => breaker.team() == team,
        }
    }
}
