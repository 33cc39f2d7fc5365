//! What an operator does with a request: ask its provider, approve, ask the contact, reject.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use onboarding::request::{self, Look, Note, RequestError};
use pages::words::console::requests as say;
use pages::{FieldProblem, RequestDeeds, RequestText};
use roles::{Clerk, Operator};
use storage::Tx;
use teams::{Requirement, TeamError};

use super::shown::{again, look, unknown};
use crate::answer::see_other;
use crate::app::App;
use crate::console::desk::{Desk, asked};
use crate::console::look::typed;
use crate::failed::{Failed, database, failed_with};
use crate::request::Form;
use crate::team::change::invalid;

pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
    form: Form,
) -> Result<HttpResponse, Failed> {
    let desk = asked(&app, &request, &form).await?;
    let id = look(&app, path.into_inner()).await?.request.id;
    match form.first("action") {
        Some("check") => check(&app, &desk, id).await,
        Some("approve") => approve(&app, &desk, id, &form).await,
        Some("ask") => say_so(&app, &desk, id, &form, Word::Question).await,
        Some("reject") => say_so(&app, &desk, id, &form, Word::Reason).await,
        Some(_) | None => Err(invalid(&app)),
    }
}

/// Asks the provider that the request names, and keeps what it said.
async fn check(app: &web::Data<App>, desk: &Desk, id: String) -> Result<HttpResponse, Failed> {
    let found = look(app, id.clone()).await?.request;
    let redirect_uri = app.door.address(found.callback_path().as_str());
    let Some(party) = request::party(&found, redirect_uri) else {
        return Err(refused(app, &id, &RequestError::Incomplete));
    };
    let checks = app.door.upstream.check(&party).await;
    let asked = id.clone();
    let kept = desk.act(app, move |tx, _, _, _| {
        request::keep_checks(tx, &asked, &checks).map_err(RequestError::Storage)
    });
    kept.await?.map_err(|error| refused(app, &id, &error))?;
    Ok(see_other(&format!("/operator/requests/{id}?done=checked#checks")))
}

async fn approve(app: &web::Data<App>, desk: &Desk, id: String, form: &Form) -> Result<HttpResponse, Failed> {
    let said = form.first("requirement").map(str::trim).unwrap_or_default().to_owned();
    let wrong = |text: &str| RequestDeeds {
        requirement: RequestText { typed: typed(&said), problem: Some(problem(app, text)) },
        ..RequestDeeds::default()
    };
    let requirement = match said.as_str() {
        "" => None,
        said => match Requirement::parse(said) {
            Ok(requirement) => Some(requirement),
            Err(_unreadable) => return again(app, desk, id, wrong(say::REQUIREMENT_WRONG)).await,
        },
    };
    let wanted = id.clone();
    let done = desk.act(app, move |tx, operator, registrar, clerk| {
        request::approve(tx, registrar, clerk, operator, &wanted, requirement.as_ref())
    });
    match done.await? {
        Ok(approved) => Ok(see_other(&format!("/operator/teams/{}?done=approved", approved.request.team_id))),
        Err(RequestError::Team(TeamError::SharedIssuer(_))) => {
            again(app, desk, id, wrong(say::REQUIREMENT_NEEDED)).await
        }
        Err(error) => Err(refused(app, &id, &error)),
    }
}

/// What a text for the contact is.
#[derive(Clone, Copy)]
enum Word {
    Question,
    Reason,
}

type Deed = fn(&mut Tx<'_>, Clerk<'_>, &Operator, &str, &Note) -> Result<Look, RequestError>;

/// Asks the contact something, or rejects the request and says why.
async fn say_so(
    app: &web::Data<App>,
    desk: &Desk,
    id: String,
    form: &Form,
    word: Word,
) -> Result<HttpResponse, Failed> {
    let text = form.first("text").unwrap_or_default();
    let Ok(note) = Note::parse(text) else {
        let kept = text.chars().take(4000).collect();
        let text = RequestText { typed: kept, problem: Some(problem(app, say::TEXT_WRONG)) };
        let typed = match word {
            Word::Question => RequestDeeds { question: text, ..RequestDeeds::default() },
            Word::Reason => RequestDeeds { reason: text, ..RequestDeeds::default() },
        };
        return again(app, desk, id, typed).await;
    };
    let (deed, done): (Deed, _) = match word {
        Word::Question => (request::ask, "asked"),
        Word::Reason => (request::reject, "rejected"),
    };
    let wanted = id.clone();
    let said = desk.act(app, move |tx, operator, _, clerk| deed(tx, clerk, operator, &wanted, &note));
    said.await?.map_err(|error| refused(app, &id, &error))?;
    Ok(see_other(&format!("/operator/requests/{id}?done={done}")))
}

fn problem(app: &App, text: &str) -> FieldProblem {
    let reference = app.reference();
    tracing::info!(%reference, code = "form_invalid", "an operator's word about a request was not taken");
    FieldProblem { text: text.to_owned(), code: "form_invalid", reference }
}

/// Why an operator's word came to nothing; codes and statuses as in the API.
fn refused(app: &App, id: &str, error: &RequestError) -> Failed {
    let conflict = |code, telling| {
        let back = (say::BACK, format!("/operator/requests/{id}"));
        failed_with(app, StatusCode::CONFLICT, code, telling, back)
    };
    match error {
        RequestError::Unknown => unknown(app),
        RequestError::Unconfirmed => conflict("request_unconfirmed", say::unconfirmed()),
        RequestError::Decided => conflict("request_decided", say::decided()),
        RequestError::Incomplete => conflict("request_incomplete", say::incomplete()),
        RequestError::TeamIdTaken(team_id) => conflict("team_id_taken", say::team_id_taken(team_id.as_str())),
        RequestError::SecretLost => conflict("request_secret_lost", say::secret_lost()),
        RequestError::Note => conflict("form_invalid", say::refused(say::TEXT_WRONG.to_owned())),
        RequestError::Team(error) => conflict("request_refused", say::refused(error.to_string())),
        RequestError::Link(error) => conflict("request_refused", say::refused(error.to_string())),
        RequestError::Storage(error) => database(app, error),
    }
}
