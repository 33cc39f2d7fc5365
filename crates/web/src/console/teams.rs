//! `/operator`: all teams.

use actix_web::{HttpRequest, HttpResponse, web};
use pages::words::console::team as say;
use pages::{ConsoleTab, ConsoleTeam, ConsoleTeams, Pager, TeamStanding};
use teams::{State, Status, Tenant};
use url::form_urlencoded;
use vocabulary::TeamId;

use super::desk::{AtDesk, desk};
use crate::answer;
use crate::app::App;
use crate::failed::{Failed, database};
use crate::request::{first, query};

/// How many rows a page has.
const ROWS: usize = 50;

pub(crate) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Failed> {
    let desk = match desk(&app, &request).await? {
        AtDesk::Operator(desk) => desk,
        AtDesk::Nobody(answer) => return Ok(answer),
    };
    let query = query(&request);
    let search = first(&query, "q").map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let after = first(&query, "after").and_then(|id| TeamId::parse(id).ok());
    let removed = first(&query, "removed").and_then(|id| TeamId::parse(id).ok());
    let mut teams = find(&app, search.clone(), after.clone()).await?;
    let more = teams.len() > ROWS;
    teams.truncate(ROWS);
    let next = teams.last().filter(|_| more).map(|last| address(search.as_deref(), Some(&last.team.team_id)));
    let page = ConsoleTeams {
        console: desk.console(&app, ConsoleTab::Teams, removed.map(|id| say::removed(id.as_str()))),
        teams: teams.iter().map(row).collect(),
        pager: Pager { previous: after.map(|_| address(search.as_deref(), None)), next },
        search,
        now: app.now(),
    };
    Ok(answer::page(page.render(&app.face)))
}

async fn find(
    app: &web::Data<App>,
    search: Option<String>,
    after: Option<TeamId>,
) -> Result<Vec<Tenant>, Failed> {
    let db = app.door.database.clone();
    let rows = i64::try_from(ROWS).unwrap_or(50).saturating_add(1);
    let found = storage::blocking(move || {
        db.read(|connection| {
            teams::search(connection, search.as_deref(), after.as_ref().map(TeamId::as_str), rows)
        })
    });
    found.await.map_err(|error| database(app, &error))
}

fn row(tenant: &Tenant) -> ConsoleTeam {
    let team = &tenant.team;
    ConsoleTeam {
        team_id: team.team_id.clone(),
        name: team.name.clone(),
        admin_email: team.admin_email.to_string(),
        issuer: tenant.connection.as_ref().map(|connection| connection.issuer.to_string()),
        standing: standing(tenant),
        created_at: team.created_at,
    }
}

/// Whether people can sign in.
pub(super) fn standing(tenant: &Tenant) -> TeamStanding {
    match (tenant.team.status, tenant.state()) {
        (Status::Suspended | Status::Removed, _) => TeamStanding::Suspended,
        (Status::Active, State::Enabled) => TeamStanding::Open,
        (Status::Active, State::Tested) => TeamStanding::Tested,
        (Status::Active, State::Draft) => TeamStanding::SettingUp,
    }
}

/// The list's address with what is searched for and after whom.
fn address(search: Option<&str>, after: Option<&TeamId>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(search.map(|text| ("q", text)));
    query.extend_pairs(after.map(|id| ("after", id.as_str())));
    let query = query.finish();
    if query.is_empty() { "/operator".to_owned() } else { format!("/operator?{query}") }
}
