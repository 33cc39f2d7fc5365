//! Signing out: here, at the identity provider too, and by the limits when the provider tells us nothing.

mod at_idp;
mod here;
mod limits;
mod practice;

use audit::Act;
use support::{Answer, Browser, World};
use teams::{Connection, Edit};

use crate::eyes;

/// Sends the sign-out form of a team's page with these fields.
async fn sign_out(world: &World, browser: &Browser, team_id: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(&world.at(&format!("/t/{team_id}"))).await;
    let csrf = page.hidden("csrf").unwrap_or_else(|| panic!("no form: {}", page.body));
    let form: Vec<(&str, &str)> = [("csrf", csrf.as_str())].iter().chain(fields).copied().collect();
    browser.post(&world.at(&format!("/t/{team_id}/logout")), &form).await
}

/// Whether this browser is signed in to a team: its page, not the one in its place, which has no way out.
async fn is_in(world: &World, browser: &Browser, team_id: &str) -> bool {
    let page = browser.get(&world.at(&format!("/t/{team_id}/team"))).await;
    page.status == 200 && page.body.contains(&format!("action=\"/t/{team_id}/logout\""))
}

/// The path an answer leads to.
fn leads_to(answer: &Answer) -> String {
    answer.location().map(|url| url.path().to_owned()).unwrap_or_default()
}

/// How often the practice provider was asked to sign somebody in.
fn asked(world: &World) -> u64 {
    ["acme", "globex", "operators"].map(|path| world.idp.counts(path).authorize).iter().sum()
}

/// A team's connection as it stands in the registry.
fn connection(world: &World, team_id: &str) -> Connection {
    let found = world.node.house.database.read(|c| teams::find_connected(c, &eyes::team(team_id)));
    found.unwrap().unwrap().connection
}

/// Gives a team an address for after a sign-out, and registers it at the practice provider.
fn register(world: &World, team_id: &str, path: &str, address: &str) {
    let mut options = connection(world, team_id).options;
    options.post_logout_redirect_uri = Some(address.to_owned());
    world.set(team_id, &Edit { options: Some(options), ..Edit::default() });
    world.idp.edit_client(path, &format!("client-of-{team_id}"), |client| {
        client.post_logout_redirect_uris = vec![address.to_owned()];
    });
}

/// The same with our own page; nobody has tried it yet.
fn register_ours(world: &World, team_id: &str, path: &str) {
    register(world, team_id, path, &world.at(&format!("/t/{team_id}/signed-out")));
}

/// What the latest sign-out of a team says of itself on the record.
fn last_sign_out(world: &World, team_id: &str) -> serde_json::Value {
    let record = eyes::record(&world.node.house.database, team_id);
    record.into_iter().find(|entry| entry.act == Some(Act::SignedOut)).expect("a sign-out").detail
}

/// The whole text of a page, without its tags.
fn text(page: &Answer) -> String {
    let pieces = page.body.split('<').filter_map(|piece| piece.split_once('>').map(|(_, text)| text));
    pieces.collect::<Vec<_>>().join("").replace("&#39;", "'").split_whitespace().collect::<Vec<_>>().join(" ")
}
