//! `/setup/{token}`: by this link the customer's own admin sets up a team before anybody can sign in to it. A mail
//! scanner that follows it finds a button; pressing it gives this browser a cookie, good for this team's settings alone.

use actix_web::{HttpRequest, HttpResponse, web};
use onboarding::{LinkError, SetupLink};
use pages::{SetupEnded, SetupStart};
use sealing::OpaqueToken;
use storage::StorageError;
use teams::Tenant;

use super::act;
use super::seat::{Seat, Who, cookie_of, link_gone, opened, token_in};
use super::shown;
use crate::answer::{self, see_other_with};
use crate::app::App;
use crate::cookies;
use crate::csrf;
use crate::failed::{Failed, database};
use crate::request::{Form, query};

pub(crate) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failed> {
    let token = token_in(&app, &path)?;
    let cookie = cookie_of(&app, &request, &token);
    let (link, tenant) = match find(&app, &token).await? {
        Some(found) => found,
        None if cookie.is_some() => return ended(&app, &token).await,
        None => return Err(link_gone(&app)),
    };
    let Some(cookie) = cookie else {
        let seat = Seat { team: link.team.clone(), who: Who::Installer(token.clone(), String::new()) };
        let found = shown::worked_on(&app, &seat).await?;
        let provider = shown::provider(found.as_ref().and_then(|(_, version)| version.issuer.as_ref()));
        let page = SetupStart {
            action_address: onboarding::setup_path(&token),
            team_name: tenant.team.name,
            provider,
            expires_at: link.expires_at,
            now: app.now(),
        };
        return Ok(answer::page(page.render(&app.face)));
    };
    let seat = Seat { team: link.team, who: Who::Installer(token, cookie) };
    shown::page(&app, &request, &seat, shown::done(&query(&request))).await
}

pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
    form: Form,
) -> Result<HttpResponse, Failed> {
    let token = token_in(&app, &path)?;
    let Some(cookie) = cookie_of(&app, &request, &token) else {
        return open(&app, &request, token).await;
    };
    let (link, _) = find(&app, &token).await?.ok_or_else(|| link_gone(&app))?;
    let seat = Seat { team: link.team, who: Who::Installer(token, cookie) };
    // The button of the first page, pressed once more.
    if form.first("action").is_none() {
        return Ok(answer::see_other(&seat.address()));
    }
    seat.check(&app, &request, &form)?;
    act::act(&app, &request, &seat, &form).await
}

/// The link is the secret, and the only one there is yet; so another site must not press its button.
async fn open(
    app: &web::Data<App>,
    request: &HttpRequest,
    token: OpaqueToken,
) -> Result<HttpResponse, Failed> {
    if !csrf::is_same_site(app, request) {
        return Err(link_gone(app));
    }
    let (owned, now, there) = (app.clone(), app.now(), token.clone());
    let found =
        storage::blocking(move || owned.door.database.write(now, |tx| onboarding::open_link(tx, &there)));
    match found.await {
        Ok(link) => {
            let left = link.expires_at.since(now);
            let cookie = cookies::setup(app, &token.hash(), opened(app, &token), left);
            Ok(see_other_with(&onboarding::setup_path(&token), vec![cookie]))
        }
        Err(error) => Err(refused(app, error)),
    }
}

async fn find(app: &web::Data<App>, token: &OpaqueToken) -> Result<Option<(SetupLink, Tenant)>, Failed> {
    let (owned, now, token) = (app.clone(), app.now(), token.clone());
    let found = storage::blocking(move || {
        owned.door.database.read(|connection| onboarding::find_link(connection, &token, now))
    });
    match found.await {
        Ok(found) => Ok(Some(found)),
        Err(LinkError::Storage(error)) => Err(database(app, &error)),
        Err(
            LinkError::Gone | LinkError::Unknown(_) | LinkError::AlreadyOpen(_) | LinkError::Suspended(_),
        ) => Ok(None),
    }
}

fn refused(app: &App, error: LinkError) -> Failed {
    match error {
        LinkError::Storage(error) => database(app, &error),
        LinkError::Gone | LinkError::Unknown(_) | LinkError::AlreadyOpen(_) | LinkError::Suspended(_) => {
            link_gone(app)
        }
    }
}

/// What whoever set the team up reads afterwards, in the browser in which they did.
async fn ended(app: &web::Data<App>, token: &OpaqueToken) -> Result<HttpResponse, Failed> {
    let (owned, token) = (app.clone(), token.clone());
    let tenant = storage::blocking(move || {
        owned.door.database.read(|connection| {
            let team = onboarding::team_of_link(connection, &token)?;
            Ok::<_, StorageError>(match team {
                Some(team) => teams::find(connection, &team)?,
                None => None,
            })
        })
    });
    let tenant = tenant.await.map_err(|error| database(app, &error))?.filter(Tenant::is_open);
    let team = tenant.ok_or_else(|| link_gone(app))?.team;
    let page = SetupEnded {
        login_address: app.door.address(&format!("/t/{}/login", team.team_id)),
        admin_email: team.promotion_spent_by.is_none().then(|| team.admin_email.to_string()),
        team_id: team.team_id,
        team_name: team.name,
    };
    Ok(answer::page(page.render(&app.face)))
}
