//! Who sits at the console: an admin of the operators' team, signed in there within the hour.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pages::words::console as say;
use pages::words::failures;
use pages::{Console, ConsoleTab, Notice};
use people::Person;
use roles::{Clerk, Operator, RoleError};
use sessions::SignedIn;
use storage::{StorageError, Tx};
use teams::Registrar;
use vocabulary::Role;

use crate::app::App;
use crate::csrf;
use crate::failed::{Failed, database, failed, failed_with, not_found};
use crate::request::Form;
use crate::visitor::{Visitor, visitor};

/// An operator at the console, as far as their session tells; each act proves it anew.
#[derive(Clone)]
pub(super) struct Desk {
    who: SignedIn,
    me: Person,
}

/// An operator, or what everybody else gets instead.
pub(super) enum AtDesk {
    Operator(Desk),
    Nobody(HttpResponse),
}

/// Finds out who asks for a page of the console. Nobody gets the sign-in of the operators' team.
pub(super) async fn desk(app: &web::Data<App>, request: &HttpRequest) -> Result<AtDesk, Failed> {
    let Some(operators) = &app.operators else {
        return Err(failed(app, StatusCode::NOT_FOUND, "console_not_configured", say::no_operators()));
    };
    let who = match visitor(app, request, operators.as_str()).await? {
        Visitor::SignedIn(who) => who,
        Visitor::Nobody(answer) => return Ok(AtDesk::Nobody(answer)),
    };
    if who.role != Role::Admin {
        return Err(not_operator(app, &who));
    }
    let (db, team, person) = (app.door.database.clone(), operators.clone(), who.person.clone());
    let me = storage::blocking(move || db.read(|connection| people::find(connection, &team, &person)));
    let me = me.await.map_err(|error| database(app, &error))?.ok_or_else(|| not_found(app))?;
    Ok(AtDesk::Operator(Desk { who, me }))
}

/// The same for a form, which must be one of this very session.
pub(super) async fn asked(app: &web::Data<App>, request: &HttpRequest, form: &Form) -> Result<Desk, Failed> {
    match desk(app, request).await? {
        AtDesk::Operator(desk) => {
            csrf::check(app, request, &desk.who, form)?;
            Ok(desk)
        }
        AtDesk::Nobody(_) => Err(not_found(app)),
    }
}

impl Desk {
    /// The frame of a page.
    pub(super) fn console(&self, app: &App, active: ConsoleTab, notice: Option<String>) -> Console {
        Console {
            operators: self.who.team.team.team_id.clone(),
            person_name: self.me.shown_name().to_owned(),
            csrf: csrf::token(app, &self.who),
            active,
            notice: notice.map(|text| Notice { text, undo: None }),
        }
    }

    /// Does something as an operator, decided inside the transaction that does it. What the deed refuses comes back
    /// as it is; a database that fails is a database that fails whichever way `E` says it.
    pub(super) async fn act<T, E>(
        &self,
        app: &web::Data<App>,
        deed: impl FnOnce(&mut Tx<'_>, &Operator, &Registrar<'_>, Clerk<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<Result<T, E>, Failed>
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        let (owned, who, now) = (app.clone(), self.who.clone(), app.now());
        let outcome = storage::blocking(move || {
            let deps = &owned.door;
            let registrar =
                Registrar { keys: &deps.keys, chance: &*deps.chance, plain_http: owned.plain_http };
            let clerk = Clerk { desk: &deps.desk, chance: &*deps.chance };
            deps.database.write(now, |tx| {
                let operator = roles::operator(tx, &who.team.team.team_id, &who.person)?;
                deed(tx, &operator, &registrar, clerk).map_err(Refused::Deed)
            })
        });
        match outcome.await {
            Ok(done) => Ok(Ok(done)),
            Err(Refused::Deed(error)) => Ok(Err(error)),
            Err(Refused::Storage(error) | Refused::NoOperator(RoleError::Storage(error))) => {
                Err(database(app, &error))
            }
            Err(Refused::NoOperator(_)) => Err(not_operator(app, &self.who)),
        }
    }
}

/// Why an act came to nothing.
enum Refused<E> {
    NoOperator(RoleError),
    Deed(E),
    Storage(StorageError),
}

impl<E> From<StorageError> for Refused<E> {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl<E> From<RoleError> for Refused<E> {
    fn from(error: RoleError) -> Self {
        Self::NoOperator(error)
    }
}

/// Members of the operators' team, and admins of it who no longer are.
fn not_operator(app: &App, who: &SignedIn) -> Failed {
    let back = (failures::BACK_TO_TEAM, format!("/t/{}/team", who.team.team.team_id));
    failed_with(app, StatusCode::FORBIDDEN, "not_admin", say::not_operator(), back)
}
