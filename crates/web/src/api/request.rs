//! `/api/v1/requests/{request_id}`: a request, and an operator's word about it.

use actix_web::{HttpRequest, HttpResponse, web};
use onboarding::request::{self, Look, Note};
use roles::{Clerk, Operator};
use serde::Deserialize;
use storage::Tx;
use teams::{Registrar, Requirement};
use utoipa::ToSchema;

use crate::api::bearer::Caller;
use crate::api::body::Order;
use crate::api::connection::Checks;
use crate::api::database::{read, write};
use crate::api::openapi::RequestShown;
use crate::api::parameters::Parameters;
use crate::api::problem::{Fault, Problem};
use crate::api::requests::is_id;
use crate::app::App;

/// A request for a team
#[utoipa::path(get, path = "/api/v1/requests/{request_id}", tag = "Requests", params(("request_id" = String, Path)), responses(
    (status = 200, description = "The request", body = RequestShown),
    Problem,
))]
pub(crate) async fn show_request(
    app: web::Data<App>,
    _: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    Ok(HttpResponse::Ok().json(look(&app, id_in(&request)?).await?))
}

/// Asks the identity provider that a request names
///
/// Every check that needs no person, as of a team's connection. The answer is kept with the request.
#[utoipa::path(post, path = "/api/v1/requests/{request_id}/check", tag = "Requests", params(("request_id" = String, Path)), responses(
    (status = 200, description = "Each check, in the order they were made", body = Checks),
    Problem,
))]
pub(crate) async fn check_request(
    app: web::Data<App>,
    _: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let id = id_in(&request)?;
    let found = look(&app, id.clone()).await?.request;
    let redirect_uri = app.door.address(found.callback_path().as_str());
    let party = request::party(&found, redirect_uri).ok_or(request::RequestError::Incomplete)?;
    let checks = app.door.upstream.check(&party).await;
    let kept = checks.clone();
    write(&app, move |tx, _app| Ok(request::keep_checks(tx, &id, &kept)?)).await?;
    Ok(HttpResponse::Ok().json(Checks { checks }))
}

/// Approves a request
///
/// Its team is added, as a draft; the contact gets a letter. Rivals stay open.
#[utoipa::path(post, path = "/api/v1/requests/{request_id}/approve", tag = "Requests", params(
    ("request_id" = String, Path),
    ("requirement" = Option<String>, Query, description = "A claim every ID token must carry, `hd=DOMAIN` or `tid=TENANT`: what an issuer shared by many organisations needs"),
), responses(
    (status = 200, description = "The request as it stands now", body = RequestShown),
    Problem,
))]
pub(crate) async fn approve_request(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let (id, operator) = (id_in(&request)?, caller.operator());
    let parameters = Parameters::of(&request, &["requirement"])?;
    let expected = "hd=DOMAIN or tid=TENANT";
    let requirement = parameters.get("requirement", expected, |text| Requirement::parse(text).ok())?;
    let approved = write(&app, move |tx, app| {
        let deps = &app.door;
        let registrar = Registrar { keys: &deps.keys, chance: &*deps.chance, plain_http: app.plain_http };
        Ok(request::approve(tx, &registrar, clerk(app), &operator, &id, requirement.as_ref())?)
    })
    .await?;
    Ok(HttpResponse::Ok().json(approved))
}

/// A text for the contact.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Text {
    /// 1 to 2000 characters; each line is a paragraph of the letter.
    text: String,
}

/// Asks the contact of a request something
///
/// By letter; the request stays open. The letter says that answers go to the address of support.
#[utoipa::path(post, path = "/api/v1/requests/{request_id}/ask", tag = "Requests", request_body = Text, params(("request_id" = String, Path)), responses(
    (status = 200, description = "The request as it stands now", body = RequestShown),
    Problem,
))]
pub(crate) async fn ask_request(
    app: web::Data<App>,
    request: HttpRequest,
    order: Order<Text>,
) -> Result<HttpResponse, Fault> {
    say(&app, &request, order, |tx, app, operator, id, note| {
        Ok(request::ask(tx, clerk(app), operator, id, note)?)
    })
    .await
}

/// Rejects a request
///
/// The contact gets the text by letter. The secret goes at once, all of it in 30 days.
#[utoipa::path(post, path = "/api/v1/requests/{request_id}/reject", tag = "Requests", request_body = Text, params(("request_id" = String, Path)), responses(
    (status = 200, description = "The request as it stands now", body = RequestShown),
    Problem,
))]
pub(crate) async fn reject_request(
    app: web::Data<App>,
    request: HttpRequest,
    order: Order<Text>,
) -> Result<HttpResponse, Fault> {
    say(&app, &request, order, |tx, app, operator, id, note| {
        Ok(request::reject(tx, clerk(app), operator, id, note)?)
    })
    .await
}

/// An operator's word with a text for the contact.
async fn say(
    app: &web::Data<App>,
    request: &HttpRequest,
    order: Order<Text>,
    deed: fn(&mut Tx<'_>, &App, &Operator, &str, &Note) -> Result<Look, Fault>,
) -> Result<HttpResponse, Fault> {
    let (id, note, operator) = (id_in(request)?, Note::parse(&order.said.text)?, order.caller.operator());
    let now = write(app, move |tx, app| deed(tx, app, &operator, &id, &note)).await?;
    Ok(HttpResponse::Ok().json(now))
}

async fn look(app: &web::Data<App>, id: String) -> Result<Look, Fault> {
    read(app, move |connection| Ok(request::find(connection, &id)?.ok_or(request::RequestError::Unknown)?))
        .await
}

fn clerk(app: &App) -> Clerk<'_> {
    Clerk { desk: &app.door.desk, chance: &*app.door.chance }
}

/// The request in the address; what is no id names none.
fn id_in(request: &HttpRequest) -> Result<String, Fault> {
    let said = request.match_info().get("request_id").filter(|said| is_id(said));
    Ok(said.ok_or(request::RequestError::Unknown)?.to_owned())
}
