//! The operators' console: for admins of the team that the setting `operator.team` names. Each of its acts proves
//! inside its transaction that whoever asks for it is one.

mod act;
mod desk;
mod new;
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
        );
}
