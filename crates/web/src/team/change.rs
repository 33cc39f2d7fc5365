//! Changing people: what all of these forms have in common, and the acts besides the role.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pages::words::{self, failures};
use pages::{Erase, FieldProblem, Tab};
use people::Person;
use roles::{Admin, Authority, Clerk, Expected, RoleError};
use sessions::SignedIn;
use storage::Tx;
use vocabulary::{PersonId, Role, Version};

use crate::answer::{page, see_other};
use crate::app::App;
use crate::csrf;
use crate::failed::{self, Failed, database, failed, not_found};
use crate::request::Form;
use crate::team::house::house;
use crate::visitor::{Visitor, visitor};

/// A form about a person, sent by somebody signed in from one of our own pages.
pub(crate) struct Asked {
    pub(crate) who: SignedIn,
    pub(crate) person: PersonId,
    pub(crate) version: Version,
}

/// Reads such a form, or answers what it gets instead.
pub(crate) async fn asked(
    app: &App,
    request: &HttpRequest,
    path: &(String, String),
    form: &Form,
) -> Result<Asked, Failed> {
    let who = match visitor(app, request, &path.0).await? {
        Visitor::SignedIn(who) => who,
        Visitor::Nobody(_) => return Err(not_found(app)),
    };
    csrf::check(app, request, &who, form)?;
    let person = PersonId::parse(&path.1).ok_or_else(|| not_found(app))?;
    let version = form.first("version").and_then(Version::parse).ok_or_else(|| invalid(app))?;
    Ok(Asked { who, person, version })
}

pub(crate) fn invalid(app: &App) -> Failed {
    failed(app, StatusCode::UNPROCESSABLE_ENTITY, "form_invalid", failures::form_invalid())
}

/// Does something to a person as an admin of the team, decided inside the transaction that does it.
pub(crate) async fn as_admin<T: Send + 'static>(
    app: &web::Data<App>,
    asked: &Asked,
    deed: impl FnOnce(&mut Tx<'_>, &Authority<'_, '_>, Clerk<'_>) -> Result<T, RoleError> + Send + 'static,
) -> Result<T, Failed> {
    let (deps, now) = (app.door.clone(), app.now());
    let (team, by, person) =
        (asked.who.team.team.team_id.clone(), asked.who.person.clone(), asked.person.clone());
    let outcome = storage::blocking(move || {
        let mut name = String::new();
        let done = deps.database.write(now, |tx| {
            let admin: Admin<'_> = roles::admin(tx, &team, &by)?;
            name = people::find(tx, &team, &person)?
                .map_or_else(String::new, |person| person.shown_name().to_owned());
            deed(tx, &Authority::Admin(&admin), Clerk { desk: &deps.desk, chance: &*deps.chance })
        });
        Ok::<_, storage::StorageError>(done.map_err(|error| (name, error)))
    });
    let outcome = outcome.await.map_err(|error| database(app, &error))?;
    outcome.map_err(|(name, error)| failed::role(app, &asked.who.team, &name, &error))
}

/// Back to the row, with a polite message about what was done.
pub(crate) fn back_to_row(asked: &Asked, done: &str) -> HttpResponse {
    let (team, person) = (&asked.who.team.team.team_id, &asked.person);
    see_other(&format!("/t/{team}/team?done={done}&person={person}#p-{person}"))
}

pub(crate) async fn deactivate(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    form: Form,
) -> Result<HttpResponse, Failed> {
    set_active(&app, &request, &path, &form, false).await
}

pub(crate) async fn activate(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    form: Form,
) -> Result<HttpResponse, Failed> {
    set_active(&app, &request, &path, &form, true).await
}

async fn set_active(
    app: &web::Data<App>,
    request: &HttpRequest,
    path: &(String, String),
    form: &Form,
    active: bool,
) -> Result<HttpResponse, Failed> {
    let asked = asked(app, request, path, form).await?;
    let (team, person, version) = (asked.who.team.team.team_id.clone(), asked.person.clone(), asked.version);
    as_admin(app, &asked, move |tx, authority, clerk| {
        signout::set_access(tx, clerk, authority, &team, &person, active, Expected::Version(version))
    })
    .await?;
    Ok(back_to_row(&asked, "access"))
}

pub(crate) async fn sign_out(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    form: Form,
) -> Result<HttpResponse, Failed> {
    let asked = asked(&app, &request, &path, &form).await?;
    let (team, person) = (asked.who.team.team.team_id.clone(), asked.person.clone());
    as_admin(&app, &asked, move |tx, authority, _clerk| signout::everywhere(tx, authority, &team, &person))
        .await?;
    Ok(back_to_row(&asked, "signed-out"))
}

/// Asks once more on a page of its own, with the Team ID typed.
pub(crate) async fn erase(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    form: Form,
) -> Result<HttpResponse, Failed> {
    let asked = asked(&app, &request, &path, &form).await?;
    let team_id = asked.who.team.team.team_id.clone();
    let typed = form.first("typed").unwrap_or_default().trim();
    if asked.who.role == Role::Admin && (form.first("confirm") != Some("yes") || typed != team_id.as_str()) {
        return ask_again(&app, &request, &asked, &form).await;
    }
    let (person, version) = (asked.person.clone(), asked.version);
    let team = team_id.clone();
    as_admin(&app, &asked, move |tx, authority, _clerk| {
        signout::erase(tx, authority, &team, &person, Expected::Version(version))
    })
    .await?;
    Ok(see_other(&format!("/t/{team_id}/team?done=erased")))
}

async fn ask_again(
    app: &web::Data<App>,
    request: &HttpRequest,
    asked: &Asked,
    form: &Form,
) -> Result<HttpResponse, Failed> {
    let typed = form.first("typed").unwrap_or_default().trim().chars().take(100).collect::<String>();
    let (me, person) = both(app, asked).await?;
    let wrong = form.first("confirm") == Some("yes");
    let problem = wrong.then(|| FieldProblem {
        text: words::ERASE_TYPED_WRONG.to_owned(),
        code: "form_invalid",
        reference: app.reference(),
    });
    let html = Erase {
        house: house(app, request, &asked.who, &me, Tab::Team, None).await?,
        person_id: person.id.clone(),
        person_name: person.shown_name().to_owned(),
        version: asked.version,
        typed,
        problem,
    }
    .render(&app.face);
    let mut response = page(html);
    if wrong {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// Whoever is asking, and the person it is about.
pub(crate) async fn both(app: &web::Data<App>, asked: &Asked) -> Result<(Person, Person), Failed> {
    let (db, team) = (app.door.database.clone(), asked.who.team.team.team_id.clone());
    let (me, person) = (asked.who.person.clone(), asked.person.clone());
    let found = storage::blocking(move || {
        db.read(|connection| {
            let me = people::find(connection, &team, &me)?;
            let person = people::find(connection, &team, &person)?;
            Ok::<_, storage::StorageError>(me.zip(person))
        })
    });
    found.await.map_err(|error| database(app, &error))?.ok_or_else(|| not_found(app))
}
