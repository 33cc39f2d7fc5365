//! `/livez`: the process answers. `/readyz`: its database does too; no identity provider turns it.

use actix_web::{HttpResponse, web};

use crate::app::App;
use crate::failed::{Failed, database};

pub(crate) async fn livez() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("alive\n")
}

pub(crate) async fn readyz(app: web::Data<App>) -> Result<HttpResponse, Failed> {
    let db = app.door.database.clone();
    let asked = storage::blocking(move || db.read(|connection| storage::noted(connection, "key_check")));
    asked.await.map_err(|error| database(&app, &error))?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ready\n"))
}
