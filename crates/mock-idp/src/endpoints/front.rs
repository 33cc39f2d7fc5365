//! `/`: the issuers there are. And the stylesheet.

use actix_web::{HttpResponse, web};

use crate::{
    pages::{self, Front, IssuerLink},
    provider::Provider,
};

pub(crate) async fn get(provider: web::Data<Provider>) -> HttpResponse {
    let issuers = provider.paths().iter().filter_map(|path| {
        let issuer = provider.issuer(path)?;
        Some(IssuerLink {
            address: issuer.address.clone(),
            dashboard: format!("/{path}/dashboard"),
            admin: format!("/{path}/admin"),
            path: path.clone(),
            people: issuer.people.len(),
        })
    });
    Front::new(issuers.collect()).page()
}

pub(crate) async fn style() -> HttpResponse {
    HttpResponse::Ok().content_type("text/css; charset=utf-8").body(pages::STYLE)
}
