//! `/t/{team_id}/logout`: ends this team's session in this browser, or this person's in every browser.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use audit::{Act, Actor, Deed};
use pages::words::failures;
use serde_json::json;
use sessions::End;

use crate::answer::see_other_with;
use crate::app::App;
use crate::cookies;
use crate::csrf;
use crate::failed::{Failed, database, failed};
use crate::request::Form;
use crate::visitor::{open_team, session};

pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
    form: Form,
) -> Result<HttpResponse, Failed> {
    // Another site's form carries no Lax cookie, yet the answer to it could take the session's cookie away.
    if !csrf::is_same_site(&app, &request) {
        return Err(failed(&app, StatusCode::FORBIDDEN, "csrf", failures::csrf()));
    }
    let team = open_team(&app, &request, &path).await?;
    let team_id = team.team.team_id.clone();
    let everywhere = form.first("everywhere") == Some("1");
    let suffix = if everywhere { "?ended=everywhere" } else { "" };
    let done = see_other_with(&format!("/t/{team_id}/signed-out{suffix}"), cookies::go_out(&app, &team_id));
    let Some(who) = session(&app, &request, &team_id).await? else {
        return Ok(done);
    };
    csrf::check(&app, &request, &who, &form)?;
    let (deps, now) = (app.door.clone(), app.now());
    let ended = storage::blocking(move || {
        deps.database.write(now, |tx| {
            let which = if everywhere { End::Person(&who.person) } else { End::One(&who.hash) };
            let count = sessions::end(tx, which)?;
            let actor = Actor::Person(who.person.clone());
            let detail = json!({ "everywhere": everywhere, "sessions": count });
            let deed = Deed {
                team: Some(&team_id),
                actor: &actor,
                act: Act::SignedOut,
                target: None,
                detail,
                reference: None,
            };
            audit::record(tx, &deed)
        })
    });
    ended.await.map_err(|error| database(&app, &error))?;
    Ok(done)
}
