//! What the addresses for identity providers have in common: a provider's server calls them, no browser. They
//! read no cookie, take requests from anywhere, and refuse in JSON (RFC 6749 §5.2).

use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::web::Payload;
use actix_web::{HttpResponse, HttpResponseBuilder};
use futures_util::StreamExt as _;
use serde_json::json;
use signout::NotNow;

use crate::app::App;

/// Why a provider's request is refused. Nothing of what it sent is repeated.
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    /// The specification's word.
    pub(crate) error: &'static str,
    /// Our stable code.
    pub(crate) code: &'static str,
    pub(crate) description: String,
    pub(crate) retry_after: Option<Duration>,
}

impl Refusal {
    pub(crate) fn new(
        status: StatusCode,
        error: &'static str,
        code: &'static str,
        description: &str,
    ) -> Self {
        Self { status, error, code, description: description.to_owned(), retry_after: None }
    }

    /// Nobody can say now whether the request is right.
    pub(crate) fn not_now(why: &NotNow) -> Self {
        let (code, description) = match why {
            NotNow::Upstream(_) => ("idp_unreachable", "The keys of the provider can't be had now."),
            NotNow::Busy => ("provider_busy", "Too many requests of this provider are waiting."),
            NotNow::SettingsChanged => ("settings_changed", "The team's settings changed meanwhile."),
            NotNow::Storage(_) => ("database_unavailable", "The database can't be asked now."),
        };
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let refusal = Self::new(status, "temporarily_unavailable", code, description);
        Self { retry_after: Some(why.retry_after()), ..refusal }
    }

    /// The answer; the log gets `why` beside the reference.
    pub(crate) fn answer(self, app: &App, why: &dyn std::fmt::Display) -> HttpResponse {
        let reference = app.reference();
        let code = self.code;
        if self.status.is_server_error() {
            tracing::error!(%reference, code, %why, "a provider's request could not be judged");
        } else {
            tracing::info!(%reference, code, %why, "a provider's request was refused");
        }
        let mut response: HttpResponseBuilder = HttpResponse::build(self.status);
        if let Some(wait) = self.retry_after {
            response.insert_header((header::RETRY_AFTER, wait.as_secs().max(1).to_string()));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""));
        }
        response.json(json!({
            "error": self.error,
            "error_description": self.description,
            "code": code,
            "reference": reference.as_str(),
        }))
    }
}

/// What was sent; of a body over `most` bytes as much as shows that it is. None when it broke off.
pub(crate) async fn read(mut payload: Payload, most: usize) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        body.extend_from_slice(&chunk.ok()?);
        if body.len() > most {
            body.truncate(most.saturating_add(1));
            break;
        }
    }
    Some(body)
}
