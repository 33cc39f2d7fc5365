//! The operators' console.

mod team;

use pages::{Console, ConsoleTab, ConsoleTeam, ConsoleTeams, Face, Pager, TeamStanding};

use super::{NOW, ago, team_id};

pub fn console(active: ConsoleTab) -> Console {
    Console {
        operators: team_id("operators"),
        person_name: "Olga Petrova".to_owned(),
        csrf: "Zk3vX0mB8yQeT1sR7uJwLhA2nD4cF6gP9iK5oVbNxYq".to_owned(),
        active,
        notice: None,
    }
}

pub fn all(face: &Face) -> Vec<(&'static str, String)> {
    let row = |id: &str, name: &str, standing, issuer: Option<&str>| ConsoleTeam {
        team_id: team_id(id),
        name: name.to_owned(),
        admin_email: format!("ada@{id}.test"),
        issuer: issuer.map(str::to_owned),
        standing,
        created_at: ago(60 * 24 * 40),
    };
    let page = ConsoleTeams {
        console: console(ConsoleTab::Teams),
        teams: vec![
            row("acme", "Acme", TeamStanding::Open, Some("https://acme.okta.com")),
            row("acme-labs", "Acme Labs", TeamStanding::Tested, Some("https://acme.okta.com/oauth2/default")),
            row(
                "globex",
                "Globex Corporation International",
                TeamStanding::Suspended,
                Some("https://login.microsoftonline.com/3f2c8a60-7c1e-4c0f-9a35-1d2e3f4a5b6c/v2.0"),
            ),
            row("initech", "Initech", TeamStanding::SettingUp, None),
        ],
        search: None,
        pager: Pager { previous: None, next: Some("/operator?after=initech".to_owned()) },
        now: NOW,
    };
    let nothing = ConsoleTeams {
        teams: Vec::new(),
        search: Some("umbrella".to_owned()),
        pager: Pager::default(),
        ..page.clone()
    };
    let first = ConsoleTeams { search: None, ..nothing.clone() };
    vec![
        ("console-teams", page.render(face)),
        ("console-teams-nothing", nothing.render(face)),
        ("console-teams-first", first.render(face)),
    ]
    .into_iter()
    .chain(team::all(face))
    .collect()
}
