//! `/forward-auth`: a proxy asks, before it lets a request through, whether somebody is there who may pass. Its answer
//! is all there is: no cookie is set or renewed in a sub-request. `/.teamdoor/…`: how people come in and go out on the
//! host of an app.

mod answer;
mod arrive;
mod cookies;
mod forwarded;
mod host;
mod judge;
mod question;
mod refusal;
mod sign_in;
mod sign_out;

use actix_web::web;

use crate::routes::{get, page};

pub(crate) fn configure(service: &mut web::ServiceConfig) {
    service
        .service(page("/forward-auth").route(get().to(judge::get)))
        .service(page("/.teamdoor/sign-in").route(get().to(sign_in::get)))
        .service(page("/.teamdoor/arrive").route(get().to(arrive::get)))
        .service(page("/.teamdoor/sign-out").route(web::post().to(sign_out::post)));
}
