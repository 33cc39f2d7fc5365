//! `/oauth2/introspect`: whether a token is worth something now (RFC 7662).

use actix_web::{HttpRequest, HttpResponse, web};
use provider::TokenError;
use serde_json::Value;

use super::client::{self, Asked};
use super::refusal;
use crate::app::App;
use crate::failed::Failed;
use crate::request::Form;

pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    form: Result<Form, Failed>,
) -> HttpResponse {
    match answer(&app, &request, form).await {
        Ok(told) => HttpResponse::Ok().json(told),
        Err(error) => refusal::of(&app, &request, &error),
    }
}

async fn answer(app: &App, request: &HttpRequest, form: Result<Form, Failed>) -> Result<Value, TokenError> {
    let Asked { form, credentials } = client::read(request, form)?;
    provider::introspect(&app.provider, credentials, client::token(&form)?).await
}
