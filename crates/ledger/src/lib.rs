//! Ledger, a sample product behind Teamdoor's door, written to be copied: models that a team shares, and billing
//! for its admins. It meets Teamdoor from outside alone, by OpenID Connect and the JSON API.

mod door;
mod site;

use std::{io, net::TcpListener};

use actix_web::{App, HttpServer, dev::ServerHandle, middleware::DefaultHeaders, web};

pub use door::Config;
use site::message;

/// Serves Ledger on this listener within the actix system that runs; Teamdoor is asked when somebody comes.
pub fn start(listener: TcpListener, config: Config) -> io::Result<ServerHandle> {
    let policy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    let door = web::Data::new(door::Door::new(config).map_err(io::Error::other)?);
    let shelves = web::Data::new(site::Shelves::new(1_000));
    let server = HttpServer::new(move || {
        let headers = DefaultHeaders::new().add(("Content-Security-Policy", policy));
        App::new()
            .app_data(door.clone())
            .app_data(shelves.clone())
            .wrap(headers.add(("Cache-Control", "no-store")).add(("Referrer-Policy", "same-origin")))
            .route("/", web::get().to(site::models))
            .route("/models", web::post().to(site::add))
            .route("/billing", web::get().to(site::billing))
            .route("/api/models", web::get().to(site::api))
            .route("/style.css", web::get().to(site::style))
            .route("/login", web::get().to(door::login))
            .route("/callback", web::get().to(door::callback))
            .route("/logout", web::post().to(door::logout))
            .route("/backchannel-logout", web::post().to(door::backchannel_logout))
    });
    let server = server.workers(1).disable_signals().shutdown_timeout(0).listen(listener)?.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Ok(handle)
}
