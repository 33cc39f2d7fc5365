//! A team whose door is not open: nobody learns whether it is there.

use std::collections::BTreeSet;

use support::{Browser, World, command, on_both};

on_both! {
    async fn unknown_draft_suspended_and_removed_teams_are_told_apart_by_nobody(db) {
        let world = World::with(db, &[("LIMITS__UNKNOWN_TEAMS_PER_ADDRESS", "off")]).await;
        world.add_team("team-draft", "acme", "ada@acme.test", |team| team.state = teams::State::Draft);
        world.add_team("team-suspe", "acme", "ada@acme.test", |_team| ());
        world.add_team("team-remov", "acme", "ada@acme.test", |_team| ());
        assert!(command(&world, db, &["team", "suspend", "team-suspe"]).done);
        assert!(command(&world, db, &["team", "remove", "team-remov", "--yes"]).done);
        let gets = ["/t/TEAM", "/t/TEAM/login", "/t/TEAM/apps/x", "/t/TEAM/billing", "/t/TEAM/team", "/t/TEAM/tokens", "/t/TEAM/activity", "/t/TEAM/settings/sso", "/t/TEAM/settings/sso/sign-ins", "/t/TEAM/settings/sso/sign-ins/7K2F-9QXM", "/t/TEAM/signed-out", "/t/TEAM/launch"];
        let posts = ["/login_sso", "/t/TEAM/logout", "/t/TEAM/backchannel_logout", "/t/TEAM/revoke", "/t/TEAM/people/x/role", "/t/TEAM/launch"];
        for (method, path) in gets.map(|path| ("GET", path)).into_iter().chain(posts.map(|path| ("POST", path))) {
            let mut seen = BTreeSet::new();
            for team in ["team-never", "team-draft", "team-suspe", "team-remov"] {
                let (browser, address) = (Browser::default(), world.at(&path.replace("TEAM", team)));
                let answer = match method {
                    "GET" => browser.get(&address).await,
                    _ => browser.post(&address, &[("team_id", team)]).await,
                };
                assert_eq!((answer.status, answer.code()), (404, Some("team_unknown")), "{method} {path} of {team}");
                assert!(browser.cookie_names().is_empty(), "{method} {path} of {team}");
                let mut headers: Vec<String> = answer.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
                headers.retain(|line| !line.starts_with("date: "));
                seen.insert((headers, without_reference(&answer.body).replace(team, "TEAM")));
            }
            assert_eq!(seen.len(), 1, "{method} {path}: {seen:?}");
        }
    }
}

/// A page without its reference id, which is another one each time.
fn without_reference(body: &str) -> String {
    let is_reference = |text: &str| {
        let good = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase();
        text.len() == 9
            && text.split_once('-').is_some_and(|(a, b)| a.len() == 4 && (a.to_owned() + b).chars().all(good))
    };
    let parts = body.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let known = parts.map(|part| {
        let word = part.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        if is_reference(word) { part.replacen(word, "REFERENCE", 1) } else { part.to_owned() }
    });
    known.collect()
}
