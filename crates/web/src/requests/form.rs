//! `/request`: the form.

use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use onboarding::request::{self, Field, MakeError, NewRequest, Said, SaidSecret, Wrong};
use pages::words::{failures, request as say};
use pages::{RequestField, RequestForm, RequestProblem};
use roles::Clerk;
use signin::Verdict;
use teams::Registrar;

use crate::answer::{self, see_other};
use crate::app::App;
use crate::csrf::is_same_site;
use crate::failed::{Failed, database, failed};
use crate::request::Form;
use crate::requests::{in_words, sent};

/// How much of what was typed comes back, in characters.
const KEPT: usize = 600;
/// How long somebody waits when too many requests wait for proof.
const FULL: Duration = Duration::from_hours(1);

pub(crate) async fn get(app: web::Data<App>) -> Result<HttpResponse, Failed> {
    Ok(answer::page(RequestForm::default().render(&app.face)))
}

pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse, Failed> {
    if !is_same_site(&app, &request) {
        return Err(failed(&app, StatusCode::FORBIDDEN, "csrf", failures::csrf()));
    }
    let said = said(&form);
    let new = match NewRequest::read(&said, app.plain_http) {
        Ok(new) => new,
        Err(wrong) => return Ok(refused(&app, &said, &wrong)),
    };
    // Whoever comes here learns whether a Team ID is taken: only this is counted, mistypings are not.
    let address = app.address(&request);
    if let Verdict::Wait(wait) = app.requests.verdict(address, "") {
        return Ok(too_many(&app, &said, wait));
    }
    app.requests.note(address, "");
    let there = sent::address(&new);
    match make(&app, new).await {
        Ok(()) => Ok(see_other(&there)),
        Err(MakeError::TeamIdTaken(team_id)) => {
            let fields = vec![(RequestField::TeamId, say::team_id_taken(team_id.as_str()))];
            Ok(again(&app, &said, "team_id_taken", fields))
        }
        Err(MakeError::ContactBusy) => {
            let fields = vec![(RequestField::Contact, say::CONTACT_BUSY.to_owned())];
            Ok(again(&app, &said, "request_invalid", fields))
        }
        Err(MakeError::Full) => Ok(too_many(&app, &said, FULL)),
        Err(MakeError::Storage(error)) => Err(database(&app, &error)),
    }
}

async fn make(app: &web::Data<App>, new: NewRequest) -> Result<(), MakeError> {
    let (app, now) = (app.clone(), app.now());
    storage::blocking(move || {
        let deps = &app.door;
        let registrar = Registrar { keys: &deps.keys, chance: &*deps.chance, plain_http: app.plain_http };
        let clerk = Clerk { desk: &deps.desk, chance: &*deps.chance };
        deps.database.write(now, |tx| request::make(tx, &registrar, clerk, &new))
    })
    .await
}

fn said(form: &Form) -> Said {
    let field = |field: Field| form.first(field.as_str()).unwrap_or_default().to_owned();
    Said {
        company: field(Field::Company),
        contact: field(Field::Contact),
        team_id: field(Field::TeamId),
        admin_email: field(Field::AdminEmail),
        issuer: field(Field::Issuer),
        client_id: field(Field::ClientId),
        client_secret: SaidSecret::read(form.first(Field::ClientSecret.as_str()).unwrap_or_default()),
    }
}

/// The form again, with what is wrong beside each field.
fn refused(app: &App, said: &Said, wrong: &[Wrong]) -> HttpResponse {
    let fields = wrong.iter().map(|wrong| (shown(wrong.field()), in_words(wrong, &said.team_id)));
    again(app, said, "request_invalid", fields.collect())
}

fn again(app: &App, said: &Said, code: &'static str, fields: Vec<(RequestField, String)>) -> HttpResponse {
    page(app, StatusCode::UNPROCESSABLE_ENTITY, said, code, None, fields)
}

/// The form again; nothing is wrong with it but the hour.
fn too_many(app: &App, said: &Said, wait: Duration) -> HttpResponse {
    let sentence = Some(say::TOO_MANY.to_owned());
    let mut response = page(app, StatusCode::TOO_MANY_REQUESTS, said, "rate_limited", sentence, Vec::new());
    let wait = header::HeaderValue::from(wait.as_secs().max(1));
    response.headers_mut().insert(header::RETRY_AFTER, wait);
    response
}

fn page(
    app: &App,
    status: StatusCode,
    said: &Said,
    code: &'static str,
    sentence: Option<String>,
    fields: Vec<(RequestField, String)>,
) -> HttpResponse {
    let reference = app.reference();
    tracing::info!(%reference, code, "a request for a team was not taken");
    let secret_dropped = match &said.client_secret {
        SaidSecret::Nothing | SaidSecret::Unusable => false,
        SaidSecret::Is(_) => !fields.iter().any(|(field, _)| *field == RequestField::ClientSecret),
    };
    let kept = |text: &str| text.chars().take(KEPT).collect();
    // Pasted into both fields, it may be the secret.
    let is_secret = match &said.client_secret {
        SaidSecret::Is(secret) => secret.reveal() == said.client_id.trim(),
        SaidSecret::Nothing | SaidSecret::Unusable => false,
    };
    let form = RequestForm {
        company: kept(&said.company),
        contact: kept(&said.contact),
        team_id: kept(&said.team_id),
        admin_email: kept(&said.admin_email),
        issuer: kept(&said.issuer),
        client_id: if is_secret { String::new() } else { kept(&said.client_id) },
        problem: Some(RequestProblem { code, reference, sentence, fields, secret_dropped }),
    };
    let mut response = answer::page(form.render(&app.face));
    *response.status_mut() = status;
    response
}

const fn shown(field: Field) -> RequestField {
    match field {
        Field::Company => RequestField::Company,
        Field::Contact => RequestField::Contact,
        Field::TeamId => RequestField::TeamId,
        Field::AdminEmail => RequestField::AdminEmail,
        Field::Issuer => RequestField::Issuer,
        Field::ClientId => RequestField::ClientId,
        Field::ClientSecret => RequestField::ClientSecret,
    }
}
