//! The buttons of the client secret's life: the day it expires, the next one, its test, and its taking over.

use actix_web::{HttpRequest, HttpResponse, web};
use onboarding::SettingsError;
use pages::words::sso as say;
use pages::{SecretField, SecretProblem};
use teams::TeamError;
use vocabulary::{ClientSecret, Timestamp};

use super::act::{back, changed, ended, refused};
use super::seat::Seat;
use super::shown;
use crate::answer::see_other_with;
use crate::app::App;
use crate::cookies::{self, Jar};
use crate::failed::{Failed, database};
use crate::request::Form;
use crate::team::change::invalid;

/// What these buttons are called.
pub(super) const ACTIONS: [&str; 5] =
    ["secret_expires", "next_secret", "test_next", "use_next", "discard_next"];

/// What is wrong: the stable code, and each field's sentence.
type Wrong = (&'static str, Vec<(SecretField, String)>);

pub(super) async fn act(
    app: &web::Data<App>,
    request: &HttpRequest,
    seat: &Seat,
    form: &Form,
) -> Result<HttpResponse, Failed> {
    let (team, seen) = (seat.team.clone(), seen(form));
    match form.first("action") {
        Some("secret_expires") => set_expiry(app, request, seat, form).await,
        Some("next_secret") => set_next(app, request, seat, form).await,
        Some("test_next") => test(app, request, seat, seen).await,
        Some("use_next") => {
            let done = seat.act(app, move |tx, _, clerk, hand| {
                onboarding::use_next_secret(tx, clerk, hand, &team, seen.as_deref())
            });
            ended(app, seat, done.await?, "switched", "secret")
        }
        Some("discard_next") => {
            let done = seat.act(app, move |tx, _, _, hand| {
                onboarding::drop_next_secret(tx, hand, &team, seen.as_deref())
            });
            ended(app, seat, done.await?, "next_dropped", "secret")
        }
        Some(_) | None => Err(invalid(app)),
    }
}

async fn set_expiry(
    app: &web::Data<App>,
    request: &HttpRequest,
    seat: &Seat,
    form: &Form,
) -> Result<HttpResponse, Failed> {
    let field = SecretField::Expires;
    let day = match day(form, field) {
        Ok(day) => day,
        Err(text) => return again(app, request, seat, form, ("form_invalid", vec![(field, text)])).await,
    };
    let team = seat.team.clone();
    let done =
        seat.act(app, move |tx, _, _, hand| onboarding::set_secret_expiry(tx, hand, &team, day)).await?;
    match done.map_err(|error| (of_form(&error, field), error)) {
        Ok(()) => Ok(back(seat, "day", "secret")),
        Err((Some(wrong), _)) => again(app, request, seat, form, wrong).await,
        Err((None, error)) => Err(refused(app, seat, &error)),
    }
}

async fn set_next(
    app: &web::Data<App>,
    request: &HttpRequest,
    seat: &Seat,
    form: &Form,
) -> Result<HttpResponse, Failed> {
    let (secret, day) = match (secret(form), day(form, SecretField::NextExpires)) {
        (Ok(secret), Ok(day)) => (secret, day),
        (secret, day) => {
            let wrong_secret = secret.err().map(|text| (SecretField::Next, text.to_owned()));
            let wrong_day = day.err().map(|text| (SecretField::NextExpires, text));
            let wrong = wrong_secret.into_iter().chain(wrong_day).collect();
            return again(app, request, seat, form, ("form_invalid", wrong)).await;
        }
    };
    let team = seat.team.clone();
    let done = seat.act(app, move |tx, registrar, _, hand| {
        onboarding::set_next_secret(tx, registrar, hand, &team, &secret, day)
    });
    match done.await?.map_err(|error| (of_form(&error, SecretField::NextExpires), error)) {
        Ok(()) => Ok(back(seat, "next", "secret")),
        Err((Some(wrong), _)) => again(app, request, seat, form, wrong).await,
        Err((None, error)) => Err(refused(app, seat, &error)),
    }
}

/// Tries a sign-in with the live settings and the next secret.
async fn test(
    app: &web::Data<App>,
    request: &HttpRequest,
    seat: &Seat,
    seen: Option<String>,
) -> Result<HttpResponse, Failed> {
    let live = shown::live(app, seat).await?;
    let next = live.as_ref().and_then(|live| live.connection.secret_life.next.clone());
    let next = next.filter(|next| seen.as_deref().is_none_or(|seen| seen == next.key()));
    let (live, next) = live.zip(next).ok_or_else(|| changed(app, seat))?;
    let by = shown::actor(app, seat).await?;
    let place = vocabulary::ReturnTo::parse(&seat.address()).map_err(|_never| invalid(app))?;
    match signin::rehearse_next_secret(&app.door, &live, &next, &by, &place).await {
        Ok(begun) => {
            Ok(see_other_with(&begun.location, cookies::begin(&Jar::of(app, request), begun.cookie)))
        }
        Err(signin::SignInError::Storage(error)) => Err(database(app, &error)),
        Err(_unreachable) => Ok(back(seat, "unreachable", "checks")),
    }
}

/// The next secret that whoever sends a form has seen, if it says so.
fn seen(form: &Form) -> Option<String> {
    form.first("next").filter(|text| !text.is_empty()).map(str::to_owned)
}

fn secret(form: &Form) -> Result<ClientSecret, &'static str> {
    let typed = form.first(SecretField::Next.name()).map(str::trim).filter(|text| !text.is_empty());
    ClientSecret::parse(typed.ok_or(say::NEXT_SECRET_MISSING)?).ok_or(say::CLIENT_SECRET_MASK)
}

/// The day in a field; none when it is empty.
fn day(form: &Form, field: SecretField) -> Result<Option<Timestamp>, String> {
    match form.first(field.name()).map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => match Timestamp::of_day(text) {
            Some(day) => Ok(Some(day)),
            None => Err(say::EXPIRES_UNREADABLE.to_owned()),
        },
    }
}

/// What the registry says of the values, as a field's sentence; `day` is the field of the day.
fn of_form(error: &SettingsError, day: SecretField) -> Option<Wrong> {
    let SettingsError::Team(error) = error else { return None };
    let (code, field, text) = match error {
        TeamError::SecretExpiry => ("client_secret_expires_invalid", day, say::EXPIRES_WRONG),
        TeamError::SecretIsCurrent => {
            ("client_secret_is_current", SecretField::Next, say::NEXT_SECRET_IS_CURRENT)
        }
        TeamError::SecretIsClientId => {
            ("client_secret_is_client_id", SecretField::Next, say::CLIENT_SECRET_IS_ID)
        }
        TeamError::Exists(_)
        | TeamError::UsedBefore(_)
        | TeamError::Reserved(_)
        | TeamError::Unknown(_)
        | TeamError::CallbackPathTaken(_)
        | TeamError::ConnectionMissing
        | TeamError::NotTested
        | TeamError::NoSuchVersion
        | TeamError::NoNextSecret
        | TeamError::NextNotTested
        | TeamError::SharedIssuer(_)
        | TeamError::SecretNeeded
        | TeamError::SecretNeededAgain
        | TeamError::PlainHttp(_)
        | TeamError::AdminOutsideDomains(_)
        | TeamError::PostLogoutRedirectUri
        | TeamError::Name
        | TeamError::Storage(_) => return None,
    };
    Some((code, vec![(field, text.to_owned())]))
}

async fn again(
    app: &web::Data<App>,
    request: &HttpRequest,
    seat: &Seat,
    form: &Form,
    (code, fields): Wrong,
) -> Result<HttpResponse, Failed> {
    let typed =
        |field: SecretField| form.first(field.name()).map(|text| text.chars().take(40).collect::<String>());
    let problem = SecretProblem {
        code,
        reference: app.reference(),
        fields,
        expires: typed(SecretField::Expires),
        next_expires: typed(SecretField::NextExpires).unwrap_or_default(),
    };
    shown::page_again(app, request, seat, shown::Again::Secret(problem)).await
}
