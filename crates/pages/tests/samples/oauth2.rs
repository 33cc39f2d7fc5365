//! The pages between an app and us.

use pages::words::{failures, oauth2};
use pages::{ChooseTeam, ConfirmSignOut, CorporateSso, Face, Failure, Login, OpenTeamHere, TeamChoice};
use vocabulary::{ReturnTo, Role};

use super::{reference, remembered, team_id};

const CSRF: &str = "Zk3vX0mB8yQeT1sR7uJwLhA2nD4cF6gP9iK5oVbNxYq";

pub fn all(face: &Face) -> Vec<(&'static str, String)> {
    let mut pages = ways_in(face);
    pages.extend(choosing(face));
    pages.extend(signing_out(face));
    pages.extend(refusals(face));
    pages
}

pub fn request() -> ReturnTo {
    ReturnTo::parse("/oauth2/authorize?client_id=01hx3z&scope=openid+profile&state=xyz").unwrap()
}

fn ways_in(face: &Face) -> Vec<(&'static str, String)> {
    let (going_to, return_to) = (Some("Ledger".to_owned()), Some(request()));
    let teams = || vec![remembered("acme", "Acme"), remembered("globex", "Globex")];
    let first =
        CorporateSso { going_to: going_to.clone(), return_to: return_to.clone(), ..CorporateSso::default() };
    let returning = CorporateSso { remembered: teams(), ..first.clone() };
    vec![
        ("login-to-app", Login { remembered: teams(), going_to, return_to }.render(face)),
        ("corporate-sso-to-app", first.render(face)),
        ("corporate-sso-to-app-returning", returning.render(face)),
    ]
}

fn choosing(face: &Face) -> Vec<(&'static str, String)> {
    let choice = |id, name: &str, role| TeamChoice {
        team_id: team_id(id),
        name: name.to_owned(),
        role,
        csrf: CSRF.to_owned(),
    };
    let two = vec![
        choice("acme", "Acme", Role::Admin),
        choice("acme-research", "Acme Research and Development", Role::Member),
    ];
    vec![(
        "choose-team",
        ChooseTeam { app_name: "Ledger".to_owned(), teams: two, request: request() }.render(face),
    )]
}

fn signing_out(face: &Face) -> Vec<(&'static str, String)> {
    let open =
        |id, name: &str| OpenTeamHere { team_id: team_id(id), name: name.to_owned(), csrf: CSRF.to_owned() };
    let page = |app: Option<&str>, teams| ConfirmSignOut {
        app_name: app.map(str::to_owned),
        teams,
        fields: vec![("client_id", "01hx3z".to_owned()), ("state", "x\"y".to_owned())],
    };
    let (acme, globex) = (open("acme", "Acme"), open("globex", "Globex"));
    vec![
        ("sign-out-sure", page(Some("Ledger"), vec![acme.clone()]).render(face)),
        ("sign-out-which", page(None, vec![acme, globex]).render(face)),
        ("sign-out-nobody", page(None, Vec::new()).render(face)),
    ]
}

fn refusals(face: &Face) -> Vec<(&'static str, String)> {
    let to_acme = oauth2::to_team("Acme");
    let unknown = Failure::new("client_unknown", oauth2::client_unknown(), reference())
        .with_button(failures::TO_START, "/");
    let elsewhere =
        Failure::new("redirect_uri_mismatch", oauth2::redirect_uri_mismatch("Ledger"), reference())
            .with_button(failures::TO_START, "/");
    let team = Failure::new("app_team", oauth2::app_team("Wiki", "Acme"), reference())
        .with_button(&to_acme, "/t/acme");
    let role = Failure::new("app_role", oauth2::app_role("Billing", "Acme"), reference())
        .with_button(&to_acme, "/t/acme");
    vec![
        ("failure-client-unknown", unknown.render(face)),
        ("failure-redirect-uri", elsewhere.render(face)),
        ("failure-app-team", team.render(face)),
        ("failure-app-role", role.render(face)),
    ]
}
