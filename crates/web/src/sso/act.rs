//! What the buttons of the settings page do. Each changes something and answers 303; what was typed wrong comes back on
//! the page itself.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use onboarding::{KeptProbe, Policy, SettingsError};
use pages::words::sso as say;
use pages::{FieldProblem, SsoSure, Tab};
use signin::Verdict;
use storage::{StorageError, Tx};
use teams::versions::{self, Said};
use teams::{TeamAndConnection, TeamError};
use upstream::Probe;
use vocabulary::Issuer;

use super::seat::{Seat, Who};
use super::secret;
use super::shown::{self, Again};
use super::values::{self, Needed};
use crate::answer::{self, see_other, see_other_with};
use crate::app::App;
use crate::cookies::{self, Jar};
use crate::failed::{Failed, database, failed_with, not_found};
use crate::request::Form;
use crate::team::change::invalid;
use crate::team::house::house;

pub(super) async fn act(
    app: &web::Data<App>,
    request: &HttpRequest,
    seat: &Seat,
    form: &Form,
) -> Result<HttpResponse, Failed> {
    // Whoever sets a team up has nothing live yet to go back to or to require.
    let is_admin = match seat.who {
        Who::Admin(_) | Who::BreakGlass(_) => true,
        Who::Installer(..) => false,
    };
    match form.first("action") {
        Some("save") => save(app, request, seat, form).await,
        Some("test") => test(app, request, seat, form).await,
        Some("use_issuer") => use_issuer(app, seat, form).await,
        Some("check") => {
            check(app, seat).await?;
            Ok(back(seat, "checked", "checks"))
        }
        Some("probe") => probe(app, seat).await,
        Some("enable") => enable(app, seat, form).await,
        Some("discard") => {
            let (team, seen) = (seat.team.clone(), seen(form));
            let done =
                seat.act(app, move |tx, _, _, hand| onboarding::discard(tx, hand, &team, seen.as_deref()));
            ended(app, seat, done.await?, "discarded", "values")
        }
        Some("rollback") if is_admin => {
            let (team, seen) = (seat.team.clone(), seen(form));
            let done = seat.act(app, move |tx, _, clerk, hand| {
                onboarding::roll_back(tx, clerk, hand, &team, seen.as_deref())
            });
            ended(app, seat, done.await?, "back", "deeds")
        }
        Some(action) if secret::ACTIONS.contains(&action) => secret::act(app, request, seat, form).await,
        Some("require") if is_admin => require(app, request, seat, form).await,
        Some("relax") if is_admin => policy(app, seat, Policy::Relaxed, "relaxed").await,
        Some(_) | None => Err(invalid(app)),
    }
}

/// Keeps the values; what is complete enough is checked at once.
async fn save(
    app: &web::Data<App>,
    request: &HttpRequest,
    seat: &Seat,
    form: &Form,
) -> Result<HttpResponse, Failed> {
    if let Some(page) = keep(app, request, seat, form, Needed::Some).await? {
        return Ok(page);
    }
    check(app, seat).await?;
    Ok(back(seat, "saved", "checks"))
}

/// Keeps the values and tries a sign-in with them.
async fn test(
    app: &web::Data<App>,
    request: &HttpRequest,
    seat: &Seat,
    form: &Form,
) -> Result<HttpResponse, Failed> {
    let brings_values =
        ["issuer", "client_id", "client_secret"].iter().any(|name| form.first(name).is_some());
    if brings_values && let Some(page) = keep(app, request, seat, form, Needed::All).await? {
        return Ok(page);
    }
    let Some(team) = worked_on(app, seat).await? else {
        return Ok(back(seat, "incomplete", "values"));
    };
    // The findings that stand beside the test's are of the same settings.
    check_with(app, seat, team.clone()).await?;
    let by = shown::actor(app, seat).await?;
    let place = vocabulary::ReturnTo::parse(&seat.address()).map_err(|_never| invalid(app))?;
    match signin::rehearse(&app.door, &team, &by, &place).await {
        Ok(begun) => {
            Ok(see_other_with(&begun.location, cookies::begin(&Jar::of(app, request), begun.cookie)))
        }
        Err(signin::SignInError::Storage(error)) => Err(database(app, &error)),
        // There is nothing to send the browser to. The checks say what is wrong and what to do.
        Err(_unreachable) => Ok(back(seat, "unreachable", "checks")),
    }
}

/// Keeps what the form brings as the pending version; gives the page again where something is wrong with it.
async fn keep(
    app: &web::Data<App>,
    request: &HttpRequest,
    seat: &Seat,
    form: &Form,
    needed: Needed,
) -> Result<Option<HttpResponse>, Failed> {
    let base = shown::worked_on(app, seat).await?.map(|(_, version)| version);
    if let Some(seen) = seen(form)
        && base.as_ref().is_none_or(|base| base.key() != seen)
    {
        return Err(changed(app, seat));
    }
    let wrong = match values::read(form, base.as_ref(), needed) {
        Err(wrong) => wrong,
        Ok(said) => match self::said(app, seat, said).await? {
            Ok(()) => return Ok(None),
            Err(error) => {
                let of_registry =
                    if let SettingsError::Team(error) = &error { values::refused(error) } else { None };
                of_registry.ok_or_else(|| refused(app, seat, &error))?
            }
        },
    };
    let problem = values::problem(wrong, app.reference());
    shown::page_again(app, request, seat, Again::Values(values::typed(form), problem)).await.map(Some)
}

async fn said(app: &web::Data<App>, seat: &Seat, said: Said) -> Result<Result<(), SettingsError>, Failed> {
    let team = seat.team.clone();
    let saved =
        seat.act(app, move |tx, registrar, _, hand| onboarding::save(tx, registrar, hand, &team, &said));
    Ok(saved.await?.map(|_version| ()))
}

/// Takes over the issuer as the provider writes it, as the last checks of these very settings found it.
async fn use_issuer(app: &web::Data<App>, seat: &Seat, form: &Form) -> Result<HttpResponse, Failed> {
    let (team, seen) = (seat.team.clone(), seen(form));
    let done = seat.act(app, move |tx, registrar, _, hand| {
        let tenant = teams::find(tx, &team)?.ok_or(SettingsError::NotTheirs)?;
        let key = versions::worked_on(tx, &tenant)?.map(|version| version.key());
        let key = key.filter(|key| seen.as_ref().is_none_or(|seen| seen == key));
        let key = key.ok_or(TeamError::NoSuchVersion)?;
        let issuer = theirs(tx, &team, &key)?.ok_or(TeamError::NoSuchVersion)?;
        onboarding::correct_issuer(tx, registrar, hand, &team, &key, &issuer)
    });
    match done.await? {
        Ok(_corrected) => {
            check(app, seat).await?;
            Ok(back(seat, "theirs", "checks"))
        }
        Err(error) => Err(refused(app, seat, &error)),
    }
}

/// What the provider calls itself, by the last checks of these settings.
fn theirs(tx: &mut Tx<'_>, team: &vocabulary::TeamId, key: &str) -> Result<Option<Issuer>, StorageError> {
    let checks = onboarding::last_checks(tx, team)?.filter(|last| last.settings == key);
    let found = checks.into_iter().flat_map(|last| last.checks).find(|check| check.name == "issuer");
    Ok(found.and_then(|check| Issuer::parse(&check.got?).ok()))
}

/// Runs the checks of what is being worked on, where there is enough of it, and keeps what they found.
async fn check(app: &web::Data<App>, seat: &Seat) -> Result<(), Failed> {
    match worked_on(app, seat).await? {
        Some(team) => check_with(app, seat, team).await,
        None => Ok(()),
    }
}

/// The same for settings at hand.
async fn check_with(app: &web::Data<App>, seat: &Seat, team: TeamAndConnection) -> Result<(), Failed> {
    may_ask(app, seat)?;
    let checks = app.door.upstream.check(&app.door.party(&team)).await;
    keep_found(app, move |tx| {
        let key = team.connection.settings_key();
        onboarding::keep_checks(tx, &team.team.team_id, &key, &checks)
    })
    .await
}

/// Asks the provider whether it knows client id and secret; nobody is signed in.
async fn probe(app: &web::Data<App>, seat: &Seat) -> Result<HttpResponse, Failed> {
    let team = worked_on(app, seat).await?;
    let Some((team, secret)) = team.and_then(|team| {
        let secret = team.client_secret(&app.door.keys)?;
        Some((team, secret))
    }) else {
        return Ok(back(seat, "incomplete", "values"));
    };
    app.probes.take(&seat.team, app.now()).map_err(|wait| too_many_checks(app, seat, wait))?;
    let found = match app.door.upstream.probe(&app.door.party(&team), &secret, app.now()).await {
        Probe::Accepted => KeptProbe::Accepted,
        Probe::Rejected => KeptProbe::Rejected,
        Probe::CantTell { why } => KeptProbe::CantTell(why),
    };
    keep_found(app, move |tx| {
        let key = team.connection.settings_key();
        onboarding::keep_probe(tx, &team.team.team_id, &key, found)
    })
    .await?;
    Ok(back(seat, "tried", "checks"))
}

async fn enable(app: &web::Data<App>, seat: &Seat, form: &Form) -> Result<HttpResponse, Failed> {
    let (team, seen) = (seat.team.clone(), seen(form));
    let done =
        seat.act(app, move |tx, _, clerk, hand| onboarding::enable(tx, clerk, hand, &team, seen.as_deref()));
    ended(app, seat, done.await?, "live", "deeds")
}

/// Whoever cannot sign in there cannot come in at all, so the team's name is typed first.
async fn require(
    app: &web::Data<App>,
    request: &HttpRequest,
    seat: &Seat,
    form: &Form,
) -> Result<HttpResponse, Failed> {
    let Who::Admin(who) = &seat.who else { return Err(invalid(app)) };
    let (typed, name) = (form.first("confirm_name"), &who.team.team.name);
    if typed.is_some_and(|typed| typed.trim() == name.trim()) {
        return policy(app, seat, Policy::Required, "required").await;
    }
    let me = shown::me(app, who).await?;
    let problem = typed.map(|_| FieldProblem {
        code: "form_invalid",
        text: say::CONFIRMED_WRONG.to_owned(),
        reference: app.reference(),
    });
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = SsoSure {
        house: house(app, request, who, &me, Tab::Sso, None).await?,
        action_address: seat.address(),
        typed: typed.unwrap_or_default().chars().take(200).collect(),
        problem,
    };
    Ok(answer::page_with(status, page.render(&app.face)))
}

async fn policy(
    app: &web::Data<App>,
    seat: &Seat,
    policy: Policy,
    done: &str,
) -> Result<HttpResponse, Failed> {
    let team = seat.team.clone();
    let outcome =
        seat.act(app, move |tx, _, clerk, hand| onboarding::set_policy(tx, clerk, hand, &team, policy));
    ended(app, seat, outcome.await?, done, "deeds")
}

/// The version that whoever sends a form has seen, if it says so.
fn seen(form: &Form) -> Option<String> {
    form.first("version").filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The team as it would be with what is being worked on, where issuer and client id are there.
async fn worked_on(app: &web::Data<App>, seat: &Seat) -> Result<Option<TeamAndConnection>, Failed> {
    let found = shown::worked_on(app, seat).await?;
    Ok(found.and_then(|(tenant, version)| version.of_team(&tenant)))
}

async fn keep_found(
    app: &web::Data<App>,
    deed: impl FnOnce(&mut Tx<'_>) -> Result<(), StorageError> + Send + 'static,
) -> Result<(), Failed> {
    let (db, now) = (app.door.database.clone(), app.now());
    storage::blocking(move || db.write(now, deed)).await.map_err(|error| database(app, &error))
}

/// The buttons that ask a provider are no port scanner: a team has so many a minute.
fn may_ask(app: &App, seat: &Seat) -> Result<(), Failed> {
    let nowhere = std::net::IpAddr::from([0, 0, 0, 0]);
    match app.checks.verdict(nowhere, seat.team.as_str()) {
        Verdict::GoOn => {
            app.checks.note(nowhere, seat.team.as_str());
            Ok(())
        }
        Verdict::Wait(wait) => Err(too_many_checks(app, seat, wait)),
    }
}

fn too_many_checks(app: &App, seat: &Seat, wait: std::time::Duration) -> Failed {
    let back = (say::BACK, seat.address());
    failed_with(app, StatusCode::TOO_MANY_REQUESTS, "rate_limited", say::too_many_checks(), back)
        .retry_after(Some(wait))
}

pub(super) fn changed(app: &App, seat: &Seat) -> Failed {
    let back = (say::BACK, seat.address());
    failed_with(app, StatusCode::CONFLICT, "version_conflict", say::sso_changed(), back)
}

pub(super) fn refused(app: &App, seat: &Seat, error: &SettingsError) -> Failed {
    let back = (say::BACK, seat.address());
    let conflict = StatusCode::CONFLICT;
    match error {
        SettingsError::Team(TeamError::NotTested) => {
            failed_with(app, conflict, "not_tested", say::not_tested(), back)
        }
        SettingsError::Team(TeamError::NextNotTested) => {
            failed_with(app, conflict, "next_secret_not_tested", say::next_secret_not_tested(), back)
        }
        SettingsError::Team(TeamError::NoSuchVersion | TeamError::NoNextSecret) => changed(app, seat),
        SettingsError::AdminWouldBeLost => {
            failed_with(app, conflict, "admin_would_be_lost", say::admin_would_be_lost(), back)
        }
        SettingsError::NoRecentAdmin | SettingsError::NotOpen => {
            failed_with(app, conflict, "require_needs_admin", say::require_needs_admin(), back)
        }
        SettingsError::NotTheirs | SettingsError::Team(TeamError::Unknown(_)) => not_found(app),
        SettingsError::Storage(error) | SettingsError::Team(TeamError::Storage(error)) => {
            database(app, error)
        }
        SettingsError::Team(
            TeamError::Exists(_)
            | TeamError::UsedBefore(_)
            | TeamError::Reserved(_)
            | TeamError::CallbackPathTaken(_)
            | TeamError::ConnectionMissing
            | TeamError::SharedIssuer(_)
            | TeamError::SecretNeeded
            | TeamError::SecretNeededAgain
            | TeamError::SecretIsClientId
            | TeamError::SecretIsCurrent
            | TeamError::SecretExpiry
            | TeamError::PlainHttp(_)
            | TeamError::AdminOutsideDomains(_)
            | TeamError::PostLogoutRedirectUri
            | TeamError::Name,
        ) => invalid(app),
    }
}

/// What an act is answered with.
pub(super) fn ended<T>(
    app: &App,
    seat: &Seat,
    outcome: Result<T, SettingsError>,
    done: &str,
    place: &str,
) -> Result<HttpResponse, Failed> {
    outcome.map(|_| back(seat, done, place)).map_err(|error| refused(app, seat, &error))
}

/// To the page again, at the place where something has changed, with a sentence that says so.
pub(super) fn back(seat: &Seat, done: &str, place: &str) -> HttpResponse {
    see_other(&format!("{}?done={done}#{place}", seat.address()))
}
