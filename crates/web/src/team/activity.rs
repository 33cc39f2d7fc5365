//! `/t/{team_id}/activity`: what happened in the team.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, web};
use audit::{Actor, Entry};
use pages::{Activity, ActivityRow, Pager, Tab, words};
use people::Person;
use sessions::SignedIn;
use storage::StorageError;
use tokens::team::Seen;
use vocabulary::PersonId;

use crate::answer;
use crate::app::App;
use crate::failed::{Failed, database, not_found};
use crate::request::{first, query};
use crate::team::house::house;
use crate::visitor::{Visitor, visitor};

const ROWS: i64 = 50;

pub(crate) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failed> {
    let who = match visitor(&app, &request, &path).await? {
        Visitor::SignedIn(who) => who,
        Visitor::Nobody(answer) => return Ok(answer),
    };
    let query = query(&request);
    let before = first(&query, "after").and_then(|n| n.parse().ok());
    let Found { me, entries, names, tokens } = find(&app, &who, before).await?;
    let team_id = &who.team.team.team_id;
    let more = i64::try_from(entries.len()).unwrap_or(0) > ROWS;
    let shown = entries.iter().take(usize::try_from(ROWS).unwrap_or(50));
    let next = shown
        .clone()
        .next_back()
        .filter(|_| more)
        .map(|last| format!("/t/{team_id}/activity?after={}", last.n));
    let previous = before.map(|_| format!("/t/{team_id}/activity"));
    let page = Activity {
        house: house(&app, &request, &who, &me, Tab::Activity, None).await?,
        rows: shown.map(|entry| row(entry, &names, &tokens)).collect(),
        pager: Pager { previous, next },
        now: app.now(),
    };
    Ok(answer::page(page.render(&app.face)))
}

/// What the page shows, and what those are called whom it names by id.
struct Found {
    me: Person,
    entries: Vec<Entry>,
    names: HashMap<PersonId, String>,
    tokens: HashMap<String, String>,
}

async fn find(app: &web::Data<App>, who: &SignedIn, before: Option<i64>) -> Result<Found, Failed> {
    let (db, team, me) = (app.door.database.clone(), who.team.team.team_id.clone(), who.person.clone());
    let seen = Seen::by(&who.person, who.role);
    let found = storage::blocking(move || {
        db.read(|connection| {
            let entries = audit::of_team(connection, &team, before, ROWS + 1)?;
            let mut ids: Vec<PersonId> = entries.iter().filter_map(|entry| entry.target.clone()).collect();
            ids.extend(entries.iter().filter_map(|entry| match &entry.actor {
                Actor::Person(id) | Actor::BreakGlass(id) => Some(id.clone()),
                Actor::Operator(_)
                | Actor::Console(_)
                | Actor::TeamToken(_)
                | Actor::SetupLink(_)
                | Actor::Contact(_)
                | Actor::IdentityProvider
                | Actor::CommandLine
                | Actor::Teamdoor => None,
            }));
            let names = roles::names(connection, &team, &ids)?;
            let ids: Vec<String> = entries.iter().flat_map(tokens_in).map(str::to_owned).collect();
            let tokens = tokens::team::names(connection, &team, &seen, &ids)?;
            let me = people::find(connection, &team, &me)?;
            Ok::<_, StorageError>(me.map(|me| Found { me, entries, names, tokens }))
        })
    });
    found.await.map_err(|error| database(app, &error))?.ok_or_else(|| not_found(app))
}

/// The tokens a row speaks of: the one that acted, and the one that was acted on.
fn tokens_in(entry: &Entry) -> impl Iterator<Item = &str> {
    let acting = match &entry.actor {
        Actor::TeamToken(id) => Some(id.as_str()),
        Actor::Person(_)
        | Actor::BreakGlass(_)
        | Actor::Operator(_)
        | Actor::Console(_)
        | Actor::SetupLink(_)
        | Actor::Contact(_)
        | Actor::IdentityProvider
        | Actor::CommandLine
        | Actor::Teamdoor => None,
    };
    acting.into_iter().chain(token_in(entry))
}

fn token_in(entry: &Entry) -> Option<&str> {
    entry.detail.get("token")?.as_str()
}

fn row(entry: &Entry, names: &HashMap<PersonId, String>, tokens: &HashMap<String, String>) -> ActivityRow {
    let name = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| words::SOMEBODY_ERASED.to_owned());
    let actor = match &entry.actor {
        Actor::Person(id) => name(id),
        Actor::BreakGlass(id) => words::acts::by_break_glass(&name(id)),
        Actor::TeamToken(id) => words::tokens::api_token(tokens.get(id).map_or("", String::as_str)),
        Actor::Operator(_) | Actor::Console(_) | Actor::CommandLine => words::THE_OPERATOR.to_owned(),
        Actor::SetupLink(_) => words::acts::BY_SETUP_LINK.to_owned(),
        Actor::Contact(_) => words::THE_CONTACT.to_owned(),
        Actor::IdentityProvider => words::THEIR_IDP.to_owned(),
        Actor::Teamdoor => words::BY_ITSELF.to_owned(),
    };
    let word = entry.act.map_or("", audit::Act::as_str);
    ActivityRow {
        at: entry.at,
        actor,
        act: words::acts::sentence(word, &entry.detail),
        target: entry.target.as_ref().map(name).or_else(|| tokens.get(token_in(entry)?).cloned()),
        detail: words::acts::detail(word, &entry.detail),
        reference: entry.reference.clone(),
    }
}
