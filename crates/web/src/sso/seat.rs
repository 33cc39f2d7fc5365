//! Who sits before the settings page: an admin of the team who is signed in, whoever holds its setup link, or an admin
//! who came by break-glass.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use onboarding::glass::{self, Glass, GlassError};
use onboarding::{Hand, LinkError, SettingsError};
use pages::words::{failures, sso as say};
use roles::{Authority, Clerk, RoleError};
use sealing::{Label, OpaqueToken, Purpose};
use sessions::SignedIn;
use storage::Tx;
use teams::{Registrar, TeamError};
use vocabulary::TeamId;

use crate::app::App;
use crate::cookies::Jar;
use crate::csrf;
use crate::failed::{Failed, database, failed, failed_with};
use crate::request::Form;

/// Somebody with a say in a team's settings, as far as their cookie tells; each act proves it anew.
#[derive(Clone)]
pub(super) struct Seat {
    /// Whose settings.
    pub(super) team: TeamId,
    /// Who.
    pub(super) who: Who,
}

#[derive(Clone)]
pub(super) enum Who {
    /// An admin, signed in.
    Admin(SignedIn),
    /// Whoever holds this link, in a browser that opened it; the cookie that says so.
    Installer(OpaqueToken, String),
    /// An admin who can't sign in, let in by break-glass.
    BreakGlass(Box<BreakGlassSeat>),
}

/// Break-glass that was opened in this browser, and the cookie that says so.
#[derive(Clone)]
pub(super) struct BreakGlassSeat {
    pub(super) glass: Glass,
    pub(super) cookie: String,
}

impl Seat {
    /// Where its forms post to, and where it comes back to.
    pub(super) fn address(&self) -> String {
        match &self.who {
            Who::Admin(_) => format!("/t/{}/settings/sso", self.team),
            Who::Installer(token, _) => onboarding::setup_path(token),
            Who::BreakGlass(_) => super::glass::address(&self.team),
        }
    }

    /// The token in every form of this seat.
    pub(super) fn csrf(&self, app: &App) -> String {
        match &self.who {
            Who::Admin(who) => csrf::token(app, who),
            Who::Installer(_, cookie) => csrf::token_of(app, cookie),
            Who::BreakGlass(seat) => csrf::token_of(app, &seat.cookie),
        }
    }

    /// Refuses a form that another site sent or that is not of this seat.
    pub(super) fn check(&self, app: &App, request: &HttpRequest, form: &Form) -> Result<(), Failed> {
        match &self.who {
            Who::Admin(who) => csrf::check(app, request, who, form),
            Who::Installer(_, cookie) => csrf::check_of(app, request, cookie, form),
            Who::BreakGlass(seat) => csrf::check_of(app, request, &seat.cookie, form),
        }
    }

    /// Does something to the settings, decided inside the transaction that does it.
    pub(super) async fn act<T: Send + 'static>(
        &self,
        app: &web::Data<App>,
        deed: impl FnOnce(&mut Tx<'_>, &Registrar<'_>, Clerk<'_>, Hand<'_, '_>) -> Result<T, SettingsError>
        + Send
        + 'static,
    ) -> Result<Result<T, SettingsError>, Failed> {
        let (owned, seat, now) = (app.clone(), self.clone(), app.now());
        let outcome = storage::blocking(move || {
            let deps = &owned.door;
            let registrar =
                Registrar { keys: &deps.keys, chance: &*deps.chance, plain_http: owned.plain_http };
            let clerk = Clerk { desk: &deps.desk, chance: &*deps.chance };
            deps.database.write(now, |tx| match &seat.who {
                Who::Admin(who) => {
                    let admin = roles::admin(tx, &seat.team, &who.person).map_err(no_admin)?;
                    Ok(deed(tx, &registrar, clerk, Hand::Authority(Authority::Admin(&admin)))?)
                }
                Who::Installer(token, _) => {
                    let installer = onboarding::installer(tx, token)?;
                    Ok(deed(tx, &registrar, clerk, Hand::Installer(&installer))?)
                }
                Who::BreakGlass(seat) => {
                    let breaker = glass::breaker(tx, &seat.glass.id)?;
                    Ok(deed(tx, &registrar, clerk, Hand::BreakGlass(&breaker))?)
                }
            })
        })
        .await;
        match outcome {
            Ok(done) => Ok(Ok(done)),
            Err(
                Refused::Act(SettingsError::Storage(error) | SettingsError::Team(TeamError::Storage(error)))
                | Refused::Link(LinkError::Storage(error))
                | Refused::Glass(GlassError::Storage(error))
                | Refused::Storage(error),
            ) => Err(database(app, &error)),
            Err(Refused::Act(error)) => Ok(Err(error)),
            Err(Refused::NoAdmin) => Err(not_admin(app, &self.team)),
            Err(Refused::Link(_)) => Err(link_gone(app)),
            Err(Refused::Glass(_)) => Err(super::glass::gone(app)),
        }
    }
}

/// Why an act came to nothing before, or as, it was decided.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("no admin of the team")]
    NoAdmin,
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error(transparent)]
    Glass(#[from] GlassError),
    #[error(transparent)]
    Act(#[from] SettingsError),
    #[error(transparent)]
    Storage(#[from] storage::StorageError),
}

fn no_admin(error: RoleError) -> Refused {
    match error {
        RoleError::Storage(error) => Refused::Storage(error),
        RoleError::NotAdmin | RoleError::Unknown | RoleError::Stale(_) | RoleError::LastAdmin(_) => {
            Refused::NoAdmin
        }
    }
}

/// Members have no say here.
pub(super) fn not_admin(app: &App, team: &TeamId) -> Failed {
    let back = (failures::BACK_TO_TEAM, format!("/t/{team}/team"));
    failed_with(app, StatusCode::FORBIDDEN, "not_admin", say::not_admin_sso(), back)
}

/// A setup link that can't be used, whatever the reason; as unknown as one that never was.
pub(super) fn link_gone(app: &App) -> Failed {
    failed(app, StatusCode::NOT_FOUND, "setup_link_gone", say::setup_link_gone())
}

/// What the cookie of an opened link is sealed for: the link's hash, so that it opens no other one.
fn label(hash: &sealing::TokenHash) -> Label<'_> {
    Label { purpose: Purpose::SetupSession, context: hash.as_str() }
}

/// The cookie that a browser gets which opens a link.
pub(super) fn opened(app: &App, token: &OpaqueToken) -> String {
    let now = app.now().millis().to_string();
    app.door.keys.seal(&*app.door.chance, &label(&token.hash()), now.as_bytes())
}

/// The link's cookie in this browser, if it is of this very link.
pub(super) fn cookie_of(app: &App, request: &HttpRequest, token: &OpaqueToken) -> Option<String> {
    let cookie = Jar::of(app, request).setup(&token.hash())?;
    app.door.keys.open(&label(&token.hash()), cookie).ok()?;
    Some(cookie.to_owned())
}

/// The token in a path.
pub(super) fn token_in(app: &App, said: &str) -> Result<OpaqueToken, Failed> {
    let token = OpaqueToken::parse(said).filter(|token| token.prefix() == sealing::TokenPrefix::Setup);
    token.ok_or_else(|| link_gone(app))
}
