//! `/t/{team_id}`: the dashboard.

use actix_web::{HttpRequest, HttpResponse, web};
use pages::{Dashboard, Tab};

use crate::answer::{self, with_cookies};
use crate::app::App;
use crate::cookies;
use crate::failed::{Failed, database, not_found};
use crate::request::is_own_click;
use crate::team::apps::tiles;
use crate::team::house::house;
use crate::visitor::{Visitor, visitor};

pub(crate) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failed> {
    let who = match visitor(&app, &request, &path).await? {
        Visitor::SignedIn(who) => who,
        Visitor::Nobody(answer) => return Ok(answer),
    };
    let team_id = who.team.team.team_id.clone();
    let (database_of, person, team) = (app.door.database.clone(), who.person.clone(), team_id.clone());
    let me =
        storage::blocking(move || database_of.read(|connection| people::find(connection, &team, &person)));
    let me = me.await.map_err(|error| database(&app, &error))?.ok_or_else(|| not_found(&app))?;
    let page = Dashboard {
        house: house(&app, &request, &who, &me, Tab::Apps, None).await?,
        apps: tiles(&app, &who).await?,
        email: me.email.as_ref().map(ToString::to_string),
        role: who.role,
        login_address: app.door.address(&format!("/t/{team_id}/login")),
    };
    let mut response = answer::page(page.render(&app.face));
    // Which team this browser opens by default changes only by a click on one of our own pages.
    if is_own_click(&request) {
        with_cookies(&mut response, [cookies::open_by_default(&app, &team_id)]);
    }
    Ok(response)
}
