//! Every page once or more, as view models: what the tests examine and the gallery draws.

mod console;
mod console_watch;
mod find_team;
mod oauth2;
mod request;
mod setup;
pub mod sso;
mod tokens;
mod traces;

use std::time::Duration;

use pages::words::{self, failures};
use pages::{
    Act, Activity, ActivityFilter, ActivityRow, AppTile, AtIdp, CorporateSso, Dashboard, Deployment, Ended,
    Erase, Face, Failure, FieldProblem, House, Idps, Login, Notice, Pager, PersonRow, PressedTile,
    RememberedTeam, RoleButton, SignOutAtIdp, SignedOut, StepDown, SwitcherTeam, Tab, Team, Undo,
};
use vocabulary::{PersonId, ReferenceId, ReturnTo, Role, TeamId, Timestamp, Version};

/// 14 May 2026, 12:00 UTC.
pub const NOW: Timestamp = Timestamp::from_seconds(1_778_760_000);

pub fn face() -> Face {
    Face {
        product_name: "Ledger".to_owned(),
        logo: None,
        accent: None,
        home_url: "https://ledger.example/".to_owned(),
        support_url: Some("https://ledger.example/support".to_owned()),
        privacy_url: Some("https://ledger.example/privacy".to_owned()),
        deployment: Deployment::Production,
    }
}

pub fn team_id(text: &str) -> TeamId {
    TeamId::parse(text).unwrap()
}

pub fn reference() -> ReferenceId {
    ReferenceId::parse("7K2F-9QXM").unwrap()
}

pub fn person_id(n: usize) -> PersonId {
    PersonId::parse(&format!("{n:0>26}")).unwrap()
}

pub fn ago(minutes: u64) -> Timestamp {
    NOW.minus(Duration::from_secs(60 * minutes))
}

pub fn house(active: Tab, team_name: &str, person_name: &str) -> House {
    let open =
        |id: &str, name: &str, current| SwitcherTeam { team_id: team_id(id), name: name.to_owned(), current };
    House {
        team_id: team_id("acme"),
        team_name: team_name.to_owned(),
        person_name: person_name.to_owned(),
        csrf: "Zk3vX0mB8yQeT1sR7uJwLhA2nD4cF6gP9iK5oVbNxYq".to_owned(),
        switcher: vec![open("acme", team_name, true), open("acme-labs", "Acme Labs", false)],
        has_billing: true,
        has_sso_settings: true,
        sign_out_at_idp: Some(SignOutAtIdp::Works("Okta".to_owned())),
        active,
        notice: None,
    }
}

fn remembered(id: &str, name: &str) -> RememberedTeam {
    RememberedTeam { team_id: team_id(id), name: name.to_owned() }
}

pub fn problem(text: &str, code: &'static str) -> FieldProblem {
    FieldProblem { text: text.to_owned(), code, reference: reference() }
}

pub fn person(n: usize, name: &str, role: Role) -> PersonRow {
    PersonRow {
        id: person_id(n),
        name: name.to_owned(),
        email: Some(format!("{}@acme.test", name.split(' ').next().unwrap_or("x").to_lowercase())),
        role,
        is_you: false,
        active: true,
        came_by: "Okta".to_owned(),
        last_sign_in: Some(ago(168)),
        version: Version(3),
        role_button: RoleButton::Change,
        acts: vec![Act::SignOut, Act::Deactivate, Act::Erase],
    }
}

pub fn team(people: Vec<PersonRow>, house: House) -> Team {
    Team {
        total: u64::try_from(people.len()).unwrap(),
        people,
        house,
        search: None,
        alone: false,
        pager: Pager::default(),
        viewer_is_admin: true,
        login_address: "https://sso.ledger.example/t/acme/login".to_owned(),
        now: NOW,
    }
}

pub fn four_people() -> Vec<PersonRow> {
    let ada = PersonRow { is_you: true, acts: vec![Act::SignOut], ..person(1, "Ada Lovelace", Role::Admin) };
    let bob = PersonRow { came_by: "Okta tile".to_owned(), ..person(2, "Bob Kahn", Role::Admin) };
    let cyd = PersonRow {
        last_sign_in: Some(ago(60 * 27)),
        active: false,
        acts: vec![Act::Activate, Act::Erase],
        ..person(3, "Cyd Rivera", Role::Member)
    };
    let dee = PersonRow {
        last_sign_in: Some(ago(60 * 24 * 40)),
        role_button: RoleButton::ManagedBy("engineering".to_owned()),
        ..person(4, "Dee Okafor", Role::Member)
    };
    vec![ada, bob, cyd, dee]
}

pub fn full_team() -> Team {
    let rows = (0..50).map(|n| person(n, "Bartholomew Ndiaye", Role::Member)).collect();
    Team {
        total: 1_204,
        pager: Pager { previous: None, next: Some("/t/acme/team?after=abc".to_owned()) },
        ..team(rows, house(Tab::Team, "Acme", "Ada Lovelace"))
    }
}

fn undoable(mut house: House) -> House {
    house.notice = Some(Notice {
        text: words::now_admin("Bob Kahn"),
        undo: Some(Undo {
            action: format!("/t/acme/people/{}/role", person_id(2)),
            fields: vec![("role".to_owned(), "member".to_owned()), ("version".to_owned(), "4".to_owned())],
        }),
    });
    house
}

/// All pages, each with the name of its picture.
pub fn all(face: &Face) -> Vec<(&'static str, String)> {
    let mut pages = door(face);
    pages.extend(signed_out(face));
    pages.extend(oauth2::all(face));
    pages.extend(find_team::all(face));
    pages.extend(request::all(face));
    pages.extend(house_pages(face));
    pages.extend(team_pages(face));
    pages.extend(tokens::all(face));
    pages.extend(sso::all(face));
    pages.extend(traces::all(face));
    pages.extend(console::all(face));
    pages.extend(console_watch::all(face));
    pages
}

fn door(face: &Face) -> Vec<(&'static str, String)> {
    let target = ReturnTo::parse("/t/acme/team?q=a").ok();
    let returning = Login {
        remembered: vec![
            remembered("acme", "Acme"),
            remembered("acme-labs", "Acme Labs"),
            remembered("globex", "Globex"),
        ],
        going_to: None,
        return_to: target.clone(),
    };
    let refused = CorporateSso {
        typed: "acmee".to_owned(),
        problem: Some(problem(&words::team_unknown("acmee"), "team_unknown")),
        return_to: target.clone(),
        tile: Some(PressedTile {
            iss: Some("https://acme.okta.com".to_owned()),
            login_hint: Some("ada@acme.test".to_owned()),
            target_link_uri: Some("https://ledger.example/invoices".to_owned()),
        }),
        ..CorporateSso::default()
    };
    let hinted = CorporateSso {
        typed: "acme".to_owned(),
        hint: Some(words::read_from_address("acme")),
        ..CorporateSso::default()
    };
    let failure = Failure::new("idp_not_assigned", failures::idp_not_assigned(), reference())
        .with_button(failures::USE_ANOTHER_ACCOUNT, "/t/acme/login?prompt=login")
        .with_button(failures::TRY_AGAIN, "/t/acme/login")
        .with_lookup_hint();
    let admins = ["Ada Lovelace", "Cyd Rivera"].map(str::to_owned);
    let billing = Failure::new("not_admin", words::apps::billing_needs_admin("Acme", &admins), reference())
        .with_button(words::apps::BACK, "/t/acme");
    let stale = Failure::new("state_expired", failures::stale_link(), reference())
        .with_button(failures::START_AGAIN, "/t/acme/login");
    vec![
        ("login-first", Login::default().render(face)),
        ("login-returning", returning.render(face)),
        ("corporate-sso", CorporateSso::default().render(face)),
        ("corporate-sso-problem", refused.render(face)),
        ("corporate-sso-hint", hinted.render(face)),
        ("failure", failure.render(face)),
        ("failure-stale", stale.render(face)),
        ("failure-billing", billing.render(face)),
    ]
}

fn signed_out(face: &Face) -> Vec<(&'static str, String)> {
    let out = |ended, at_idp| SignedOut {
        team_id: team_id("acme"),
        team_name: "Acme".to_owned(),
        ended,
        at_idp,
        still_open: Vec::new(),
        return_to: None,
    };
    let among_others = SignedOut {
        still_open: vec![
            (team_id("acme-labs"), "Acme Labs".to_owned()),
            (team_id("globex"), "Globex".to_owned()),
        ],
        ..out(Ended::ThisTeam, AtIdp::NotAsked("Okta".to_owned()))
    };
    let unnamed = || AtIdp::Perhaps(words::YOUR_IDP.to_owned());
    vec![
        ("signed-out", out(Ended::ThisTeam, AtIdp::Perhaps("Okta".to_owned())).render(face)),
        ("signed-out-everywhere", out(Ended::Everywhere, AtIdp::Ended("Okta".to_owned())).render(face)),
        ("signed-out-among-others", among_others.render(face)),
        ("signed-out-browser", out(Ended::ThisBrowser(Idps::One), unnamed()).render(face)),
        (
            "signed-out-all",
            out(Ended::EverywhereAndThisBrowser(Idps::Several), AtIdp::Ended("Okta".to_owned())).render(face),
        ),
        ("signed-out-before", out(Ended::Before, AtIdp::Perhaps("Okta".to_owned())).render(face)),
        ("signed-out-nothing", out(Ended::Nothing, unnamed()).render(face)),
    ]
}

pub fn frame(tab: Tab) -> House {
    house(tab, "Acme", "Ada Lovelace")
}

fn tiles() -> Vec<AppTile> {
    let tile = |id: &str, name: &str, host: &str, min_role| AppTile {
        id: format!("{id:0>26}"),
        name: name.to_owned(),
        host: host.to_owned(),
        min_role,
    };
    vec![
        tile("1", "Ledger", "ledger.example", Role::Member),
        tile("2", "Ledger exports", "exports.ledger.example", Role::Admin),
        tile("3", "Wiki", "wiki.example.com:8443", Role::Member),
        tile("4", "Überblick & Quarterly planning for everybody", "planning.ledger.example", Role::Member),
    ]
}

fn for_member(dashboard: &Dashboard) -> Dashboard {
    let mut dashboard = Dashboard { role: Role::Member, ..dashboard.clone() };
    dashboard.house.has_billing = false;
    dashboard.house.has_sso_settings = false;
    dashboard.apps.retain(|app| app.min_role == Role::Member);
    dashboard
}

fn house_pages(face: &Face) -> Vec<(&'static str, String)> {
    let dashboard = Dashboard {
        house: frame(Tab::Apps),
        apps: tiles(),
        email: Some("ada@acme.test".to_owned()),
        role: Role::Admin,
        login_address: "https://sso.ledger.example/t/acme/login".to_owned(),
    };
    let mut trying = dashboard.clone();
    trying.house.sign_out_at_idp = Some(SignOutAtIdp::Try(words::YOUR_IDP.to_owned()));
    let step_down = StepDown { house: frame(Tab::Team), person_id: person_id(1), version: Version(3) };
    let erase = Erase {
        house: frame(Tab::Team),
        person_id: person_id(2),
        person_name: "Bob Kahn".to_owned(),
        version: Version(3),
        typed: String::new(),
        problem: None,
    };
    let mistyped = Erase {
        typed: "acne".to_owned(),
        problem: Some(problem(words::ERASE_TYPED_WRONG, "form_invalid")),
        ..erase.clone()
    };
    vec![
        ("dashboard", dashboard.render(face)),
        ("dashboard-try", trying.render(face)),
        ("dashboard-member", for_member(&dashboard).render(face)),
        ("dashboard-empty", Dashboard { apps: Vec::new(), ..dashboard }.render(face)),
        ("step-down", step_down.render(face)),
        ("erase", erase.render(face)),
        ("erase-problem", mistyped.render(face)),
        ("activity", activity(frame(Tab::Activity), deeds()).render(face)),
        ("activity-filtered", filtered(activity(frame(Tab::Activity), deeds())).render(face)),
        ("activity-no-match", filtered(activity(frame(Tab::Activity), Vec::new())).render(face)),
        ("activity-empty", activity(frame(Tab::Activity), Vec::new()).render(face)),
    ]
}

fn team_pages(face: &Face) -> Vec<(&'static str, String)> {
    let last = PersonRow {
        is_you: true,
        role_button: RoleButton::LastAdmin,
        acts: vec![Act::SignOut],
        ..person(1, "Ada Lovelace", Role::Admin)
    };
    let mut as_member = four_people();
    for row in &mut as_member {
        row.role_button = RoleButton::Hidden;
        row.acts.clear();
    }
    let bob = || person(2, "Bob Kahn", Role::Member);
    let searched = Team { search: Some("zoe".to_owned()), ..team(Vec::new(), frame(Tab::Team)) };
    let alone = Team { alone: true, ..team(vec![bob()], frame(Tab::Team)) };
    let member = Team { viewer_is_admin: false, ..team(as_member, frame(Tab::Team)) };
    vec![
        ("team", team(four_people(), undoable(frame(Tab::Team))).render(face)),
        ("team-member", member.render(face)),
        ("team-last-admin", team(vec![last, bob()], frame(Tab::Team)).render(face)),
        ("team-full", full_team().render(face)),
        ("team-alone", alone.render(face)),
        ("team-no-match", searched.render(face)),
        ("team-empty", team(Vec::new(), frame(Tab::Team)).render(face)),
    ]
}

pub fn activity(house: House, rows: Vec<ActivityRow>) -> Activity {
    let next = (!rows.is_empty()).then(|| "/t/acme/activity?after=17".to_owned());
    let pager = Pager { previous: None, next };
    let export = "/t/acme/activity?format=jsonl".to_owned();
    Activity { house, rows, filter: ActivityFilter::default(), export, pager, now: NOW }
}

fn filtered(page: Activity) -> Activity {
    let said = |text: &str| text.to_owned();
    let (kind, person, from, to) = (said("people"), said("bob"), said("2026-05-01"), said("2026-05-14"));
    Activity { filter: ActivityFilter { kind, person, from, to }, ..page }
}

fn deeds() -> Vec<ActivityRow> {
    let deed =
        |minutes, actor: &str, act: &str, target: Option<&str>, detail: Option<&str>, found: Option<&str>| {
            let own = |text: Option<&str>| text.map(str::to_owned);
            ActivityRow {
                at: ago(minutes),
                actor: actor.to_owned(),
                act: act.to_owned(),
                target: own(target),
                detail: own(detail),
                reference: own(found),
            }
        };
    vec![
        deed(9, "Ada Lovelace", "made admin", Some("Bob Kahn"), Some("was a member"), None),
        deed(190, "Bob Kahn", "signed in", None, Some("from the Okta tile"), Some("7K2F-9QXM")),
        deed(60 * 30, "Teamdoor", "promoted on first sign-in", Some("Ada Lovelace"), None, Some("3D8C-H1TV")),
    ]
}
