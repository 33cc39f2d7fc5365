//! Reading requests: query and form as pairs, and whether a person is really navigating.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::{Method, StatusCode};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use futures_util::StreamExt as _;
use pages::words::failures;
use url::form_urlencoded;

use crate::app::App;
use crate::failed::{Failed, failed};

/// What a form or query may weigh.
const MOST: usize = 64 * 1024;

/// The parameters of a query.
pub(crate) fn query(request: &HttpRequest) -> Vec<(String, String)> {
    form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect()
}

/// The first parameter of this name.
pub(crate) fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// A form as browsers send it (`application/x-www-form-urlencoded`), within 64 KiB.
pub(crate) struct Form(pub(crate) Vec<(String, String)>);

impl Form {
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        first(&self.0, name)
    }
}

impl FromRequest for Form {
    type Error = Failed;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failed>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let app = app(&request)?;
            let refuse = |status| failed(&app, status, "form_invalid", failures::form_invalid());
            let is_form = request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded");
            let mut body = Vec::new();
            while let Some(chunk) = payload.next().await {
                let chunk = chunk.map_err(|_broken_off| refuse(StatusCode::BAD_REQUEST))?;
                if body.len().saturating_add(chunk.len()) > MOST {
                    return Err(refuse(StatusCode::PAYLOAD_TOO_LARGE));
                }
                body.extend_from_slice(&chunk);
            }
            if !is_form && !body.is_empty() {
                return Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE));
            }
            Ok(Self(form_urlencoded::parse(&body).into_owned().collect()))
        })
    }
}

/// The service's state, which every worker has.
pub(crate) fn app(request: &HttpRequest) -> Result<web::Data<App>, Failed> {
    request.app_data::<web::Data<App>>().cloned().ok_or_else(Failed::bare)
}

/// Whether a person is navigating here at the top level: not HEAD, no prefetch, no frame.
pub(crate) fn is_navigation(request: &HttpRequest) -> bool {
    let is_frame = header(request, "sec-fetch-dest").is_some_and(|destination| destination != "document");
    request.method() != Method::HEAD && !is_prefetch(request) && !is_frame
}

/// Whether a frame in another page asks, not HEAD and no prefetch.
pub(crate) fn is_frame(request: &HttpRequest) -> bool {
    let in_frame = header(request, "sec-fetch-dest").is_some_and(|to| ["iframe", "frame"].contains(&to));
    request.method() != Method::HEAD && !is_prefetch(request) && in_frame
}

/// Whether a browser asks before anybody clicked.
pub(crate) fn is_prefetch(request: &HttpRequest) -> bool {
    ["sec-purpose", "purpose", "x-moz"].into_iter().any(|name| {
        header(request, name).is_some_and(|value| value.contains("prefetch") || value.contains("prerender"))
    })
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

/// Whether a person clicked on one of our own pages, as far as the browser says.
pub(crate) fn is_own_click(request: &HttpRequest) -> bool {
    let is = |name, wanted| request.headers().get(name).is_some_and(|value| value.as_bytes() == wanted);
    is("sec-fetch-site", b"same-origin".as_slice()) && is("sec-fetch-user", b"?1".as_slice())
}
