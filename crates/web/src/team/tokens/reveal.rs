//! `POST /t/{team_id}/tokens/{token_id}/reveal`: the value of a shared token again, where the team allows that.
//!
//! The value stands in the answer to the POST and in no page that can be asked for. A reload sends the form again, and
//! that stands on the record again.

use actix_web::{HttpRequest, HttpResponse, web};
use pages::{FreshToken, ValueShown};

use super::{asked, change, find, page};
use crate::answer;
use crate::app::App;
use crate::failed::{self, Failed};
use crate::request::Form;

pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    form: Form,
) -> Result<HttpResponse, Failed> {
    let (team, id) = path.into_inner();
    let who = asked(&app, &request, &team, &form).await?;
    let read =
        change(&app, &who, move |tx, mint, team, by| tokens::team::reveal(tx, mint, team, by, &id)).await;
    let read = read.map_err(|error| failed::token(&app, &who.team.team.team_id, &error))?;
    let found = find(&app, &who, None, None).await?;
    let mut page = page(&app, &request, &who, &found, None, None).await?;
    page.fresh = Some(FreshToken {
        name: read.token.name,
        value: read.value.reveal().to_owned(),
        shown: ValueShown::Again,
    });
    Ok(answer::page(page.render(&app.face)))
}
