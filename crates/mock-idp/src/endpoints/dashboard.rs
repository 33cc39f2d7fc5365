//! `/dashboard`, also at the issuer's own address: the tiles, as Okta's end-user dashboard shows them.

use actix_web::{HttpRequest, HttpResponse, web};

use super::session_cookie;
use crate::{
    config::Client,
    issuer::Issuer,
    pages::{self, Chooser, Dashboard, TileLink},
    parameters::with_parameters,
    provider::Provider,
};

pub(crate) async fn get(
    provider: web::Data<Provider>,
    path: web::Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    let Some(issuer) = provider.issuer(path.trim_end_matches('/')) else {
        return pages::no_such_issuer();
    };
    let session = session_cookie::session(&request, &issuer, provider.now());
    let Some(person) = session.and_then(|session| issuer.person(&session.subject).cloned()) else {
        return Chooser::new(&issuer, None, "", None).page();
    };
    let open = issuer.clients.iter().filter(|client| client.is_open_to(&person));
    let tiles = open.flat_map(|client| tiles(client, &issuer)).collect();
    Dashboard::new(&issuer, &person, tiles).page()
}

fn tiles(client: &Client, issuer: &Issuer) -> Vec<TileLink> {
    let own = client.initiate_login_uri.as_ref().map(|address| TileLink {
        label: client.label.clone(),
        note: String::new(),
        address: with_parameters(address, &[("iss", issuer.address.clone())]),
    });
    let more = client.tiles.iter().map(|tile| TileLink {
        label: tile.label.clone(),
        note: tile.note.clone(),
        address: tile.address.clone(),
    });
    own.into_iter().chain(more).collect()
}
