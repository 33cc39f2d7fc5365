//! `/admin`: what an administrator of this issuer reads about its applications, to copy from. Nobody signs in for it:
//! what stands there is made for practice.

use actix_web::{HttpResponse, web};

use crate::{
    config::Client,
    pages::{self, AdminPage, AppShown},
    provider::Provider,
};

pub(crate) async fn get(provider: web::Data<Provider>, path: web::Path<String>) -> HttpResponse {
    let Some(issuer) = provider.issuer(&path) else {
        return pages::no_such_issuer();
    };
    AdminPage::new(&issuer.address, issuer.clients.iter().map(shown).collect()).page()
}

fn shown(client: &Client) -> AppShown {
    let mut fields =
        vec![("Client ID", client.client_id.clone()), ("Client secret", client.client_secret.clone())];
    fields.extend(client.redirect_uris.iter().map(|address| ("Redirect URI", address.clone())));
    fields.extend(client.initiate_login_uri.iter().map(|address| ("Initiate login URI", address.clone())));
    let after = client.post_logout_redirect_uris.iter();
    fields.extend(after.map(|address| ("Post-logout redirect URI", address.clone())));
    let told = client.backchannel_logout_uri.iter();
    fields.extend(told.map(|address| ("Back-channel logout URI", address.clone())));
    let assigned =
        client.assigned.as_ref().map_or_else(|| "everybody".to_owned(), |people| people.join(", "));
    AppShown { label: client.label.clone(), fields, assigned }
}
