//! `/livez`: the process answers. `/readyz`: its database does too; no identity provider turns it.

use actix_web::{HttpResponse, web};

use crate::app::App;
use crate::failed::{Failed, database};
use crate::routes::{get, page};

/// The addresses of this file.
pub(crate) fn configure(service: &mut web::ServiceConfig) {
    service.service(page("/livez").route(get().to(livez))).service(page("/readyz").route(get().to(readyz)));
}

async fn livez() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("alive\n")
}

async fn readyz(app: web::Data<App>) -> Result<HttpResponse, Failed> {
    let db = app.door.database.clone();
    let asked = storage::blocking(move || db.read(|connection| storage::noted(connection, "key_check")));
    asked.await.map_err(|error| database(&app, &error))?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ready\n"))
}
