//! What docs/guides/behind-the-door/rust.md shows.

#[path = "../src/door.rs"]
mod door;

use actix_web::{App, HttpResponse, HttpServer, http::StatusCode, web};
use door::{Config, Door, Visitor};

async fn home(visitor: Visitor) -> String {
    let (name, team) = (visitor.name, visitor.team);
    format!("{name}, {} of {} ({})", team.role, team.team_name, team.team_id)
}

/// How a page looks that says what is the matter.
fn message(status: u16, heading: &str, sentence: &str) -> HttpResponse {
    let html = format!("<!doctype html><title>{heading}</title><p>{sentence} <a href=/login>Sign in</a>");
    let status = StatusCode::from_u16(status).unwrap_or_default();
    HttpResponse::build(status).content_type("text/html; charset=utf-8").body(html)
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let [base_url, issuer, client_id, client_secret] = ["HERE", "TEAMDOOR", "CLIENT_ID", "CLIENT_SECRET"]
        .map(|name| std::env::var(name).unwrap_or_default());
    let port = base_url.rsplit(':').next().unwrap_or_default().parse()?;
    let door = web::Data::new(Door::new(Config { base_url, issuer, client_id, client_secret })?);
    let app = move || {
        App::new()
            .app_data(door.clone())
            .route("/", web::get().to(home))
            .route("/login", web::get().to(door::login))
            .route("/callback", web::get().to(door::callback))
            .route("/logout", web::post().to(door::logout))
            .route("/backchannel-logout", web::post().to(door::backchannel_logout))
    };
    Ok(HttpServer::new(app).bind(("127.0.0.1", port))?.run().await?)
}
