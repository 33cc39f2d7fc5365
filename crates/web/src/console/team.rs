//! `/operator/teams/{team_id}`: one team as an operator needs it.

mod parts;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use audit::{Actor, Kept};
use health::Health;
use onboarding::{LiveLink, RECENT_ADMIN};
use pages::words::console::team as say;
use pages::words::{self, sso as of_sso};
use pages::{ConsoleTab, Finding, OneTeam, TeamFields, TeamProblem};
use roles::{Colleague, Filter};
use storage::{Connection, StorageError};
use teams::versions::{self, SettingsVersion};
use teams::{TeamAndConnection, Tenant};
use vocabulary::{Role, TeamId};

use super::desk::{AtDesk, Desk, desk};
use crate::answer;
use crate::app::App;
use crate::failed::{Failed, database, failed_with};
use crate::request::{first, query};

/// How many refused sign-ins the page shows.
const FAILED: i64 = 5;
/// How many admins it names.
const ADMINS: i64 = 20;

pub(crate) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failed> {
    let desk = match desk(&app, &request).await? {
        AtDesk::Operator(desk) => desk,
        AtDesk::Nobody(answer) => return Ok(answer),
    };
    let found = find(&app, &team_in(&app, &path)?).await?;
    let query = query(&request);
    let notice = first(&query, "done").and_then(|word| say::done(word, &found.tenant.team.name));
    Ok(answer::page(sheet(&app, &desk, &found, More { notice, ..More::default() })))
}

/// The Team ID in a path; what is none is no team.
pub(super) fn team_in(app: &App, said: &str) -> Result<TeamId, Failed> {
    TeamId::parse(said).map_err(|_no_team_id| unknown(app, said))
}

/// No team of this name, or one that was removed.
pub(super) fn unknown(app: &App, said: &str) -> Failed {
    let said: String = said.chars().take(63).collect();
    let back = (say::BACK_TO_TEAMS, "/operator".to_owned());
    failed_with(app, StatusCode::NOT_FOUND, "team_unknown", say::no_such_team(&said), back)
}

/// The team's page.
pub(super) fn address(team: &TeamId) -> String {
    format!("/operator/teams/{team}")
}

/// All that is known of a team.
pub(super) struct Found {
    pub(super) tenant: Tenant,
    worked_on: Option<SettingsVersion>,
    previous: Option<SettingsVersion>,
    counts: (i64, usize),
    admins: Vec<Colleague>,
    promoted: Option<String>,
    /// By whom the secret of each version was set: in use, worked on, from before.
    set_by: [Option<String>; 3],
    health: Option<Health>,
    link: Option<LiveLink>,
    failed: Vec<Kept>,
    admin_came: bool,
    is_operators: bool,
}

impl Found {
    /// The team with the settings in use, or else with what is worked on: as it would be asked about.
    pub(super) fn asked_about(&self) -> Option<TeamAndConnection> {
        self.tenant.clone().connected().or_else(|| self.worked_on.as_ref()?.of_team(&self.tenant))
    }
}

/// What else a page shows.
#[derive(Default)]
pub(super) struct More {
    pub(super) notice: Option<String>,
    pub(super) checks: Vec<Finding>,
    pub(super) again: Option<(TeamFields, TeamProblem)>,
}

/// Reads it.
pub(super) async fn find(app: &web::Data<App>, team: &TeamId) -> Result<Found, Failed> {
    let (owned, team_id, now) = (app.clone(), team.clone(), app.now());
    let found = storage::blocking(move || {
        owned.door.database.read(|connection| {
            let Some(tenant) = teams::find(connection, &team_id)? else { return Ok(None) };
            let worked_on = versions::worked_on(connection, &tenant)?;
            let previous = versions::previous(connection, &team_id)?;
            let only_admins = Filter { role: Some(Role::Admin), ..Filter::default() };
            let promoted = tenant.team.promotion_spent_by.clone().map(Actor::Person);
            let operators = owned.operators.as_ref();
            let live_by = tenant.connection.as_ref().and_then(|live| live.client_secret_set_by.clone());
            let mut by = |actor: Option<String>| -> Result<Option<String>, StorageError> {
                let named = |actor: String| name(connection, operators, &team_id, &Actor::parse(&actor));
                actor.map(named).transpose()
            };
            let set_by =
                [by(live_by)?, by(secret_by(worked_on.as_ref()))?, by(secret_by(previous.as_ref()))?];
            Ok::<_, StorageError>(Some(Found {
                promoted: promoted.map(|who| name(connection, operators, &team_id, &who)).transpose()?,
                set_by,
                counts: roles::count(connection, &team_id)?,
                admins: roles::colleagues(connection, &team_id, &only_admins, ADMINS)?,
                health: health::of(connection, &team_id)?,
                link: onboarding::live_link(connection, &team_id, now)?,
                failed: audit::refusals_of_team(connection, &team_id, None, FAILED)?,
                admin_came: roles::has_admin_since(connection, &team_id, now.minus(RECENT_ADMIN))?,
                is_operators: operators == Some(&team_id),
                tenant,
                worked_on,
                previous,
            }))
        })
    });
    found.await.map_err(|error| database(app, &error))?.ok_or_else(|| unknown(app, team.as_str()))
}

fn secret_by(version: Option<&SettingsVersion>) -> Option<String> {
    version?.secret_set()?.1.map(str::to_owned)
}

/// What an operator calls whom the record names.
fn name(
    connection: &mut Connection,
    operators: Option<&TeamId>,
    team: &TeamId,
    actor: &Actor,
) -> Result<String, StorageError> {
    let person = match (actor, operators) {
        (Actor::Person(id) | Actor::BreakGlass(id), _) => people::find(connection, team, id)?,
        (Actor::Console(id), Some(operators)) => people::find(connection, operators, id)?,
        (Actor::SetupLink(_), _) => return Ok(of_sso::BY_SETUP_LINK.to_owned()),
        (Actor::Operator(token), _) => return Ok(token.clone()),
        (Actor::CommandLine, _) => return Ok(say::AT_THE_COMMAND_LINE.to_owned()),
        (
            Actor::Console(_)
            | Actor::TeamToken(_)
            | Actor::Contact(_)
            | Actor::IdentityProvider
            | Actor::Teamdoor,
            _,
        ) => return Ok(words::THE_OPERATOR.to_owned()),
    };
    Ok(person.map_or_else(|| words::SOMEBODY_ERASED.to_owned(), |person| person.shown_name().to_owned()))
}

/// The page.
pub(super) fn sheet(app: &App, desk: &Desk, found: &Found, more: More) -> String {
    let team = &found.tenant.team;
    let (people, admins_present) = found.counts;
    let (fields, problem) =
        more.again.map_or_else(|| (parts::fields(found), None), |(fields, problem)| (fields, Some(problem)));
    let page = OneTeam {
        console: desk.console(app, ConsoleTab::Teams, more.notice),
        team_id: team.team_id.clone(),
        name: team.name.clone(),
        standing: super::teams::standing(&found.tenant),
        sso_required: team.sso_required,
        login_address: app.door.address(&format!("/t/{}/login", team.team_id)),
        admin_email: team.admin_email.to_string(),
        promoted: found.promoted.clone(),
        created_at: team.created_at,
        people,
        admins_present,
        admins: found.admins.iter().map(parts::admin).collect(),
        more_admins: admins_present.saturating_sub(found.admins.len()),
        redirect_uri: parts::redirect_uri(app, &found.tenant),
        connection: parts::connection(found),
        pending: parts::pending(found),
        previous: parts::previous(found),
        checks: more.checks,
        can_check: found.asked_about().is_some(),
        health: parts::health(app, found),
        link: found.link.as_ref().map(parts::link),
        may_link: parts::may_link(&found.tenant),
        failed: found.failed.iter().map(parts::failed).collect(),
        fields,
        problem,
        deeds: parts::deeds(found),
        version: found.worked_on.as_ref().map(SettingsVersion::key).unwrap_or_default(),
        tag: crate::api::etag::of_team(&found.tenant),
        now: app.now(),
    };
    page.render(&app.face)
}
