//! `team show`: how a team stands, and every address its identity provider is told.

use teams::{CallbackPath, Connection, Team, Tenant};

use crate::cli::Output;
use crate::commands::person::known_team;
use crate::commands::team::state;
use crate::house::House;
use crate::trouble::Trouble;

pub(crate) fn run(house: &House, team_id: &str, json: bool, output: &mut Output<'_>) -> Result<(), Trouble> {
    let team_id = known_team(house, team_id)?;
    let unknown = || teams::TeamError::Unknown(team_id.clone());
    let found = house.database.read(|connection| teams::find(connection, &team_id))?.ok_or_else(unknown)?;
    if json {
        return output.json(&found);
    }
    let team = &found.team;
    let promoted = team.promotion_spent_by.as_ref().map_or("not yet", |id| id.as_str());
    let ours = |path: &str| house.address(&format!("/t/{team_id}/{path}"));
    let before = [
        ("Team ID", team.team_id.to_string()),
        ("Name", team.name.clone()),
        ("Door", state(&found).to_owned()),
        ("Admin email", format!("{} (promoted: {promoted})", team.admin_email)),
        ("API tokens", tokens(team)),
    ];
    let after = [
        ("Initiate login", ours("launch")),
        ("Back-channel", ours("backchannel_logout")),
        ("Revocation", ours("revoke")),
    ];
    let lines = before.into_iter().chain(connection(house, &found)).chain(after);
    lines.into_iter().try_for_each(|(label, value)| output.say(&format!("{label:15} {value}")))
}

/// How the team is connected to its identity provider.
fn connection(house: &House, team: &Tenant) -> Vec<(&'static str, String)> {
    let Some(connection) = &team.connection else {
        let usual = CallbackPath::usual(&team.team.team_id);
        return vec![("Connection", "none yet".to_owned()), ("Redirect URI", house.address(usual.as_str()))];
    };
    vec![
        ("Issuer", connection.issuer.to_string()),
        ("Client ID", connection.client_id.to_string()),
        ("Client secret", secret(connection)),
        ("Next secret", next_secret(connection)),
        ("Redirect URI", house.address(connection.callback_path.as_str())),
        ("After sign-out", after_sign_out(connection)),
    ]
}

/// Since when there is a client secret, and until when it is good.
fn secret(connection: &Connection) -> String {
    let Some(at) = connection.client_secret_set_at else { return "not set".to_owned() };
    let expires = connection.secret_life.expires_at;
    format!("set {at}{}", expires.map(|at| format!(", expires {at}")).unwrap_or_default())
}

/// The same of the next one.
fn next_secret(connection: &Connection) -> String {
    let Some(next) = &connection.secret_life.next else { return "none".to_owned() };
    let tested = next.tested_at.map_or_else(|| "not tested".to_owned(), |at| format!("tested {at}"));
    let expires = next.expires_at.map(|at| format!(", expires {at}")).unwrap_or_default();
    format!("set {}, {tested}{expires}", next.set_at)
}

/// What the team chose.
fn tokens(team: &Team) -> String {
    let reveal = if team.tokens_reveal { "may be read again" } else { "are shown once" };
    format!("{}; values {reveal}", team.tokens.as_str())
}

/// Where the identity provider sends people after a sign-out there, and whether anybody came back.
fn after_sign_out(connection: &Connection) -> String {
    match connection.options.post_logout_redirect_uri.as_deref() {
        None => "not registered (--post-logout-redirect-uri)".to_owned(),
        Some(address) if connection.logout_tested => format!("{address} (tested)"),
        Some(address) => format!("{address} (not tested)"),
    }
}
