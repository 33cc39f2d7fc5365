//! Who is asking the API: the bearer of an operator token. A token counts in the header `Authorization`
//! alone (RFC 6750 §2.1); in an address it would stand in logs.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use roles::Operator;
use storage::StorageError;

use crate::api::problem::Fault;
use crate::app::App;

/// An operator, by the name of their token.
pub(crate) struct Caller {
    pub(crate) name: String,
}

impl Caller {
    /// The proof that they may act.
    pub(crate) fn operator(self) -> Operator {
        Operator::with_token(self.name)
    }
}

impl FromRequest for Caller {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Fault>>>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { recognise(&request).await })
    }
}

/// Finds out who is asking.
pub(crate) async fn recognise(request: &HttpRequest) -> Result<Caller, Fault> {
    let app = request.app_data::<web::Data<App>>();
    let app = app.ok_or_else(|| StorageError::Unavailable("the service has no state".to_owned()))?;
    let mut said = request.headers().get_all(header::AUTHORIZATION);
    let (first, second) = (said.next(), said.next());
    let Some(credentials) = first else {
        return Err(Fault::TokenMissing);
    };
    let token =
        credentials.to_str().ok().and_then(bearer).filter(|_| second.is_none()).ok_or(Fault::TokenInvalid)?;
    let name = app.tokens.recognise(token).await?.ok_or(Fault::TokenInvalid)?;
    Ok(Caller { name })
}

/// The token of `Bearer TOKEN`; the scheme's spelling does not matter (RFC 9110 §11.1).
fn bearer(credentials: &str) -> Option<&str> {
    let (scheme, token) = credentials.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_matches(' '))
}
