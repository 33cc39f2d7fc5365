//! `/t/{team_id}/activity`: what happened in the team, by pages or as a file.

mod lines;
mod names;
mod narrow;

use actix_web::{HttpRequest, HttpResponse, web};
use audit::{Entry, Filter};
use pages::{Activity, ActivityRow, Pager, Tab, words};
use people::Person;
use sessions::SignedIn;
use storage::StorageError;
use tokens::team::Seen;

use self::names::Names;
use self::narrow::Narrowing;
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
    let team_id = &who.team.team.team_id;
    let query = query(&request);
    let before = first(&query, "after").and_then(|n| n.parse().ok());
    let narrowing = Narrowing::of(&query).map_err(|_nonsense| narrow::invalid(&app, team_id))?;
    let (narrowing, filter) = meant(&app, &who, narrowing).await?;
    if narrowing.lines {
        return lines::answer(&app, &request, &who, filter, before).await;
    }
    let Found { me, entries, names } = find(&app, &who, filter, before).await?;
    let more = i64::try_from(entries.len()).unwrap_or(0) > ROWS;
    let shown = entries.iter().take(usize::try_from(ROWS).unwrap_or(50));
    let last = shown.clone().next_back().filter(|_| more).map(|last| last.n.to_string());
    let page = Activity {
        house: house(&app, &request, &who, &me, Tab::Activity, None).await?,
        rows: shown.map(|entry| row(entry, &names)).collect(),
        pager: Pager {
            previous: before.map(|_| narrowing.address(team_id, None)),
            next: last.map(|last| narrowing.address(team_id, Some(("after", &last)))),
        },
        export: narrowing.address(team_id, Some(("format", "jsonl"))),
        filter: narrowing.fields,
        now: app.now(),
    };
    Ok(answer::page(page.render(&app.face)))
}

/// What the filter means in this team's record.
async fn meant(
    app: &web::Data<App>,
    who: &SignedIn,
    narrowing: Narrowing,
) -> Result<(Narrowing, Filter), Failed> {
    let (db, team) = (app.door.database.clone(), who.team.team.team_id.clone());
    let meant = storage::blocking(move || {
        let filter = db.read(|connection| narrowing.filter(connection, &team))?;
        Ok::<_, StorageError>((narrowing, filter))
    });
    let (narrowing, filter) = meant.await.map_err(|error| database(app, &error))?;
    let filter = filter.ok_or_else(|| narrow::too_wide(app, &who.team.team.team_id))?;
    Ok((narrowing, filter))
}

/// What the page shows, and what those are called whom it names by id.
struct Found {
    me: Person,
    entries: Vec<Entry>,
    names: Names,
}

async fn find(
    app: &web::Data<App>,
    who: &SignedIn,
    filter: Filter,
    before: Option<i64>,
) -> Result<Found, Failed> {
    let (db, team, me) = (app.door.database.clone(), who.team.team.team_id.clone(), who.person.clone());
    let seen = Seen::by(&who.person, who.role);
    let found = storage::blocking(move || {
        db.read(|connection| {
            let entries = audit::deeds(connection, &filter, before, ROWS + 1)?;
            let names = Names::of(connection, &team, &seen, &entries)?;
            let me = people::find(connection, &team, &me)?;
            Ok::<_, StorageError>(me.map(|me| Found { me, entries, names }))
        })
    });
    found.await.map_err(|error| database(app, &error))?.ok_or_else(|| not_found(app))
}

fn row(entry: &Entry, names: &Names) -> ActivityRow {
    let word = entry.act.map_or("", audit::Act::as_str);
    ActivityRow {
        at: entry.at,
        actor: names.actor(entry),
        act: words::acts::sentence(word, &entry.detail),
        target: names.target(entry),
        detail: words::acts::detail(word, &entry.detail),
        reference: entry.reference.clone(),
    }
}

#[cfg(test)]
mod tests {
    use audit::Kind;
    use pages::words::acts;

    #[test]
    fn every_kind_of_act_has_words() {
        assert_eq!(Kind::ALL.map(Kind::as_str), acts::KINDS.map(|(word, _)| word));
    }
}
