//! POST to a redirect URI. Okta's "Send ID Token directly to app (Okta Simplified)" may arrive there instead of at the
//! launch, and is explained; nothing else is ever posted there.

use actix_web::{HttpRequest, HttpResponse, web};
use signin::{Launch, Unsolicited};

use super::{check, team_in};
use crate::app::App;
use crate::failed::Failed;
use crate::request::Form;
use crate::routes::wrong_method;

pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
    form: Result<Form, Failed>,
) -> Result<HttpResponse, Failed> {
    let launch = Launch::parse(form.as_ref().map_or(&[], |form| form.0.as_slice()));
    if launch.unsolicited == Unsolicited::Nothing {
        return wrong_method(request).await;
    }
    let team = team_in(&app, &request, &path).await?;
    check(&app, &request, &team, &launch).await?;
    wrong_method(request).await
}
