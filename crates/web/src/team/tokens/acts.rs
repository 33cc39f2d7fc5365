//! `/t/{team_id}/tokens/{token_id}/rotate` and `…/revoke`: each asks on a page of its own, then does it.

use actix_web::{HttpRequest, HttpResponse, web};
use pages::{Tab, TokenAct, TokenSure};
use storage::StorageError;
use tokens::team::{By, Revoked, State, TeamToken, TeamTokenError};
use vocabulary::Version;

use super::{Found, asked, find, fresh};
use crate::answer::{page, see_other};
use crate::app::App;
use crate::failed::{self, Failed, database, not_found};
use crate::request::Form;
use crate::team::change::invalid;
use crate::team::house::house;
use crate::visitor::{Visitor, visitor};

type Path = web::Path<(String, String)>;

pub(crate) async fn ask_rotate(
    app: web::Data<App>,
    request: HttpRequest,
    path: Path,
) -> Result<HttpResponse, Failed> {
    ask(&app, &request, &path, TokenAct::Rotate).await
}

pub(crate) async fn ask_revoke(
    app: web::Data<App>,
    request: HttpRequest,
    path: Path,
) -> Result<HttpResponse, Failed> {
    ask(&app, &request, &path, TokenAct::Revoke).await
}

async fn ask(
    app: &web::Data<App>,
    request: &HttpRequest,
    (team, id): &(String, String),
    act: TokenAct,
) -> Result<HttpResponse, Failed> {
    let who = match visitor(app, request, team).await? {
        Visitor::SignedIn(who) => who,
        Visitor::Nobody(answer) => return Ok(answer),
    };
    let Found { me, tokens, .. } = find(app, &who).await?;
    let token: TeamToken = tokens.into_iter().find(|token| token.id == *id).ok_or_else(|| not_found(app))?;
    if act == TokenAct::Rotate && token.state == State::Expired {
        return Err(failed::token(app, &who.team.team.team_id, &TeamTokenError::Expired));
    }
    let sure = TokenSure {
        house: house(app, request, &who, &me, Tab::Tokens, None).await?,
        id: token.id,
        name: token.name,
        version: token.version,
        act,
    };
    Ok(page(sure.render(&app.face)))
}

pub(crate) async fn rotate(
    app: web::Data<App>,
    request: HttpRequest,
    path: Path,
    form: Form,
) -> Result<HttpResponse, Failed> {
    let (team, id) = path.into_inner();
    let who = asked(&app, &request, &team, &form).await?;
    let version = form.first("version").and_then(Version::parse).ok_or_else(|| invalid(&app))?;
    let (team, person, now) = (who.team.team.team_id.clone(), who.person.clone(), app.now());
    let app_of = app.clone();
    let rotated = storage::blocking(move || {
        let door = &app_of.door;
        let rotated = door.database.write(now, |tx| {
            tokens::team::rotate(tx, &*door.chance, &team, By::Person(&person), &id, version)
        });
        Ok::<_, StorageError>(rotated)
    });
    match rotated.await.map_err(|error| database(&app, &error))? {
        Ok(made) => Ok(fresh::send(&app, &who, &made, "rotated")),
        Err(error) => Err(failed::token(&app, &who.team.team.team_id, &error)),
    }
}

/// What somebody else has revoked meanwhile is as the caller wants it.
pub(crate) async fn revoke(
    app: web::Data<App>,
    request: HttpRequest,
    path: Path,
    form: Form,
) -> Result<HttpResponse, Failed> {
    let (team, id) = path.into_inner();
    let who = asked(&app, &request, &team, &form).await?;
    let (db, person, now) = (app.door.database.clone(), who.person.clone(), app.now());
    let (team, token) = (who.team.team.team_id.clone(), id.clone());
    let revoked = storage::blocking(move || {
        let by = By::Person(&person);
        Ok::<_, StorageError>(db.write(now, |tx| tokens::team::revoke(tx, &team, by, &token)))
    });
    match revoked.await.map_err(|error| database(&app, &error))? {
        Ok(Revoked::Now | Revoked::Before) => {
            let team = &who.team.team.team_id;
            Ok(see_other(&format!("/t/{team}/tokens?done=revoked&token={id}")))
        }
        Err(error) => Err(failed::token(&app, &who.team.team.team_id, &error)),
    }
}
