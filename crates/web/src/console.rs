//! The operators' console: for admins of the team that the setting `operator.team` names. Each of its acts proves
//! inside its transaction that whoever asks for it is one.

mod act;
mod audit;
mod deeds;
mod desk;
mod health;
mod look;
mod new;
mod request;
mod requests;
mod sign_ins;
mod sure;
mod team;
mod teams;

use actix_web::web;

use crate::routes::{get, page};

/// The addresses of this folder.
pub(crate) fn configure(service: &mut web::ServiceConfig) {
    service
        .service(page("/operator").route(get().to(teams::get)))
        .service(page("/operator/teams/new").route(get().to(new::get)).route(web::post().to(new::post)))
        .service(
            page("/operator/teams/{team_id}").route(get().to(team::get)).route(web::post().to(act::post)),
        )
        .service(page("/operator/requests").route(get().to(requests::get)))
        .service(
            page("/operator/requests/{request_id}")
                .route(get().to(request::get))
                .route(web::post().to(request::post)),
        )
        .service(page("/operator/health").route(get().to(health::get)))
        .service(page("/operator/sign-ins").route(get().to(sign_ins::list)))
        .service(page("/operator/sign-ins/{reference}").route(get().to(sign_ins::one)))
        .service(page("/operator/audit").route(get().to(audit::get)));
}
