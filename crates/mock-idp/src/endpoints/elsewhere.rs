//! `/elsewhere`: where redirects and key addresses of faults lead. Nobody should ever come here, so it counts
//! who does, and answers with the stranger's key, so that a credulous Relying Party is found out.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde_json::json;

use crate::{bodies::Answer, keys::SigningKey, pages, provider::Provider};

pub(crate) async fn any(provider: web::Data<Provider>, path: web::Path<String>) -> HttpResponse {
    let Some(mut issuer) = provider.issuer(&path) else {
        return pages::no_such_issuer();
    };
    issuer.counts.elsewhere += 1;
    let key = SigningKey::stranger("stranger", issuer.ring.algorithm());
    Answer::json(StatusCode::OK, &json!({ "keys": [key.public_jwk()] })).send()
}
