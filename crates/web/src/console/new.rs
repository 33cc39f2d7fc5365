//! `/operator/teams/new`: an operator adds a team, with as much of its connection as they know.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use onboarding::Beginning;
use onboarding::request::{Field, Said, SaidSecret, Wrong};
use pages::words::console::new as say;
use pages::words::{request as of_request, sso as of_sso};
use pages::{ConsoleTab, NewTeamField, NewTeamForm, NewTeamProblem, NewTeamTyped};
use teams::{Requirement, TeamError};
use vocabulary::Email;

use super::desk::{AtDesk, Desk, asked, desk};
use super::team::address;
use crate::answer::{self, see_other};
use crate::api::problem::{Fault, told};
use crate::app::App;
use crate::failed::{Failed, database};
use crate::request::Form;
use crate::requests::in_words;
use crate::team::change::invalid;

/// How much of what was typed comes back, in characters.
const KEPT: usize = 600;

/// Each field that is wrong, with its sentence.
type Fields = Vec<(NewTeamField, String)>;
/// The same with the stable code.
type Refused = (&'static str, Fields);

pub(crate) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Failed> {
    let desk = match desk(&app, &request).await? {
        AtDesk::Operator(desk) => desk,
        AtDesk::Nobody(answer) => return Ok(answer),
    };
    let console = desk.console(&app, ConsoleTab::Teams, None);
    let page = NewTeamForm { console, typed: NewTeamTyped::default(), problem: None };
    Ok(answer::page(page.render(&app.face)))
}

pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse, Failed> {
    let desk = asked(&app, &request, &form).await?;
    let said = said(&form);
    let (new, link_to) = match read(&app, &form, &said) {
        Ok(read) => read,
        Err(fields) => return Ok(again(&app, &desk, &form, &said, ("form_invalid", fields))),
    };
    let (team, invited) = (new.team_id.clone(), link_to.is_some());
    let added = desk.act(&app, move |tx, operator, registrar, clerk| {
        let added = onboarding::begin(tx, registrar, operator, new)?;
        if let Some(to) = &link_to {
            onboarding::make_link(tx, clerk, operator, &added.team.team_id, Some(to))?;
        }
        Ok::<_, Fault>(())
    });
    match added.await? {
        Ok(()) => {
            let done = if invited { "invited" } else { "added" };
            Ok(see_other(&format!("{}?done={done}", address(&team))))
        }
        Err(fault) => match of_field(&fault, team.as_str()) {
            Some((field, text)) => {
                Ok(again(&app, &desk, &form, &said, (told(&fault).1, vec![(field, text)])))
            }
            None if told(&fault).0.is_server_error() => Err(database(&app, &fault)),
            None => Err(invalid(&app)),
        },
    }
}

/// What was said, by the names that a request for a team has for it.
fn said(form: &Form) -> Said {
    let text = |name: &str| form.first(name).unwrap_or_default().to_owned();
    Said {
        company: text("name"),
        contact: text("link_to"),
        team_id: text("team_id"),
        admin_email: text("admin_email"),
        issuer: text("issuer"),
        client_id: text("client_id"),
        client_secret: SaidSecret::read(&text("client_secret")),
    }
}

/// The team, and who gets its setup link; or what is wrong with each field.
fn read(app: &App, form: &Form, said: &Said) -> Result<(Beginning, Option<Email>), Fields> {
    let typed = form.first("requirement").map(str::trim).filter(|text| !text.is_empty());
    let requirement = typed.map(Requirement::parse).transpose();
    let unread = requirement.is_err();
    let read = Beginning::read(said, requirement.unwrap_or(None), app.plain_http);
    let mut fields: Fields = match read {
        Ok(read) if !unread => return Ok(read),
        Ok(_) => Vec::new(),
        Err(wrong) => wrong.iter().map(|wrong| (shown(wrong.field()), sentence(wrong, said))).collect(),
    };
    if unread {
        fields.push((NewTeamField::Requirement, say::REQUIREMENT_WRONG.to_owned()));
    }
    Err(fields)
}

fn sentence(wrong: &Wrong, said: &Said) -> String {
    match wrong {
        Wrong::Company => say::NAME_WRONG.to_owned(),
        Wrong::Contact
        | Wrong::TeamId(_)
        | Wrong::TeamIdReserved
        | Wrong::AdminEmail
        | Wrong::Issuer(_)
        | Wrong::IssuerPlainHttp
        | Wrong::IssuerMissing
        | Wrong::ClientId
        | Wrong::ClientIdMissing
        | Wrong::ClientSecret
        | Wrong::ClientSecretIsClientId => in_words(wrong, &said.team_id),
    }
}

const fn shown(field: Field) -> NewTeamField {
    match field {
        Field::Company => NewTeamField::Name,
        Field::Contact => NewTeamField::LinkTo,
        Field::TeamId => NewTeamField::TeamId,
        Field::AdminEmail => NewTeamField::AdminEmail,
        Field::Issuer => NewTeamField::Issuer,
        Field::ClientId => NewTeamField::ClientId,
        Field::ClientSecret => NewTeamField::ClientSecret,
    }
}

/// What the registry says of a field.
fn of_field(fault: &Fault, team_id: &str) -> Option<(NewTeamField, String)> {
    let Fault::Team(error) = fault else { return None };
    Some(match error {
        TeamError::Exists(_) => (NewTeamField::TeamId, of_request::team_id_taken(team_id)),
        TeamError::UsedBefore(_) => (NewTeamField::TeamId, say::used_before(team_id)),
        TeamError::Reserved(_) => (NewTeamField::TeamId, of_request::team_id_reserved(team_id)),
        TeamError::SharedIssuer(_) => (NewTeamField::Requirement, say::REQUIREMENT_NEEDED.to_owned()),
        TeamError::PlainHttp(_) => (NewTeamField::Issuer, of_sso::ISSUER_PLAIN_HTTP.to_owned()),
        TeamError::SecretIsClientId => (NewTeamField::ClientSecret, of_request::SECRET_IS_ID.to_owned()),
        TeamError::Name => (NewTeamField::Name, say::NAME_WRONG.to_owned()),
        TeamError::Unknown(_)
        | TeamError::CallbackPathTaken(_)
        | TeamError::ConnectionMissing
        | TeamError::NotTested
        | TeamError::NoSuchVersion
        | TeamError::SecretNeeded
        | TeamError::SecretNeededAgain
        | TeamError::SecretExpiry
        | TeamError::SecretIsCurrent
        | TeamError::NoNextSecret
        | TeamError::NextNotTested
        | TeamError::AdminOutsideDomains(_)
        | TeamError::PostLogoutRedirectUri
        | TeamError::Storage(_) => return None,
    })
}

/// The form again, with all that was typed but the secret.
fn again(app: &App, desk: &Desk, form: &Form, said: &Said, (code, fields): Refused) -> HttpResponse {
    let reference = app.reference();
    tracing::info!(%reference, code, "a team was not added");
    let kept = |text: &str| -> String { text.chars().take(KEPT).collect() };
    let (secret_dropped, is_secret) = match &said.client_secret {
        SaidSecret::Nothing | SaidSecret::Unusable => (false, false),
        // Pasted into both fields, it may be the secret.
        SaidSecret::Is(secret) => (
            !fields.iter().any(|(field, _)| *field == NewTeamField::ClientSecret),
            secret.reveal() == said.client_id.trim(),
        ),
    };
    let typed = NewTeamTyped {
        team_id: kept(&said.team_id),
        name: kept(&said.company),
        admin_email: kept(&said.admin_email),
        issuer: kept(&said.issuer),
        client_id: if is_secret { String::new() } else { kept(&said.client_id) },
        requirement: kept(form.first("requirement").unwrap_or_default()),
        link_to: kept(&said.contact),
    };
    let problem = Some(NewTeamProblem { code, reference, fields, secret_dropped });
    let page = NewTeamForm { console: desk.console(app, ConsoleTab::Teams, None), typed, problem };
    answer::page_with(StatusCode::UNPROCESSABLE_ENTITY, page.render(&app.face))
}
