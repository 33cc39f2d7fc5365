//! Who may change people: proofs made inside the transaction they are used in.

use std::marker::PhantomData;

use audit::Actor;
use storage::Tx;
use vocabulary::{PersonId, Role, TeamId};

use crate::change::RoleError;
use crate::membership;

/// Proof that somebody is an active admin of a team, as the database says under the team's lock. `'tx` ties
/// it to the transaction that found out: it neither outlives it nor serves another.
#[derive(Debug)]
pub struct Admin<'tx> {
    team: TeamId,
    actor: Actor,
    brand: PhantomData<fn(&'tx ()) -> &'tx ()>,
}

/// Proof that whoever acts is an operator: the bearer of an operator token, whoever could run a command on the
/// server, or an admin of the operators' team.
#[derive(Debug)]
pub struct Operator {
    actor: Actor,
}

impl Operator {
    /// The bearer of the operator token of this name, which the caller has recognised.
    #[must_use]
    pub const fn with_token(name: String) -> Self {
        Self { actor: Actor::Operator(name) }
    }

    /// Whoever runs the command.
    #[must_use]
    pub const fn at_the_command_line() -> Self {
        Self { actor: Actor::CommandLine }
    }

    /// As the record names them.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
}

/// By what right people are changed.
#[derive(Clone, Copy, Debug)]
pub enum Authority<'a, 'tx> {
    /// As an admin of their team.
    Admin(&'a Admin<'tx>),
    /// As an operator.
    Operator(&'a Operator),
}

impl Authority<'_, '_> {
    /// As the record names them.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self {
            Self::Admin(admin) => admin.actor.clone(),
            Self::Operator(operator) => operator.actor.clone(),
        }
    }

    /// An admin's word counts in their own team alone.
    #[must_use]
    pub fn reaches(&self, team: &TeamId) -> bool {
        match self {
            Self::Admin(admin) => admin.team == *team,
            Self::Operator(_) => true,
        }
    }
}

/// Locks the team's roles and finds out whether `person` is an active admin of it.
pub fn admin<'tx>(tx: &mut Tx<'tx>, team: &TeamId, person: &PersonId) -> Result<Admin<'tx>, RoleError> {
    teams::lock_roles(tx, team)?;
    let standing = membership::find(tx, team, person)?.ok_or(RoleError::NotAdmin)?;
    if !standing.active || standing.role != Role::Admin {
        return Err(RoleError::NotAdmin);
    }
    Ok(Admin { team: team.clone(), actor: Actor::Person(person.clone()), brand: PhantomData })
}

/// Finds out whether `person` is an active admin of the team whose admins are operators, and that team open, under
/// its lock.
pub fn operator(tx: &mut Tx<'_>, operators: &TeamId, person: &PersonId) -> Result<Operator, RoleError> {
    admin(tx, operators, person)?;
    let is_open = teams::find(tx, operators)?.is_some_and(|team| team.is_open());
    if !is_open {
        return Err(RoleError::NotAdmin);
    }
    Ok(Operator { actor: Actor::Console(person.clone()) })
}

/// The same for the bearer of a team's token, which the caller has found good in this transaction: it may what its
/// maker may now, or the operator if they made it.
pub fn admin_by_token<'tx>(
    tx: &mut Tx<'tx>,
    team: &TeamId,
    token_id: &str,
    maker: Option<&PersonId>,
) -> Result<Admin<'tx>, RoleError> {
    let actor = Actor::TeamToken(token_id.to_owned());
    if let Some(person) = maker {
        return Ok(Admin { actor, ..admin(tx, team, person)? });
    }
    teams::lock_roles(tx, team)?;
    Ok(Admin { team: team.clone(), actor, brand: PhantomData })
}

impl Admin<'_> {
    /// As the record names them.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }
}
