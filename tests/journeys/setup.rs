//! A customer connects itself: the setup link, the settings page, a rehearsal, and versions of the settings.

pub(crate) mod canary;
mod link;
mod page;
mod rehearsal;
mod versions;

use mock_idp::Client;
use support::world::client;
use support::{Answer, Browser, TestDatabase, World, command};

/// The team that is set up here: its people are those of the practice provider's `globex`.
pub(crate) const TEAM: &str = "initech";
pub(crate) const HAN: &str = "han@globex.test";
const GIL: &str = "gil@globex.test";
pub(crate) const CLIENT: &str = "client-of-initech";
pub(crate) const SECRET: &str = "practice-secret-of-initech";

/// A team without a connection, whose client is registered at the practice provider; `edit` may change that.
fn founded(world: &World, db: &TestDatabase, edit: impl FnOnce(&mut Client)) {
    let mut at_idp = client(TEAM, &world.node.base);
    edit(&mut at_idp);
    world.idp.add_client("globex", at_idp);
    let said = command(world, db, &["team", "add", TEAM, "--admin-email", HAN]);
    assert!(said.done, "{}", said.err);
}

/// A new setup link of the team.
fn new_link(world: &World, db: &TestDatabase) -> String {
    let said = command(world, db, &["team", "setup-link", TEAM]);
    assert!(said.done, "{}", said.err);
    said.out.trim().to_owned()
}

/// The customer's own admin, who has opened the link: their browser, and the address of the page.
async fn installer(world: &World, db: &TestDatabase) -> (Browser, String) {
    let (browser, link) = (Browser::default(), new_link(world, db));
    let opened = browser.post(&link, &[]).await;
    assert_eq!((opened.status, opened.location().unwrap().as_str()), (303, link.as_str()), "{}", opened.body);
    (browser, link)
}

/// Presses a button of the settings page as it stands.
pub async fn press(browser: &Browser, page: &str, action: &str, more: &[(&str, &str)]) -> Answer {
    let stands = browser.get(page).await;
    assert_eq!(stands.status, 200, "{}", stands.body);
    let (csrf, version) = (stands.hidden("csrf").unwrap(), stands.hidden("version").unwrap());
    let mut form = vec![("csrf", csrf.as_str()), ("version", version.as_str()), ("action", action)];
    form.extend_from_slice(more);
    browser.post(page, &form).await
}

/// Presses **Update and test** and signs in at the provider as `email`; the page it ends on.
pub async fn rehearse(browser: &Browser, page: &str, values: &[(&str, &str)], email: &str) -> Answer {
    rehearse_by(browser, page, "test", values, email).await
}

/// The same by another button.
pub async fn rehearse_by(
    browser: &Browser,
    page: &str,
    action: &str,
    values: &[(&str, &str)],
    email: &str,
) -> Answer {
    let begun = press(browser, page, action, values).await;
    let request = begun.location().unwrap_or_else(|| panic!("{}: {}", begun.status, begun.body));
    let chooser = browser.get(request.as_str()).await;
    let back = match chooser.location() {
        Some(back) => back,
        None => browser.choose(&chooser, email).await.location().expect("the way back"),
    };
    let answer = browser.get(back.as_str()).await;
    browser.follow(answer).await
}

/// The three values, right.
pub(crate) fn values(issuer: &str) -> [(&'static str, &str); 3] {
    [("issuer", issuer), ("client_id", CLIENT), ("client_secret", SECRET)]
}

/// Every letter that was written until now, whole.
pub async fn letters(world: &World) -> Vec<String> {
    crate::roles::told::letters(world).await;
    let files = std::fs::read_dir(world.outbox()).unwrap();
    files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
}
