//! The measure of all the others: the least that an actix server can do, in a process of its own.

use std::net::Ipv4Addr;

use actix_web::rt::System;
use actix_web::{App, HttpServer, web};

use crate::failure::Failure;

/// Serves `hello` at every address of this port with one worker, until it is killed.
pub fn serve(port: u16) -> Result<(), Failure> {
    System::new().block_on(async {
        let server = HttpServer::new(|| App::new().default_service(web::to(hello)));
        server.workers(1).bind((Ipv4Addr::LOCALHOST, port))?.run().await
    })?;
    Ok(())
}

async fn hello() -> &'static str {
    "hello"
}
