//! `/request`: a company asks for a team, and its contact proves the address.

mod confirm;
mod form;
mod sent;
mod wrong;

use actix_web::web;

use crate::routes::{get, page};

pub(crate) use wrong::in_words;

pub(crate) fn configure(service: &mut web::ServiceConfig) {
    service
        .service(page("/request").route(get().to(form::get)).route(web::post().to(form::post)))
        .service(page("/request/sent").route(get().to(sent::get)))
        .service(
            page("/request/confirm/{token}")
                .route(get().to(confirm::get))
                .route(web::post().to(confirm::post)),
        );
}
