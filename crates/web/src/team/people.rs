//! `/t/{team_id}/team`: people and roles.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, web};
use pages::{Act, Notice, Pager, PersonRow, RoleButton, Tab, Team, Undo, words};
use people::{CameBy, Person};
use roles::{Colleague, Filter};
use sessions::SignedIn;
use storage::StorageError;
use url::form_urlencoded;
use vocabulary::{PersonId, Role};

use crate::answer;
use crate::app::App;
use crate::failed::{Failed, database, not_found};
use crate::idp;
use crate::request::query;
use crate::team::house::house;
use crate::visitor::{Visitor, visitor};

/// How many rows a page has.
const ROWS: i64 = 50;

/// What the page shows, as the database has it.
struct Found {
    me: Person,
    rows: Vec<Colleague>,
    changed: Option<Colleague>,
    people: i64,
    admins: usize,
}

pub(crate) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failed> {
    let who = match visitor(&app, &request, &path).await? {
        Visitor::SignedIn(who) => who,
        Visitor::Nobody(answer) => return Ok(answer),
    };
    let query: HashMap<String, String> = query(&request).into_iter().collect();
    let found = find(&app, &who, &query).await?;
    let alone = query.contains_key("person") && !query.contains_key("done");
    if alone && found.rows.is_empty() {
        return Err(not_found(&app));
    }
    let team_id = &who.team.team.team_id;
    let more = i64::try_from(found.rows.len()).unwrap_or(0) > ROWS;
    let rows: Vec<&Colleague> = found.rows.iter().take(usize::try_from(ROWS).unwrap_or(50)).collect();
    let notice = query.get("done").and_then(|done| notice(&who, done, found.changed.as_ref()));
    let page = Team {
        house: house(&app, &request, &who, &found.me, Tab::Team, notice).await?,
        people: rows.iter().map(|colleague| row(&who, colleague, found.admins)).collect(),
        total: u64::try_from(found.people).unwrap_or(0),
        search: query.get("q").filter(|text| !text.is_empty()).cloned(),
        alone,
        pager: pager(team_id.as_str(), &query, rows.last().filter(|_| more).map(|last| &last.person.id)),
        viewer_is_admin: who.role == Role::Admin,
        login_address: app.door.address(&format!("/t/{team_id}/login")),
        now: app.now(),
    };
    Ok(answer::page(page.render(&app.face)))
}

async fn find(
    app: &web::Data<App>,
    who: &SignedIn,
    query: &HashMap<String, String>,
) -> Result<Found, Failed> {
    let id = |name: &str| query.get(name).and_then(|id| PersonId::parse(id));
    let search = query.get("q").filter(|text| !text.is_empty()).cloned();
    let filter = Filter { search, after: id("after"), ..Filter::default() };
    let (one, changed) = (id("person").filter(|_| !query.contains_key("done")), id("person"));
    let (db, team, me) = (app.door.database.clone(), who.team.team.team_id.clone(), who.person.clone());
    let found = storage::blocking(move || {
        db.read(|connection| {
            let rows = match &one {
                Some(id) => roles::colleague(connection, &team, id)?.into_iter().collect(),
                None => roles::colleagues(connection, &team, &filter, ROWS + 1)?,
            };
            let changed = match &changed {
                Some(id) => roles::colleague(connection, &team, id)?,
                None => None,
            };
            let (people, admins) = roles::count(connection, &team)?;
            let me = people::find(connection, &team, &me)?;
            Ok::<_, StorageError>(me.map(|me| Found { me, rows, changed, people, admins }))
        })
    });
    found.await.map_err(|error| database(app, &error))?.ok_or_else(|| not_found(app))
}

fn row(who: &SignedIn, colleague: &Colleague, admins: usize) -> PersonRow {
    let Colleague { person, membership } = colleague;
    let is_you = person.id == who.person;
    // Admins of a connection that was replaced cannot come in; they may go and leave nobody alone.
    let is_present = membership.active && person.connection_id == who.team.connection.id.as_str();
    let is_last = membership.role == Role::Admin && is_present && admins <= 1;
    let (role_button, acts) = match who.role {
        Role::Member => (RoleButton::Hidden, Vec::new()),
        Role::Admin if is_last => (RoleButton::LastAdmin, vec![Act::SignOut]),
        Role::Admin if membership.active => {
            (RoleButton::Change, vec![Act::SignOut, Act::Deactivate, Act::Erase])
        }
        Role::Admin => (RoleButton::Change, vec![Act::Activate, Act::Erase]),
    };
    PersonRow {
        id: person.id.clone(),
        name: person.shown_name().to_owned(),
        email: person.email.as_ref().map(ToString::to_string),
        role: membership.role,
        is_you,
        active: membership.active,
        came_by: came_by(who, person.came_by),
        last_sign_in: Some(person.last_sign_in),
        version: membership.version,
        role_button,
        acts,
    }
}

/// "Okta" or "Okta tile", where the product is known.
fn came_by(who: &SignedIn, came_by: CameBy) -> String {
    let product = idp::product(&who.team).unwrap_or("SSO");
    match came_by {
        CameBy::TeamId => product.to_owned(),
        CameBy::Tile => format!("{product} tile"),
    }
}

/// What was done a moment ago, told from how things stand now, with the way back where there is one.
fn notice(who: &SignedIn, done: &str, changed: Option<&Colleague>) -> Option<Notice> {
    if done == "erased" {
        return Some(Notice { text: words::now_erased(words::SOMEBODY), undo: None });
    }
    let Colleague { person, membership } = changed?;
    let name = person.shown_name();
    let base = format!("/t/{}/people/{}", who.team.team.team_id, person.id);
    let version = ("version".to_owned(), membership.version.to_string());
    let undo = |action: String, mut fields: Vec<(String, String)>| {
        fields.push(version.clone());
        Some(Undo { action, fields }).filter(|_| who.role == Role::Admin)
    };
    let back = membership.role.toggled().to_string();
    let role_back = || undo(format!("{base}/role"), vec![("role".to_owned(), back.clone())]);
    let (text, undo) = match (done, membership.role, membership.active) {
        ("role", Role::Member, _) if person.id == who.person => (words::YOU_STEPPED_DOWN.to_owned(), None),
        ("role", Role::Admin, _) => (words::now_admin(name), role_back()),
        ("role", Role::Member, _) => (words::now_member(name), role_back()),
        ("access", _, false) => (words::now_off(name), undo(format!("{base}/activate"), Vec::new())),
        ("access", _, true) => (words::now_on(name), None),
        ("signed-out", _, _) => (words::now_signed_out(name), None),
        _ => return None,
    };
    Some(Notice { text, undo })
}

fn pager(team_id: &str, query: &HashMap<String, String>, last: Option<&PersonId>) -> Pager {
    let address = |after: Option<&str>| {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        pairs.extend_pairs(query.get("q").map(|text| ("q", text)));
        pairs.extend_pairs(after.map(|after| ("after", after)));
        format!("/t/{team_id}/team?{}", pairs.finish())
    };
    Pager {
        previous: query.contains_key("after").then(|| address(None)),
        next: last.map(|last| address(Some(last.as_str()))),
    }
}
