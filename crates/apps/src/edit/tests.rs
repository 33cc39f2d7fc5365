//! Apps registered, changed and removed in a database of their own.

use std::sync::atomic::{AtomicU64, Ordering};

use roles::Operator;
use storage::{Address, Database, Options};
use tempfile::TempDir;
use url::Url;
use vocabulary::{Role, Timestamp};

use super::*;
use crate::admits::{NotAdmitted, admits};
use crate::uri::{RedirectUri, WebUri};

const START: Timestamp = Timestamp::from_seconds(1_777_802_400);
const OPERATOR: Operator = Operator::at_the_command_line();

/// Chance that never repeats itself within a test run.
struct Dice;

impl Chance for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        static THROWN: AtomicU64 = AtomicU64::new(1);
        let number = THROWN.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        bytes.fill(0);
        for (byte, digit) in bytes.iter_mut().rev().zip(number.iter().rev()) {
            *byte = *digit;
        }
    }
}

fn database() -> (TempDir, Database) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/teamdoor.db", folder.path().display());
    let database = Database::open(&Options::new(Address::parse(&url).unwrap()));
    database.migrate().unwrap();
    (folder, database)
}

fn new(name: &str) -> NewApp {
    NewApp {
        name: name.to_owned(),
        secrecy: Secrecy::Confidential,
        host: None,
        options: AppOptions {
            redirect_uris: vec![RedirectUri::parse("https://ledger.example/callback").unwrap()],
            ..AppOptions::default()
        },
    }
}

fn on_host(name: &str, host: &str) -> NewApp {
    NewApp { host: Some(AppHost::parse(host).unwrap()), ..new(name) }
}

fn put(database: &Database, new: &NewApp) -> Result<(App, Option<OpaqueToken>), AppError> {
    database.write(START, |tx| add(tx, &Dice, &OPERATOR, new))
}

fn change(database: &Database, app: &App, edit: &Edit) -> Result<App, AppError> {
    database.write(START, |tx| set(tx, &OPERATOR, app.id.as_str(), Some(app.version), edit))
}

fn found(database: &Database, app: &App) -> Option<App> {
    database.read(|connection| rows::find(connection, &app.id)).unwrap()
}

fn deeds(database: &Database) -> i64 {
    use storage::schema::audit;
    let count = |connection: &mut storage::Connection| {
        let rows = audit::table.filter(audit::team_id.is_null()).count();
        each!(connection, c => rows.get_result(c)).map_err(StorageError::from)
    };
    database.read(count).unwrap()
}

#[test]
fn an_app_is_found_as_it_was_registered_and_its_secret_is_nowhere() {
    let (_folder, database) = database();
    let (app, secret) = put(&database, &on_host(" Ledger ", "ledger.example")).unwrap();
    assert_eq!(found(&database, &app), Some(app.clone()));
    assert_eq!((app.name.as_str(), app.version), ("Ledger", Version(1)));
    let secret = secret.unwrap();
    assert!(app.has_secret(secret.reveal(), START));
    assert!(!app.has_secret("", START) && !app.has_secret(&format!("{} ", secret.reveal()), START));
    let shown = serde_json::to_string(&app).unwrap() + &format!("{app:?}");
    assert!(!shown.contains(secret.reveal()), "{shown}");
    assert_eq!(deeds(&database), 1);
}

#[test]
fn a_public_app_has_no_secret_and_gets_none() {
    let (_folder, database) = database();
    let public = NewApp { secrecy: Secrecy::Public, ..new("Phone") };
    let (app, secret) = put(&database, &public).unwrap();
    assert!(secret.is_none() && app.is_public() && !app.has_secret("", START));
    let rotated = database
        .write(START, |tx| rotate_secret(tx, &Dice, &OPERATOR, app.id.as_str(), OldSecret::CountsADay));
    assert!(matches!(rotated, Err(AppError::NoSecret)));
    let optional = AppOptions { pkce: Pkce::Optional, ..public.options.clone() };
    let edit = Edit { options: Some(optional.clone()), ..Edit::default() };
    assert!(matches!(change(&database, &app, &edit), Err(AppError::PublicWithoutPkce)));
    let without = NewApp { options: optional, ..public };
    assert!(matches!(put(&database, &without), Err(AppError::PublicWithoutPkce)));
}

#[test]
fn what_could_not_be_used_or_read_is_not_registered() {
    let (_folder, database) = database();
    for name in ["", "  ", "<b>", "a\u{202e}b", &"x".repeat(61)] {
        assert!(matches!(put(&database, &new(name)), Err(AppError::Name)), "{name:?}");
    }
    let nowhere = NewApp { options: AppOptions::default(), ..new("Nowhere") };
    assert!(matches!(put(&database, &nowhere), Err(AppError::NoAddress)));
    let uri = RedirectUri::parse("https://ledger.example/callback").unwrap();
    let many = AppOptions { redirect_uris: vec![uri; 21], ..AppOptions::default() };
    assert!(matches!(put(&database, &NewApp { options: many, ..new("Many") }), Err(AppError::TooMany)));
    let teams = Some(vec![TeamId::parse("acme").unwrap()]);
    let of_nobody = NewApp { options: AppOptions { teams, ..new("Of nobody").options }, ..new("Of nobody") };
    assert!(matches!(put(&database, &of_nobody), Err(AppError::TeamUnknown(_))));
    assert_eq!(database.read(rows::list).unwrap(), Vec::new());
    assert_eq!(deeds(&database), 0);
}

#[test]
fn a_host_belongs_to_one_app_and_never_to_us() {
    let (_folder, database) = database();
    put(&database, &on_host("Wiki", "wiki.example.com")).unwrap();
    let taken = put(&database, &on_host("Wiki 2", "WIKI.example.com:443"));
    assert!(matches!(taken, Err(AppError::HostTaken(_))));
    let (other, _) = put(&database, &on_host("Other", "other.example.com")).unwrap();
    let host = AppHost::parse("wiki.example.com").unwrap();
    let edit = Edit { host: HostEdit::Is(host), ..Edit::default() };
    assert!(matches!(change(&database, &other, &edit), Err(AppError::HostTaken(_))));
    assert_eq!(found(&database, &other), Some(other));
    let ours = Url::parse("https://sso.example.com/").unwrap();
    for own in ["sso.example.com", "SSO.example.com:443"] {
        assert!(matches!(AppHost::parse_other(own, &ours), Err(AppError::OwnHost(_))), "{own}");
    }
    assert!(AppHost::parse_other("sso.example.com:8443", &ours).is_ok());
    let here = Url::parse("http://localhost:3000/").unwrap();
    assert!(matches!(AppHost::parse_other("localhost:3000", &here), Err(AppError::OwnHost(_))));
    assert!(AppHost::parse_other("localhost:3002", &here).is_ok());
}

#[test]
fn a_change_holds_if_the_app_is_as_it_was_seen() {
    let (_folder, database) = database();
    let (first, _) = put(&database, &new("Ledger")).unwrap();
    let name = |name: &str| Edit { name: Some(name.to_owned()), ..Edit::default() };
    let second = change(&database, &first, &name("Ledger 2")).unwrap();
    assert_eq!((second.name.as_str(), second.version), ("Ledger 2", Version(2)));
    assert!(matches!(change(&database, &first, &name("Ledger 3")), Err(AppError::Changed)));
    let stale = database.write(START, |tx| remove(tx, &OPERATOR, first.id.as_str(), Some(first.version)));
    assert!(matches!(stale, Err(AppError::Changed)));
    let before = deeds(&database);
    assert_eq!(change(&database, &second, &name("Ledger 2")).unwrap(), second, "what is so is no change");
    assert_eq!(deeds(&database), before);
    database.write(START, |tx| remove(tx, &OPERATOR, second.id.as_str(), Some(second.version))).unwrap();
    assert_eq!(found(&database, &second), None);
    let gone = database.write(START, |tx| remove(tx, &OPERATOR, second.id.as_str(), None));
    assert!(matches!(gone, Err(AppError::Unknown(_))));
}

#[test]
fn the_secret_of_before_counts_for_a_day_or_not_at_all() {
    let (_folder, database) = database();
    let (app, secret) = put(&database, &new("Ledger")).unwrap();
    let first = secret.unwrap();
    let rotate = |old| {
        let id = app.id.as_str();
        database.write(START, |tx| rotate_secret(tx, &Dice, &OPERATOR, id, old)).unwrap()
    };
    let (app, second) = rotate(OldSecret::CountsADay);
    let until = START.plus(OLD_SECRET_COUNTS);
    let last = Timestamp::from_millis(until.millis() - 1);
    assert!(app.has_secret(second.reveal(), until) && app.has_secret(first.reveal(), last));
    assert!(!app.has_secret(first.reveal(), until));
    assert_eq!(app.old_secret_until(), Some(until));
    let (app, third) = rotate(OldSecret::EndsNow);
    assert!(app.has_secret(third.reveal(), START));
    assert!(!app.has_secret(second.reveal(), START) && !app.has_secret(first.reveal(), START));
    assert_eq!((app.old_secret_until(), found(&database, &app)), (None, Some(app.clone())));
}

#[test]
fn an_app_admits_its_teams_and_the_role_it_asks_for() {
    let (_folder, database) = database();
    let (mut app, _) = put(&database, &new("Ledger")).unwrap();
    let [acme, globex] = ["acme", "globex"].map(|id| TeamId::parse(id).unwrap());
    let said = |app: &App, team| [Role::Member, Role::Admin].map(|role| admits(app, team, role));
    assert_eq!(said(&app, &globex), [Ok(()), Ok(())]);
    app.options.teams = Some(vec![acme.clone()]);
    assert_eq!(said(&app, &acme), [Ok(()), Ok(())]);
    assert_eq!(said(&app, &globex), [Err(NotAdmitted::Team), Err(NotAdmitted::Team)]);
    app.options.min_role = Role::Admin;
    assert_eq!(said(&app, &acme), [Err(NotAdmitted::Role), Ok(())]);
    app.options.teams = Some(Vec::new());
    assert_eq!(said(&app, &acme), [Err(NotAdmitted::Team), Err(NotAdmitted::Team)]);
}

#[test]
fn whoever_opens_an_app_comes_to_its_beginning_told_by_whom() {
    let (_folder, database) = database();
    let (mut app, _) = put(&database, &on_host("Ledger", "wiki.localhost:8080")).unwrap();
    let acme = TeamId::parse("acme").unwrap();
    let target = Url::parse("https://ledger.example/invoices?no=7").unwrap();
    let open = |app: &App, target| app.opening("https://sso.example", &acme, target).unwrap();
    let sign_in = "http://wiki.localhost:8080/.teamdoor/sign-in?team=acme&return_to=";
    assert_eq!(open(&app, None), format!("{sign_in}%2F"));
    let page = Url::parse("http://wiki.localhost:8080/page?no=7#top").unwrap();
    assert_eq!(open(&app, Some(&page)), format!("{sign_in}%2Fpage%3Fno%3D7"));
    assert_eq!(open(&app, Some(&target)), target.as_str());
    app.options.home_url = Some(WebUri::parse("https://ledger.example/").unwrap());
    assert_eq!(open(&app, None), "https://ledger.example/");
    app.options.initiate_login_uri = Some(WebUri::parse("https://ledger.example/login?via=sso").unwrap());
    let begin = "https://ledger.example/login?via=sso&iss=https%3A%2F%2Fsso.example&team_id=acme";
    assert_eq!(open(&app, None), begin);
    let there = "&target_link_uri=https%3A%2F%2Fledger.example%2Finvoices%3Fno%3D7";
    assert_eq!(open(&app, Some(&target)), format!("{begin}{there}"));
    let (bare, _) = put(&database, &new("Bare")).unwrap();
    assert_eq!(open(&bare, None), "https://ledger.example");
    let seen = [&app, &bare].map(|app| app.shown_host().unwrap());
    assert_eq!(seen, ["ledger.example", "ledger.example"]);
    let mut phone = bare;
    phone.options.redirect_uris = vec![RedirectUri::parse("com.example.ledger:/back").unwrap()];
    assert!(phone.opening("https://sso.example", &acme, None).is_none() && phone.shown_host().is_none());
}

#[test]
fn an_address_of_an_app_lies_on_one_of_its_own_origins() {
    let (_folder, database) = database();
    let (mut app, _) = put(&database, &on_host("Ledger", "wiki.localhost:8080")).unwrap();
    app.options.redirect_uris.push(RedirectUri::parse("com.example.ledger:/back").unwrap());
    let has = |text: &str| Url::parse(text).is_ok_and(|address| app.has_address(&address));
    for good in ["https://ledger.example", "https://ledger.example:443/x?y#z", "http://wiki.localhost:8080/a"]
    {
        assert!(has(good), "{good}");
    }
    for foreign in [
        "http://ledger.example/",
        "https://ledger.example:444/",
        "https://ledger.example.evil.example/",
        "https://evil.example/?https://ledger.example/",
        "https://ledger.example@evil.example/",
        "https://u@ledger.example/",
        "https://u:p@ledger.example/",
        "https://wiki.localhost:8080/",
        "http://localhost:8080/",
        "com.example.ledger:/back",
        "javascript:alert(1)",
        "data:text/html,x",
        "/callback",
    ] {
        assert!(!has(foreign), "{foreign}");
    }
}
