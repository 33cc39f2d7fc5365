//! `app list` and `app show`: what is registered, without secrets.

use apps::{App, AppHost, Place, RedirectUri, WebUri};
use vocabulary::TeamId;

use crate::cli::Output;
use crate::house::House;
use crate::trouble::Trouble;

pub(crate) fn list(house: &House, json: bool, output: &mut Output<'_>) -> Result<(), Trouble> {
    let all = house.database.read(apps::list)?;
    if json {
        return output.json(&serde_json::json!({ "items": all, "next": null }));
    }
    all.iter().try_for_each(|app| {
        let App { id, name, options, .. } = app;
        output.say(&format!("{id}  {:6}  {:7}  {name}", options.min_role, options.place.as_str()))
    })
}

pub(crate) fn run(app: &App, json: bool, output: &mut Output<'_>) -> Result<(), Trouble> {
    if json {
        return output.json(app);
    }
    let options = &app.options;
    let page = |page: &Option<WebUri>| {
        page.as_ref().map_or_else(|| "none".to_owned(), |page| page.as_url().to_string())
    };
    let all = |uris: &[RedirectUri]| list_of(uris.iter().map(RedirectUri::as_str), "none");
    let teams = options.teams.as_deref().map(|teams| list_of(teams.iter().map(TeamId::as_str), "none"));
    let lines = [
        ("Client ID", app.id.to_string()),
        ("Name", app.name.clone()),
        ("Client secret", secret(app)),
        ("Redirect URIs", all(&options.redirect_uris)),
        ("After sign-out", all(&options.post_logout_redirect_uris)),
        ("Teams", teams.unwrap_or_else(|| "all".to_owned())),
        ("Least role", options.min_role.to_string()),
        ("Place", options.place.as_str().to_owned()),
        ("Host", app.host.as_ref().map_or("none", AppHost::as_str).to_owned()),
        ("Initiate login", page(&options.initiate_login_uri)),
        ("Home", page(&options.home_url)),
        ("Back-channel", page(&options.backchannel_logout_uri)),
        ("PKCE", options.pkce.as_str().to_owned()),
        ("ID tokens", options.id_token_alg.as_str().to_owned()),
        ("Access tokens", options.access_tokens.as_str().to_owned()),
    ];
    lines.iter().try_for_each(|(label, value)| output.say(&format!("{label:16} {value}")))
}

/// An app that people should find and that is not on the web is found by nobody.
pub(crate) fn note_what_is_missing(app: &App, output: &mut Output<'_>) -> Result<(), Trouble> {
    let place = match app.options.place {
        Place::Tile => "a tile",
        Place::Billing => "the team's billing",
        Place::Hidden => return Ok(()),
    };
    if app.shown_host().is_some() {
        return Ok(());
    }
    output.note(&format!(
        "note: people will not find it as {place}, because it has no page to open. Say --initiate-login-uri or \
         --home-url, or --place hidden."
    ))
}

fn secret(app: &App) -> String {
    match app.old_secret_until() {
        _ if app.is_public() => "none, it is public".to_owned(),
        Some(until) => format!("set; the one before counts until {until}"),
        None => "set".to_owned(),
    }
}

fn list_of<'a>(words: impl Iterator<Item = &'a str>, none: &str) -> String {
    let words: Vec<&str> = words.collect();
    if words.is_empty() { none.to_owned() } else { words.join(", ") }
}
