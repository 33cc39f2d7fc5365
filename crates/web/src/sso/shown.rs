//! The settings page as it stands: what is being worked on beside what is live, what was found, and what can be done.

mod parts;

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use audit::{Actor, Kept};
use onboarding::{KeptChecks, LinkError, RECENT_ADMIN};
use pages::words::{self, sso as say};
use pages::{BreakGlassFrame, Notice, SecretProblem, SetupFrame, SsoFrame, SsoProblem, SsoSettings, Tab};
use people::Person;
use sessions::SignedIn;
use signin::KeptRehearsal;
use storage::{Connection, StorageError};
use teams::versions::{self, SettingsVersion};
use teams::{TeamAndConnection, Tenant};
use vocabulary::TeamId;

pub(super) use self::parts::provider;
use self::parts::{
    addresses, changes, checks, deeds, failed, failed_with_remedy, rehearsal, secret, standing, values,
};
use super::seat::{Seat, Who};
use super::values::Typed;
use crate::answer;
use crate::app::App;
use crate::failed::{Failed, database, not_found};
use crate::headers;
use crate::team::house::house;

/// How many refused sign-ins the page shows.
const FAILED: i64 = 5;
/// How many to whoever has no other page for them.
const FAILED_ALL: i64 = 20;

struct Found {
    tenant: Tenant,
    version: Option<SettingsVersion>,
    has_previous: bool,
    checks: Option<KeptChecks>,
    rehearsal: Option<KeptRehearsal>,
    failed: Vec<Kept>,
    admin_came: bool,
    names: HashMap<String, String>,
    me: Option<Person>,
}

/// The sentence that follows an act.
pub(super) fn done(query: &[(String, String)]) -> Option<&str> {
    query.iter().find(|(name, _)| name == "done").map(|(_, done)| done.as_str())
}

fn notice(done: &str, team: &str, is_open: bool) -> Option<Notice> {
    let text = match done {
        "saved" if is_open => say::NOW_SAVED_PENDING.to_owned(),
        "saved" => say::NOW_SAVED.to_owned(),
        "theirs" => say::NOW_THEIRS.to_owned(),
        "checked" => say::NOW_CHECKED.to_owned(),
        "tried" => say::NOW_TRIED.to_owned(),
        "discarded" => say::NOW_DISCARDED.to_owned(),
        "live" => say::NOW_IN_USE.to_owned(),
        "on" => say::now_on(team),
        "day" => say::NOW_DAY.to_owned(),
        "next" => say::NOW_NEXT.to_owned(),
        "switched" => say::NOW_SWITCHED.to_owned(),
        "next_dropped" => say::NOW_NEXT_DROPPED.to_owned(),
        "back" => say::NOW_BACK.to_owned(),
        "required" => say::NOW_REQUIRED.to_owned(),
        "relaxed" => say::NOW_RELAXED.to_owned(),
        "unreachable" => say::NOT_BEGUN.to_owned(),
        "incomplete" => say::NEEDS_VALUES.to_owned(),
        "changed" => say::CHANGED_MEANWHILE.to_owned(),
        _ => return None,
    };
    Some(Notice { text, undo: None })
}

/// The page.
pub(super) async fn page(
    app: &web::Data<App>,
    request: &HttpRequest,
    seat: &Seat,
    done: Option<&str>,
) -> Result<HttpResponse, Failed> {
    let found = find(app, seat).await?;
    let notice = done.and_then(|done| notice(done, &found.tenant.team.name, found.tenant.is_open()));
    let html = draw(app, request, seat, found, notice, Again::No).await?;
    Ok(answer::page(html))
}

/// What was typed, and what is wrong with it.
pub(super) enum Again {
    No,
    Values(Typed, SsoProblem),
    Secret(SecretProblem),
}

/// The page with what was typed, and what is wrong with it.
pub(super) async fn page_again(
    app: &web::Data<App>,
    request: &HttpRequest,
    seat: &Seat,
    again: Again,
) -> Result<HttpResponse, Failed> {
    let told = match &again {
        Again::No => None,
        Again::Values(_, problem) => Some((&problem.reference, problem.code)),
        Again::Secret(problem) => Some((&problem.reference, problem.code)),
    };
    if let Some((reference, code)) = told {
        tracing::info!(%reference, code, "settings were refused");
    }
    let found = find(app, seat).await?;
    let html = draw(app, request, seat, found, None, again).await?;
    Ok(answer::page_with(StatusCode::UNPROCESSABLE_ENTITY, html))
}

/// The team with what is being worked on.
pub(super) async fn worked_on(
    app: &web::Data<App>,
    seat: &Seat,
) -> Result<Option<(Tenant, SettingsVersion)>, Failed> {
    let (db, team) = (app.door.database.clone(), seat.team.clone());
    let found = storage::blocking(move || {
        db.read(|connection| {
            let Some(tenant) = teams::find(connection, &team)? else { return Ok(None) };
            let version = versions::worked_on(connection, &tenant)?;
            Ok::<_, StorageError>(version.map(|version| (tenant, version)))
        })
    });
    found.await.map_err(|error| database(app, &error))
}

/// The team with its live connection.
pub(super) async fn live(app: &web::Data<App>, seat: &Seat) -> Result<Option<TeamAndConnection>, Failed> {
    let (db, team) = (app.door.database.clone(), seat.team.clone());
    let found = storage::blocking(move || db.read(|connection| teams::find(connection, &team)));
    Ok(found.await.map_err(|error| database(app, &error))?.and_then(Tenant::connected))
}

/// Who sits there, as the record names them.
pub(super) async fn actor(app: &web::Data<App>, seat: &Seat) -> Result<Actor, Failed> {
    match &seat.who {
        Who::Admin(who) => Ok(Actor::Person(who.person.clone())),
        Who::BreakGlass(seat) => Ok(Actor::BreakGlass(seat.glass.person.id.clone())),
        Who::Installer(token, _) => {
            let (owned, now, token) = (app.clone(), app.now(), token.clone());
            let link = storage::blocking(move || {
                owned.door.database.read(|connection| onboarding::find_link(connection, &token, now))
            });
            let (link, _) = link.await.map_err(|error| match error {
                LinkError::Storage(error) => database(app, &error),
                LinkError::Gone
                | LinkError::Unknown(_)
                | LinkError::AlreadyOpen(_)
                | LinkError::Suspended(_) => super::seat::link_gone(app),
            })?;
            Ok(Actor::SetupLink(link.id))
        }
    }
}

/// The admin's own account.
pub(super) async fn me(app: &web::Data<App>, who: &SignedIn) -> Result<Person, Failed> {
    let (db, team, person) = (app.door.database.clone(), who.team.team.team_id.clone(), who.person.clone());
    let found = storage::blocking(move || db.read(|connection| people::find(connection, &team, &person)));
    found.await.map_err(|error| database(app, &error))?.ok_or_else(|| not_found(app))
}

async fn find(app: &web::Data<App>, seat: &Seat) -> Result<Found, Failed> {
    let (db, seat, now) = (app.door.database.clone(), seat.clone(), app.now());
    let since = now.minus(RECENT_ADMIN);
    let found = storage::blocking(move || {
        db.read(|connection| {
            let team = &seat.team;
            let Some(tenant) = teams::find(connection, team)? else { return Ok(None) };
            let version = versions::worked_on(connection, &tenant)?;
            let rehearsal = signin::last_rehearsal(connection, team, now)?;
            let set_by = version.as_ref().and_then(|version| version.secret_set()?.1.map(str::to_owned));
            let live = tenant.connection.as_ref();
            let of_live = live.into_iter().flat_map(|live| {
                let next = live.secret_life.next.as_ref();
                [live.client_secret_set_by.clone(), next.and_then(|next| next.set_by.clone())]
            });
            let tester = rehearsal.as_ref().map(|last| last.made_by.clone());
            let actors = set_by.into_iter().chain(of_live.flatten()).chain(tester);
            let (failed, me, admin_came) = match &seat.who {
                Who::Admin(who) => (
                    audit::refusals_of_team(connection, team, None, FAILED)?,
                    people::find(connection, team, &who.person)?,
                    roles::has_admin_since(connection, team, since)?,
                ),
                Who::BreakGlass(_) => {
                    (audit::refusals_of_team(connection, team, None, FAILED_ALL)?, None, false)
                }
                Who::Installer(..) => (Vec::new(), None, false),
            };
            Ok::<_, StorageError>(Some(Found {
                names: names(connection, team, actors)?,
                has_previous: versions::previous(connection, team)?.is_some(),
                checks: onboarding::last_checks(connection, team)?,
                tenant,
                version,
                rehearsal,
                failed,
                admin_came,
                me,
            }))
        })
    });
    found.await.map_err(|error| database(app, &error))?.ok_or_else(|| not_found(app))
}

/// What those are called whom the record names.
fn names(
    connection: &mut Connection,
    team: &TeamId,
    actors: impl Iterator<Item = String>,
) -> Result<HashMap<String, String>, StorageError> {
    let mut names = HashMap::new();
    for actor in actors {
        let name = match Actor::parse(&actor) {
            Actor::Person(id) | Actor::BreakGlass(id) => people::find(connection, team, &id)?
                .map_or_else(|| words::SOMEBODY_ERASED.to_owned(), |person| person.shown_name().to_owned()),
            Actor::SetupLink(_) => say::BY_SETUP_LINK.to_owned(),
            Actor::TeamToken(_)
            | Actor::Contact(_)
            | Actor::Operator(_)
            | Actor::Console(_)
            | Actor::IdentityProvider
            | Actor::CommandLine
            | Actor::Teamdoor => words::THE_OPERATOR.to_owned(),
        };
        names.insert(actor, name);
    }
    Ok(names)
}

async fn draw(
    app: &web::Data<App>,
    request: &HttpRequest,
    seat: &Seat,
    found: Found,
    notice: Option<Notice>,
    again: Again,
) -> Result<String, Failed> {
    let frame = match (&seat.who, &found.me) {
        (Who::Admin(who), Some(me)) => {
            SsoFrame::House(Box::new(house(app, request, who, me, Tab::Sso, notice).await?))
        }
        (Who::Admin(_), None) => return Err(not_found(app)),
        (Who::Installer(..), _) => SsoFrame::Setup(SetupFrame {
            team_id: seat.team.clone(),
            team_name: found.tenant.team.name.clone(),
            csrf: seat.csrf(app),
            notice,
        }),
        (Who::BreakGlass(at), _) => SsoFrame::BreakGlass(BreakGlassFrame {
            team_id: seat.team.clone(),
            team_name: found.tenant.team.name.clone(),
            person_name: at.glass.person.shown_name().to_owned(),
            csrf: seat.csrf(app),
            notice,
            expires_at: at.glass.expires_at,
        }),
    };
    // A test ends at an identity provider that this very form may name.
    headers::forms_may_end_at(request, &[]);
    let (is_setup, rows): (bool, Vec<_>) = match &seat.who {
        Who::Admin(_) => (false, found.failed.iter().map(failed).collect()),
        Who::BreakGlass(_) => (false, found.failed.iter().map(failed_with_remedy).collect()),
        Who::Installer(..) => (true, Vec::new()),
    };
    let (typed, problem, of_secret) = match again {
        Again::No => (None, None, None),
        Again::Values(typed, problem) => (Some(typed), Some(problem), None),
        Again::Secret(problem) => (None, None, Some(problem)),
    };
    let page = SsoSettings {
        frame,
        action_address: seat.address(),
        version: found.version.as_ref().map(SettingsVersion::key).unwrap_or_default(),
        standing: standing(&found),
        sso_required: found.tenant.team.sso_required,
        provider: provider(found.version.as_ref().and_then(|version| version.issuer.as_ref())),
        addresses: addresses(app, &found.tenant),
        values: values(&found, typed),
        problem,
        changes: changes(&found),
        checks: checks(&found),
        rehearsal: rehearsal(&found),
        deeds: deeds(&found, &seat.who),
        secret: secret(&found, of_secret),
        failed: (!is_setup).then_some(rows),
        now: app.now(),
    };
    Ok(page.render(&app.face))
}
