//! The operators' console: for admins of the team that the setting `operator.team` names. Each of its acts proves
//! inside its transaction that whoever asks for it is one.

#[expect(dead_code, reason = "the acts come with the next pages")]
mod desk;
mod teams;

use actix_web::web;

use crate::routes::{get, page};

/// The addresses of this folder.
pub(crate) fn configure(service: &mut web::ServiceConfig) {
    service.service(page("/operator").route(get().to(teams::get)));
}
