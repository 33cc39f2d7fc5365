//! Why an authorization request gets no code.

use apps::App;
use std::sync::Arc;
use storage::StorageError;

use super::answer::Answer;

/// What is wrong with a request of which it is not certain whose it is. The person is told on a page of ours; nobody
/// is sent anywhere (RFC 6749 §4.1.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageFault {
    /// `client_id` is missing, doubled or no app's.
    Client,
    /// `redirect_uri` is missing, doubled or not written as the app registered it.
    RedirectUri(Arc<App>),
}

/// Why a request is not read.
#[derive(Debug)]
pub enum Unreadable {
    /// A page of ours says so.
    Page(PageFault),
    /// The app is told, by way of the browser.
    Back(Answer),
    /// The database.
    Storage(StorageError),
}

impl From<StorageError> for Unreadable {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

/// What an app is told when there is no code (RFC 6749 §4.1.2.1, `OpenID` Connect Core §3.1.2.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizationError {
    /// The request is malformed: this is wrong with it.
    InvalidRequest(&'static str),
    /// `openid` is not among the scopes.
    InvalidScope,
    /// Anything but `code`.
    UnsupportedResponseType,
    /// `request` (Core §6.1).
    RequestNotSupported,
    /// `request_uri` (Core §6.2).
    RequestUriNotSupported,
    /// `registration` (Core §7.2.1).
    RegistrationNotSupported,
    /// The person has to sign in, and may not be asked to, or did and is another one.
    LoginRequired,
    /// The person has to say which team, and may not be asked.
    AccountSelectionRequired,
    /// The way of signing in that was demanded cannot be (Unmet Authentication Requirements §4).
    UnmetAuthenticationRequirements,
    /// The person may not use the app, and may not be shown a page that says so.
    AccessDenied,
}

impl AuthorizationError {
    /// The `error` parameter.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_request",
            Self::InvalidScope => "invalid_scope",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::LoginRequired => "login_required",
            Self::AccountSelectionRequired => "account_selection_required",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::AccessDenied => "access_denied",
        }
    }

    /// The `error_description` parameter: a sentence for the app's developer.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::InvalidRequest(what) => what,
            Self::InvalidScope => "openid has to be among the scopes.",
            Self::UnsupportedResponseType => "The one response_type is code.",
            Self::RequestNotSupported => "Request objects are not supported: say it in the query.",
            Self::RequestUriNotSupported => "request_uri is not supported: say it in the query.",
            Self::RegistrationNotSupported => "Apps are registered by an operator.",
            Self::LoginRequired => "The person has to sign in.",
            Self::AccountSelectionRequired => "The person has to say for which team.",
            Self::UnmetAuthenticationRequirements => "No acr can be promised.",
            Self::AccessDenied => "The person may not use this app.",
        }
    }
}
