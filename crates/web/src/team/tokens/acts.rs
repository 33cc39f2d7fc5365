//! `/t/{team_id}/tokens/{token_id}/rotate` and `…/revoke`: each asks on a page of its own, then does it. So does
//! `…/reveal`, which answers with the value.

use actix_web::{HttpRequest, HttpResponse, web};
use pages::{Tab, TokenAct, TokenSure};
use tokens::team::{By, Revoked, State, TeamTokenError};
use vocabulary::Version;

use super::{Found, asked, change, find, fresh};
use crate::answer::{page, see_other};
use crate::app::App;
use crate::failed::{self, Failed, not_found};
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

pub(crate) async fn ask_reveal(
    app: web::Data<App>,
    request: HttpRequest,
    path: Path,
) -> Result<HttpResponse, Failed> {
    ask(&app, &request, &path, TokenAct::Reveal).await
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
    let Found { me, about, .. } = find(app, &who, None, Some(id)).await?;
    let token = about.ok_or_else(|| not_found(app))?;
    let is_somebody_elses = token.personal && token.maker.as_ref() != Some(&who.person);
    let refusal = match act {
        TokenAct::Revoke => None,
        TokenAct::Rotate | TokenAct::Reveal if token.state == State::Expired => Some(TeamTokenError::Expired),
        TokenAct::Rotate => is_somebody_elses.then_some(TeamTokenError::NotYours),
        TokenAct::Reveal => (!token.kept).then_some(TeamTokenError::NotKept),
    };
    if let Some(refusal) = refusal {
        return Err(failed::token(app, &who.team.team.team_id, &refusal));
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
    let rotated = change(&app, &who, move |tx, mint, team, by| {
        tokens::team::rotate(tx, mint, team, By::Person(by), &id, version)
    });
    match rotated.await {
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
    let token = id.clone();
    let revoked =
        change(&app, &who, move |tx, _mint, team, by| tokens::team::revoke(tx, team, By::Person(by), &token));
    match revoked.await {
        Ok(Revoked::Now | Revoked::Before) => {
            let team = &who.team.team.team_id;
            Ok(see_other(&format!("/t/{team}/tokens?done=revoked&token={id}")))
        }
        Err(error) => Err(failed::token(&app, &who.team.team.team_id, &error)),
    }
}
