//! `/t/{team_id}/people/{person_id}/role`: an admin makes somebody a member or an admin.

use actix_web::{HttpRequest, HttpResponse, web};
use pages::{StepDown, Tab};
use roles::Expected;
use storage::StorageError;
use vocabulary::Role;

use crate::answer::page;
use crate::app::App;
use crate::failed::{Failed, database};
use crate::request::Form;
use crate::team::change::{Asked, as_admin, asked, back_to_row, both, invalid};
use crate::team::house::house;

pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    form: Form,
) -> Result<HttpResponse, Failed> {
    let asked = asked(&app, &request, &path, &form).await?;
    let role = form.first("role").and_then(Role::parse).ok_or_else(|| invalid(&app))?;
    if form.first("confirm") != Some("yes") && steps_down(&app, &asked, role).await? {
        let (me, _) = both(&app, &asked).await?;
        let html = StepDown {
            house: house(&app, &request, &asked.who, &me, Tab::Team, None).await?,
            person_id: asked.person.clone(),
            version: asked.version,
        };
        return Ok(page(html.render(&app.face)));
    }
    let (team, person, version) = (asked.who.team.team.team_id.clone(), asked.person.clone(), asked.version);
    as_admin(&app, &asked, move |tx, authority, clerk| {
        roles::set(tx, clerk, authority, &team, &person, role, Expected::Version(version))
    })
    .await?;
    Ok(back_to_row(&asked, "role"))
}

/// Whether somebody is about to give up being an admin, with this version before their eyes and others left:
/// only then is there something to confirm.
async fn steps_down(app: &web::Data<App>, asked: &Asked, role: Role) -> Result<bool, Failed> {
    if role != Role::Member || asked.person != asked.who.person {
        return Ok(false);
    }
    let (db, team, person) =
        (app.door.database.clone(), asked.who.team.team.team_id.clone(), asked.person.clone());
    let found = storage::blocking(move || {
        db.read(|connection| {
            let standing = roles::find(connection, &team, &person)?;
            Ok::<_, StorageError>((standing, roles::count(connection, &team)?))
        })
    });
    let (standing, (_, admins)) = found.await.map_err(|error| database(app, &error))?;
    Ok(admins > 1 && standing.is_some_and(|now| now.role == Role::Admin && now.version == asked.version))
}
