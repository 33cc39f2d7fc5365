//! How a team comes about, changes and goes: the operator's acts on the registry, and how a customer's own admin
//! connects a team, each with all that hangs on it (sessions, letters, the record) in one transaction.
//!
//! Owns the tables `requests`, `setup_links`, `break_glass` and `connection_checks`. The invariant: settings that people sign in by have passed a
//! test sign-in, or the operator has said so.

mod begin;
mod checks;
pub mod glass;
mod hand;
mod links;
pub mod request;
mod secrets;
mod settings;

pub use begin::{Beginning, begin};
pub use checks::{KeptCheck, KeptChecks, KeptProbe, keep_checks, keep_probe, last_checks};
pub use hand::{Hand, Installer, installer};
pub use links::{
    LinkError, LiveLink, SETUP_LINK, SetupLink, SetupLinkMade, find_link, live_link, make_link, open_link,
    revoke_links, setup_path, team_of_link, tidy_links,
};
pub use secrets::{
    drop_next_secret, set_next_secret, set_secret_expiry, tell_of_expiring_secrets, use_next_secret,
};
pub use settings::{
    Policy, RECENT_ADMIN, SettingsError, correct_issuer, discard, enable, roll_back, save, set_policy,
};

use audit::{Act, Deed};
use mail::{Letter, Occasion};
use people::Person;
use roles::{Admin, Clerk, Operator};
use serde_json::{Value, json};
use sessions::End;
use storage::{StorageError, Tx};
use teams::{Edit, Founding, NewTeam, Registrar, TeamError, Tenant, Turned};
use vocabulary::TeamId;

/// Adds a team.
pub fn add(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    operator: &Operator,
    new: &NewTeam,
) -> Result<Tenant, TeamError> {
    let added = teams::add(tx, registrar, new, &operator.actor().to_text())?;
    record(tx, operator, Act::TeamAdded, &new.team_id, json!({}))?;
    Ok(added)
}

/// Adds a team whose connection is still to come.
pub fn found(tx: &mut Tx<'_>, operator: &Operator, new: &Founding) -> Result<Tenant, TeamError> {
    let added = teams::found(tx, new)?;
    record(tx, operator, Act::TeamAdded, &new.team_id, json!({ "connection": false }))?;
    Ok(added)
}

/// A team as it stands after a change, and whoever already has the new admin email: they are not promoted by
/// themselves unless they sign in with an account that began with it.
#[derive(Debug)]
pub struct Set {
    /// The team.
    pub team: Tenant,
    /// People of the team who have the new admin email.
    pub with_admin_email: Vec<Person>,
}

/// Changes a team at once. Sessions through a connection that was replaced end; a new admin email is told to
/// the present admins.
pub fn set(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    clerk: Clerk<'_>,
    operator: &Operator,
    team_id: &TeamId,
    edit: &Edit,
) -> Result<Set, TeamError> {
    teams::lock_roles(tx, team_id)?;
    let before = teams::find(tx, team_id)?.ok_or_else(|| TeamError::Unknown(team_id.clone()))?;
    let team = teams::set(tx, registrar, team_id, edit, &operator.actor().to_text())?;
    let now = team.connection.as_ref().map(|connection| &connection.id);
    if let Some(old) = before.connection.filter(|old| now != Some(&old.id)) {
        settings::end_connection(tx, team_id, &old.id)?;
    }
    if team.is_open() {
        links::end_links(tx, team_id)?;
    }
    let mut with_admin_email = Vec::new();
    if let Some(email) = &edit.admin_email {
        with_admin_email = people::with_email(tx, team_id, email)?;
        let (team_name, by) = (&team.team.name, "the operator");
        for (_, to) in roles::admins(tx, team_id)? {
            let (team_name, email) = (team_name.clone(), email.clone());
            let occasion = Occasion::AdminEmailChanged { team_name, email, by: by.to_owned() };
            clerk.desk.write(tx, clerk.chance, &Letter { to, team_id: Some(team_id.clone()), occasion })?;
        }
    }
    if !edit.says_nothing() {
        record(tx, operator, Act::TeamChanged, team_id, json!({ "changed": changed(edit) }))?;
    }
    Ok(Set { team, with_admin_email })
}

/// Gives a team another name, as an admin of it.
pub fn rename(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    admin: &Admin<'_>,
    team_id: &TeamId,
    name: &str,
) -> Result<Tenant, TeamError> {
    let edit = Edit { name: Some(name.to_owned()), ..Edit::default() };
    let team = teams::set(tx, registrar, team_id, &edit, &admin.actor().to_text())?;
    let (actor, act, detail) = (admin.actor(), Act::TeamChanged, json!({ "changed": changed(&edit) }));
    audit::record(tx, &Deed { team: Some(team_id), actor, act, target: None, detail, reference: None })?;
    Ok(team)
}

/// Closes a team for the time being; nobody of it is signed in from now on.
pub fn suspend(tx: &mut Tx<'_>, operator: &Operator, team_id: &TeamId) -> Result<(), TeamError> {
    if teams::suspend(tx, team_id)? == Turned::WasSo {
        return Ok(());
    }
    end_all_of(tx, team_id)?;
    glass::end_all(tx, team_id)?;
    Ok(record(tx, operator, Act::TeamSuspended, team_id, json!({}))?)
}

/// Opens a suspended team again.
pub fn resume(tx: &mut Tx<'_>, operator: &Operator, team_id: &TeamId) -> Result<(), TeamError> {
    if teams::resume(tx, team_id)? == Turned::WasSo {
        return Ok(());
    }
    // A sign-in that ended as the team was suspended may have left a session; it must not come back to life.
    end_all_of(tx, team_id)?;
    Ok(record(tx, operator, Act::TeamResumed, team_id, json!({}))?)
}

/// Removes a team for good: its secrets, sessions, tokens, people and health go, its Team ID and the record stay.
pub fn remove(tx: &mut Tx<'_>, operator: &Operator, team_id: &TeamId) -> Result<(), TeamError> {
    teams::remove(tx, team_id)?;
    end_all_of(tx, team_id)?;
    tokens::team::end_team(tx, team_id)?;
    roles::erase_team(tx, team_id)?;
    let gone = people::erase_team(tx, team_id)?;
    health::forget_team(tx, team_id)?;
    links::end_links(tx, team_id)?;
    glass::end_all(tx, team_id)?;
    checks::forget_checks(tx, team_id)?;
    signin::forget_rehearsal(tx, team_id)?;
    request::forget_team(tx, team_id)?;
    Ok(record(tx, operator, Act::TeamRemoved, team_id, json!({ "people": gone }))?)
}

/// Ends everybody's sessions with the team, and then what apps were granted: what is being granted by one of them is
/// there to be found.
fn end_all_of(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<(), StorageError> {
    sessions::end(tx, End::Team(team_id))?;
    provider::end_grants_of_team(tx, team_id)?;
    Ok(())
}

/// The names of what an edit says, never the values.
fn changed(edit: &Edit) -> Vec<&'static str> {
    let said = [
        ("name", edit.name.is_some()),
        ("admin_email", edit.admin_email.is_some()),
        ("issuer", edit.issuer.is_some()),
        ("client_id", edit.client_id.is_some()),
        ("client_secret", edit.client_secret.is_some()),
        ("options", edit.options.is_some()),
        ("callback_path", edit.callback_path.is_some()),
        ("state", edit.state.is_some()),
    ];
    said.into_iter().filter(|(_, said)| *said).map(|(name, _)| name).collect()
}

fn record(
    tx: &mut Tx<'_>,
    operator: &Operator,
    act: Act,
    team: &TeamId,
    detail: Value,
) -> Result<(), StorageError> {
    let actor = operator.actor();
    audit::record(tx, &Deed { team: Some(team), actor, act, target: None, detail, reference: None })
}
