//! Which app is asking at our endpoints (RFC 6749 §2.3).

use std::fmt;
use std::sync::Arc;

use apps::{App, Kind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use vocabulary::{ClientId, ClientSecret};

use crate::deps::Deps;
use crate::parameters::one;
use crate::token::TokenError;

/// How an app said who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// In the `Authorization` header: a refusal carries a challenge (RFC 6749 §5.2).
    Basic,
    /// In the form, or not at all.
    Form,
}

/// What an app said of itself, not yet looked at. `Debug` tells no secret.
#[derive(Clone)]
pub struct Credentials {
    scheme: Scheme,
    id: Option<String>,
    secret: Option<ClientSecret>,
}

impl Credentials {
    /// Reads an `Authorization` header and a form: `client_secret_basic`, `client_secret_post` or, for a public app,
    /// `none` (`OpenID` Connect Core §9). Two at once are one too many.
    pub fn read(authorization: Option<&str>, form: &[(String, String)]) -> Result<Self, TokenError> {
        let in_form = (one(form, "client_id")?, one(form, "client_secret")?);
        let Some(header) = authorization else {
            let (id, secret) = in_form;
            let refused = || TokenError::InvalidClient(Scheme::Form);
            let secret = secret.map(|text| ClientSecret::parse(text).ok_or_else(refused)).transpose()?;
            return Ok(Self { scheme: Scheme::Form, id: id.map(str::to_owned), secret });
        };
        let (id, secret) = basic(header).ok_or(TokenError::InvalidClient(Scheme::Basic))?;
        match in_form {
            (_, Some(_)) => Err(TokenError::InvalidRequest("The app said twice who it is.")),
            (Some(same), None) if same != id => {
                Err(TokenError::InvalidRequest("client_id is another than in the Authorization header."))
            }
            (None | Some(_), None) => Ok(Self { scheme: Scheme::Basic, id: Some(id), secret: Some(secret) }),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("scheme", &self.scheme).finish_non_exhaustive()
    }
}

/// Id and secret of a header, both form-encoded before they were put together.
fn basic(header: &str) -> Option<(String, ClientSecret)> {
    let (scheme, told) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let told = String::from_utf8(STANDARD.decode(told.trim()).ok()?).ok()?;
    let (id, secret) = told.split_once(':')?;
    Some((form_decoded(id)?, ClientSecret::parse(&form_decoded(secret)?)?))
}

fn form_decoded(text: &str) -> Option<String> {
    let blanks = text.replace('+', " ");
    percent_decode_str(&blanks).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

/// The app that says who it is and can show it. A public app has nothing to show and must not pretend.
pub(crate) async fn authenticate(deps: &Deps, credentials: &Credentials) -> Result<Arc<App>, TokenError> {
    let refused = || TokenError::InvalidClient(credentials.scheme);
    let id = credentials.id.as_deref().ok_or_else(refused)?;
    let id = ClientId::parse(id).map_err(|_no_id| refused())?;
    let app = deps.apps.find(&id).await?.ok_or_else(refused)?;
    let good = match (&app.kind, &credentials.secret) {
        (Kind::Confidential(_), Some(secret)) => app.has_secret(secret.reveal(), deps.now()),
        (Kind::Public, None) => true,
        (Kind::Confidential(_), None) | (Kind::Public, Some(_)) => false,
    };
    if good { Ok(app) } else { Err(refused()) }
}
