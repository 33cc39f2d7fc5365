//! `/operator/audit`: the record across teams, narrowed, by pages or as a whole.

use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use audit::{Act, Actor, Filter};
use pages::words::console::record as say;
use pages::{ConsoleRecord, ConsoleTab, FieldProblem, Pager, RecordFilter};
use vocabulary::{ReferenceId, TeamId, Timestamp};

use super::deeds::{Deeds, found};
use super::desk::{AtDesk, desk};
use super::look::{address, typed};
use crate::answer;
use crate::api::audit::lines;
use crate::app::App;
use crate::failed::{Failed, database};
use crate::request::{first, query};

const HERE: &str = "/operator/audit";
const DAY: Duration = Duration::from_hours(24);

pub(crate) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Failed> {
    let desk = match desk(&app, &request).await? {
        AtDesk::Operator(desk) => desk,
        AtDesk::Nobody(answer) => return Ok(answer),
    };
    let query = query(&request);
    let (mut typed, filter) = narrowed(&query);
    let Ok(filter) = filter.map_err(|wrong| typed.problem = Some(problem(&app, wrong))) else {
        let page = page(&app, typed, desk.console(&app, ConsoleTab::Record, None), Deeds::default(), false);
        return Ok(answer::page_with(StatusCode::UNPROCESSABLE_ENTITY, page.render(&app.face)));
    };
    if first(&query, "format") == Some("jsonl") {
        return export(&app, &request, filter).await;
    }
    let before = first(&query, "after").and_then(|n| n.parse().ok());
    let deeds = found(&app, filter, before).await?;
    let console = desk.console(&app, ConsoleTab::Record, None);
    let page = page(&app, typed, console, deeds, before.is_some());
    Ok(answer::page(page.render(&app.face)))
}

fn page(
    app: &App,
    filter: RecordFilter,
    console: pages::Console,
    Deeds { rows, next }: Deeds,
    is_later: bool,
) -> ConsoleRecord {
    let there = |more: (&str, Option<&str>)| {
        let RecordFilter { team, act, actor, reference, from, to, problem: _ } = &filter;
        let said = [
            ("team", team),
            ("act", act),
            ("actor", actor),
            ("reference", reference),
            ("from", from),
            ("to", to),
        ];
        let said = said.map(|(name, value)| (name, Some(value.as_str())));
        address(HERE, &[said.as_slice(), &[more]].concat())
    };
    ConsoleRecord {
        console,
        acts: Act::ALL.iter().map(|act| act.as_str()).collect(),
        rows,
        export: filter.problem.is_none().then(|| there(("format", Some("jsonl")))),
        pager: Pager {
            previous: is_later.then(|| there(("after", None))),
            next: next.map(|next| there(("after", Some(&next)))),
        },
        now: app.now(),
        filter,
    }
}

/// Everything that matches, latest first, as the API exports it: some rows in memory at a time.
async fn export(app: &web::Data<App>, request: &HttpRequest, filter: Filter) -> Result<HttpResponse, Failed> {
    let name = filter.team.as_ref().map_or_else(|| "record".to_owned(), |team| format!("record-{team}"));
    let day: String = app.now().to_string().chars().take(10).collect();
    let mut response = lines(app, request, filter, None).await.map_err(|error| database(app, &error))?;
    let file = format!("attachment; filename=\"{name}-{day}.jsonl\"");
    if let Ok(file) = header::HeaderValue::try_from(file) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, file);
    }
    Ok(response)
}

fn problem(app: &App, text: String) -> FieldProblem {
    let reference = app.reference();
    tracing::info!(%reference, code = "form_invalid", "a filter of the record cannot be read");
    FieldProblem { text, code: "form_invalid", reference }
}

/// What was typed, and what it means or which fields can't be read.
fn narrowed(query: &[(String, String)]) -> (RecordFilter, Result<Filter, String>) {
    let said = |name| first(query, name).map(str::trim).unwrap_or_default();
    let mut wrong: Vec<String> = Vec::new();
    let (first_day, last_day) = (day(said("from")), day(said("to")));
    let filter = Filter {
        team: read(
            said("team"),
            |text| TeamId::parse(&text.to_lowercase()).ok(),
            say::no_team_id,
            &mut wrong,
        ),
        act: read(said("act"), Act::parse, say::no_act, &mut wrong),
        actor: read(said("actor"), Actor::named, say::no_actor, &mut wrong),
        reference: read(said("reference"), ReferenceId::parse, say::no_reference, &mut wrong),
        from: read(said("from"), |_| first_day, say::no_day, &mut wrong),
        to: read(said("to"), |_| last_day.map(|day| day.plus(DAY)), say::no_day, &mut wrong),
        ..Filter::default()
    };
    let typed = RecordFilter {
        team: typed(said("team")),
        act: typed(said("act")),
        actor: typed(said("actor")),
        reference: typed(said("reference")),
        from: typed(said("from")),
        to: typed(said("to")),
        problem: None,
    };
    (typed, if wrong.is_empty() { Ok(filter) } else { Err(wrong.join(" ")) })
}

/// A field, which says nothing when it is empty.
fn read<T>(
    text: &str,
    read: impl FnOnce(&str) -> Option<T>,
    wrong: impl FnOnce(&str) -> String,
    all_wrong: &mut Vec<String>,
) -> Option<T> {
    if text.is_empty() {
        return None;
    }
    let value = read(text);
    if value.is_none() {
        all_wrong.push(wrong(&typed(text)));
    }
    value
}

/// The first moment of a day in UTC, such as 2026-05-03.
fn day(text: &str) -> Option<Timestamp> {
    Timestamp::parse(&format!("{text}T00:00:00Z")).filter(|_| text.len() == 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_counts_to_its_end() {
        let query = [("from", "2026-05-03"), ("to", "2026-05-03")]
            .map(|(name, day)| (name.to_owned(), day.to_owned()));
        let filter = narrowed(&query).1.unwrap();
        assert_eq!((filter.from, filter.to), (day("2026-05-03"), day("2026-05-04")));
    }

    #[test]
    fn what_cannot_be_read_narrows_nothing_silently() {
        for (name, value) in [
            ("team", "a b"),
            ("act", "x"),
            ("actor", "person:x"),
            ("reference", "7K"),
            ("from", "2026-13-01"),
            ("to", "03.05.2026"),
        ] {
            let wrong = narrowed(&[(name.to_owned(), value.to_owned())]).1.unwrap_err();
            assert!(wrong.contains(value), "{name}: {wrong}");
        }
        assert!(narrowed(&[("team".to_owned(), "  ".to_owned())]).1.unwrap().team.is_none());
    }
}
