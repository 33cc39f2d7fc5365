//! The activity as lines of JSON: all that the filter fits, in the shape of the API's record, and besides what those
//! are called who stand in it. What is for operators and admins alone is left out.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use audit::{Act, Actor, Entry, Filter};
use serde::Serialize;
use serde_json::{Value, json};
use sessions::SignedIn;
use storage::StorageError;
use tokens::team::Seen;
use vocabulary::{PersonId, TeamId, Timestamp};

use super::names::Names;
use crate::app::App;
use crate::export::{self, AT_A_TIME, Lot};
use crate::failed::{Failed, database};

/// The details that the page tells, too.
const TOLD: [&str; 11] = [
    "first",
    "by",
    "passed",
    "everywhere",
    "browser",
    "from",
    "to",
    "tokens",
    "reveal",
    "scope",
    "promotion",
];

#[derive(Serialize)]
struct Line<'a> {
    n: i64,
    at: Timestamp,
    team_id: Option<&'a str>,
    actor: String,
    actor_name: String,
    act: Option<&'static str>,
    target: Option<&'a PersonId>,
    target_name: Option<String>,
    detail: Value,
    reference: Option<&'a str>,
}

impl<'a> Line<'a> {
    fn new(entry: &'a Entry, names: &Names) -> Self {
        Self {
            n: entry.n,
            at: entry.at,
            team_id: entry.team.as_deref(),
            actor: actor(&entry.actor),
            actor_name: names.actor(entry),
            act: entry.act.map(Act::as_str),
            target: entry.target.as_ref(),
            target_name: names.target(entry),
            detail: told(&entry.detail),
            reference: entry.reference.as_deref(),
        }
    }
}

/// All rows beyond a place, as a file.
pub(super) async fn answer(
    app: &web::Data<App>,
    request: &HttpRequest,
    who: &SignedIn,
    filter: Filter,
    after: Option<i64>,
) -> Result<HttpResponse, Failed> {
    let (team, seen) = (who.team.team.team_id.clone(), Seen::by(&who.person, who.role));
    let file = format!("attachment; filename=\"{team}-activity.jsonl\"");
    let app = app.clone();
    let more = move |after| lot(app.clone(), team.clone(), seen.clone(), filter.clone(), after);
    let first = more(after).await?;
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CONTENT_DISPOSITION, file));
    Ok(export::lines(request, response, first, move |last| more(Some(last))))
}

async fn lot(
    app: web::Data<App>,
    team: TeamId,
    seen: Seen,
    filter: Filter,
    after: Option<i64>,
) -> Result<Lot, Failed> {
    let db = app.door.database.clone();
    let found = storage::blocking(move || {
        db.read(|connection| {
            let entries = audit::deeds(connection, &filter, after, AT_A_TIME)?;
            let names = Names::of(connection, &team, &seen, &entries)?;
            Ok::<_, StorageError>(Lot::new(&entries, |entry| json!(Line::new(entry, &names))))
        })
    });
    found.await.map_err(|error| database(&app, &error))
}

/// Who did it, without what is the operators' own matter: which of them, and by what.
fn actor(actor: &Actor) -> String {
    match actor {
        Actor::Operator(_) | Actor::Console(_) | Actor::CommandLine => "operator".to_owned(),
        Actor::SetupLink(_) => "setup-link".to_owned(),
        Actor::Contact(_) => "contact".to_owned(),
        Actor::Person(_)
        | Actor::BreakGlass(_)
        | Actor::TeamToken(_)
        | Actor::IdentityProvider
        | Actor::Teamdoor => actor.to_text(),
    }
}

fn told(detail: &Value) -> Value {
    let all = detail.as_object().into_iter().flatten();
    all.filter(|(name, _)| TOLD.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
