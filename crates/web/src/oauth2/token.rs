//! `/oauth2/token`: codes and refresh tokens become tokens (RFC 6749 §3.2).

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use provider::{TokenError, TokenResponse};

use super::client::{self, Asked};
use super::{cors, refusal};
use crate::app::App;
use crate::failed::Failed;
use crate::request::Form;

pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    form: Result<Form, Failed>,
) -> HttpResponse {
    let client_id = form.as_ref().ok().and_then(|form| form.first("client_id")).map(str::to_owned);
    let mut response = match answer(&app, &request, form).await {
        Ok(tokens) => HttpResponse::Ok().insert_header((header::PRAGMA, "no-cache")).json(tokens),
        Err(error) => refusal::of(&app, &request, &error),
    };
    cors::share(&app, &request, client_id.as_deref(), &mut response).await;
    response
}

async fn answer(
    app: &App,
    request: &HttpRequest,
    form: Result<Form, Failed>,
) -> Result<TokenResponse, TokenError> {
    let Asked { form, credentials } = client::read(request, form)?;
    provider::token(&app.provider, credentials, &form.0).await
}
