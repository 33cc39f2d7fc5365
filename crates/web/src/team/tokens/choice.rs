//! `POST /t/{team_id}/tokens/choice`: an admin chooses whose the tokens for the product are, and whether the value of a
//! shared one may be read again.

use actix_web::{HttpRequest, HttpResponse, web};
use teams::{TokenChoice, TokenOwners};
use tokens::team::By;

use super::{asked, change};
use crate::answer::see_other;
use crate::app::App;
use crate::failed::{self, Failed};
use crate::request::Form;
use crate::team::change::invalid;

pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
    form: Form,
) -> Result<HttpResponse, Failed> {
    let who = asked(&app, &request, &path, &form).await?;
    let choice = choice(&form).ok_or_else(|| invalid(&app))?;
    let chosen =
        change(&app, &who, move |tx, _mint, team, by| tokens::team::choose(tx, team, By::Person(by), choice));
    let team = &who.team.team.team_id;
    match chosen.await {
        Ok(_team) => Ok(see_other(&format!("/t/{team}/tokens?done=chosen"))),
        Err(error) => Err(failed::token(&app, team, &error)),
    }
}

/// What its sender changed: what they left as they saw it may have been changed by another admin meanwhile.
fn choice(form: &Form) -> Option<TokenChoice> {
    let owners = |name| TokenOwners::parse(form.first(name)?);
    let reveal = |name| match form.first(name)? {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let (to_owners, to_reveal) = (owners("tokens")?, reveal("reveal")?);
    Some(TokenChoice {
        owners: Some(to_owners).filter(|_| owners("tokens_seen") != Some(to_owners)),
        reveal: Some(to_reveal).filter(|_| reveal("reveal_seen") != Some(to_reveal)),
    })
}
