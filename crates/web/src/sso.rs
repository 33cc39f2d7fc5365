//! How a team is connected to its identity provider: the settings page for its admins, the same page behind the setup
//! link for the customer's own admin and behind break-glass, and the end of a rehearsal.

mod act;
mod glass;
pub(crate) mod rehearsed;
mod seat;
mod secret;
mod settings;
mod setup;
mod shown;
pub(crate) mod sign_ins;
mod values;

use actix_web::web;

use crate::routes::{get, page};

/// The addresses of this folder.
pub(crate) fn configure(service: &mut web::ServiceConfig) {
    service
        .service(page("/setup/{token}").route(get().to(setup::get)).route(web::post().to(setup::post)))
        .service(page("/break-glass/{token}").route(get().to(glass::door)).route(web::post().to(glass::open)))
        .service(
            page("/t/{team_id}/break-glass").route(get().to(glass::get)).route(web::post().to(glass::post)),
        )
        .service(
            page("/t/{team_id}/settings/sso")
                .route(get().to(settings::get))
                .route(web::post().to(settings::post)),
        )
        .service(page("/t/{team_id}/settings/sso/sign-ins").route(get().to(sign_ins::list)))
        .service(page("/t/{team_id}/settings/sso/sign-ins/{reference}").route(get().to(sign_ins::one)));
}
