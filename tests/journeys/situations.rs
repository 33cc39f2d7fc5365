//! Every situation a person can meet on the way in, and what a good service says: status, stable code, the
//! sentence, where the buttons lead, and that nothing which was there is lost.

mod callback;
mod door;
mod email;
mod launch;
mod limits;
mod promotion;
mod refusals;
mod sessions;
mod tabs;

use support::{Answer, Browser, World};
use vocabulary::ReferenceId;

/// A page that refuses: its status, its code, its sentence, and a reference id; it sends nobody anywhere.
#[track_caller]
pub(crate) fn assert_told(page: &Answer, status: u16, code: &str, sentence: &str) {
    assert_eq!((page.status, page.code()), (status, Some(code)), "{}: {}", page.url, page.body);
    assert_eq!(page.sentence(), sentence, "{}", page.url);
    assert!(page.body.contains("<title>Error: "), "{}", page.body);
    assert!(page.location().is_none(), "{:?}", page.headers);
    let reference = page.reference().unwrap_or_else(|| panic!("no reference: {}", page.body));
    assert_eq!(ReferenceId::parse(reference).unwrap().as_str(), reference, "as it is read aloud");
}

/// How often the practice provider was asked for anything by the service itself.
pub(crate) fn asked(world: &World, path: &str) -> (u64, u64, u64, u64) {
    let counts = world.idp.counts(path);
    (counts.discovery, counts.keys, counts.token, counts.userinfo)
}

/// Begins at an address and goes as far as the callback, which is not opened.
pub(crate) async fn to_callback(browser: &Browser, address: &str, email: &str) -> String {
    let mut answer = browser.get(address).await;
    while let Some(next) = answer.location() {
        if next.query().is_some_and(|query| query.contains("code=") || query.contains("error=")) {
            return next.to_string();
        }
        answer = browser.get(next.as_str()).await;
    }
    browser.choose(&answer, email).await.location().expect("the way back").to_string()
}

/// Whether this browser is somebody in this team: the team page opens, or leads to the team's sign-in.
pub(crate) async fn is_somebody(world: &World, browser: &Browser, team_id: &str) -> bool {
    let answer = browser.get(&world.at(&format!("/t/{team_id}/team"))).await;
    match answer.status {
        200 if answer.heading() == "Team" => true,
        200 => panic!("a page, but not the team's: {}", answer.body),
        303 => {
            assert_eq!(answer.location().unwrap().path(), format!("/t/{team_id}/login"));
            false
        }
        other => panic!("{other}: {}", answer.body),
    }
}
