//! `/api/v1/requests`: companies that ask for a team, and one more, made by an operator.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use onboarding::request::{self, Look, NewRequest, Said, SaidSecret, Status};
use roles::Clerk;
use serde::Deserialize;
use teams::Registrar;
use utoipa::ToSchema;
use vocabulary::ClientSecret;

use crate::api::bearer::Caller;
use crate::api::body::{Order, secret};
use crate::api::database::{read, write};
use crate::api::list::{List, Paging};
use crate::api::openapi::RequestShown;
use crate::api::parameters::Parameters;
use crate::api::problem::{Fault, Problem};
use crate::app::App;
use crate::requests::in_words;

/// Requests for a team, the latest first
///
/// Those whose contact has not proved the address are left out unless asked for.
#[utoipa::path(get, path = "/api/v1/requests", tag = "Requests", params(
    ("status" = Option<String>, Query, description = "`unconfirmed`, `waiting`, `asked`, `approved` or `rejected`"),
    ("limit" = Option<u16>, Query, minimum = 1, maximum = 200, description = "Rows of a page; 50 unless said"),
    ("after" = Option<String>, Query, description = "The `next` of the page before"),
), responses(
    (status = 200, description = "A page of requests", body = List<RequestShown>),
    Problem,
))]
pub(crate) async fn list_requests(
    app: web::Data<App>,
    _: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let parameters = Parameters::of(&request, &["status", "limit", "after"])?;
    let expected = "unconfirmed, waiting, asked, approved or rejected";
    let status = parameters.get("status", expected, Status::parse)?;
    let paging = Paging::of(&parameters, |text| is_id(text).then(|| text.to_owned()))?;
    let page = read(&app, move |connection| {
        let rows = request::list(connection, status, paging.after.as_deref(), paging.rows())?;
        Ok(paging.page(&rows, |look| look.request.id.clone(), Look::clone))
    })
    .await?;
    Ok(HttpResponse::Ok().json(page))
}

/// A request about to be made. The three of the connection may come later.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRequest)]
pub(crate) struct Addition {
    /// Who asks; the team is called so.
    #[schema(example = "Acme Limited")]
    company: String,
    /// Who is written to; counts as proved.
    #[schema(example = "it@acme.test")]
    contact: String,
    /// The Team ID they want.
    #[schema(example = "acme")]
    team_id: String,
    /// Who becomes admin on their first sign-in.
    #[schema(example = "ada@acme.test")]
    admin_email: String,
    /// Their identity provider.
    #[schema(example = "https://acme.okta.com")]
    issuer: Option<String>,
    /// Our name there.
    client_id: Option<String>,
    /// Our secret there; never shown again.
    #[serde(default, deserialize_with = "secret")]
    #[schema(value_type = Option<String>, write_only)]
    client_secret: Option<ClientSecret>,
}

impl Addition {
    fn new_request(self, app: &App) -> Result<NewRequest, Fault> {
        let said = Said {
            company: self.company,
            contact: self.contact,
            team_id: self.team_id,
            admin_email: self.admin_email,
            issuer: self.issuer.unwrap_or_default(),
            client_id: self.client_id.unwrap_or_default(),
            client_secret: self.client_secret.map_or(SaidSecret::Nothing, SaidSecret::Is),
        };
        NewRequest::read(&said, app.plain_http).map_err(|wrong| {
            let told = wrong.iter();
            let told =
                told.map(|wrong| format!("{}: {}", wrong.field().as_str(), in_words(wrong, &said.team_id)));
            Fault::Json(told.collect::<Vec<_>>().join(" "))
        })
    }
}

/// Makes a request
///
/// For whoever takes requests elsewhere. It counts as confirmed.
#[utoipa::path(post, path = "/api/v1/requests", tag = "Requests", request_body = Addition, responses(
    (status = 201, description = "The request", body = RequestShown, headers(("Location", description = "The request"))),
    Problem,
))]
pub(crate) async fn make_request(app: web::Data<App>, order: Order<Addition>) -> Result<HttpResponse, Fault> {
    let new = order.said.new_request(&app)?;
    let operator = order.caller.operator();
    let made = write(&app, move |tx, app| {
        let deps = &app.door;
        let registrar = Registrar { keys: &deps.keys, chance: &*deps.chance, plain_http: app.plain_http };
        let clerk = Clerk { desk: &deps.desk, chance: &*deps.chance };
        Ok(request::add(tx, &registrar, clerk, &operator, &new)?)
    })
    .await?;
    let address = app.door.address(&format!("/api/v1/requests/{}", made.request.id));
    Ok(HttpResponse::Created().insert_header((header::LOCATION, address)).json(made))
}

/// Whether a text can be the id of a request.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() == 26 && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
}
