//! Every word about setting single sign-on up: addresses, values and checks here, the rest beside them.

mod deeds;
mod glass;
mod refused;
mod secret;

pub use deeds::*;
pub use glass::*;
pub use refused::*;
pub use secret::*;

use crate::sso::{FindingState, Probe, Provider, SsoStanding};

pub(crate) const TITLE: &str = "Single sign-on";
/// Whose screens the words name.
pub(crate) const OKTA: &str = "Okta";
pub(crate) const ENTRA: &str = "Microsoft Entra ID";
pub(crate) const GOOGLE: &str = "Google";
pub(crate) const YOUR_PROVIDER: &str = "your provider";
pub(crate) const YOUR_PROVIDER_BEGINS: &str = "Your provider";

pub(crate) fn lead(team: &str) -> String {
    format!("How {team}'s people come in.")
}

pub(crate) fn set_up(team: &str) -> String {
    format!("Set up single sign-on for {team}")
}

pub(crate) const SETUP_LEAD: &str =
    "Give your provider our addresses and us its three values; then test, and switch it on.";

pub(crate) const fn badge(standing: SsoStanding, required: bool) -> &'static str {
    match standing {
        SsoStanding::Draft => "Draft · not open yet",
        SsoStanding::Tested => "Tested · not open yet",
        SsoStanding::Open if required => "Open · SSO required",
        SsoStanding::Open => "Open",
        SsoStanding::Suspended => "Suspended",
    }
}

// 1: to the provider
pub(crate) fn paste_into(provider: &str) -> String {
    format!("1 · Paste into {provider}")
}

pub(crate) const fn paste_into_where(provider: Provider) -> &'static str {
    match provider {
        Provider::Okta => "Okta Admin Console → Applications → Applications",
        Provider::Entra => "Entra admin center → App registrations → your app → Authentication",
        Provider::Google => "Google Cloud console → Google Auth Platform → Clients",
        Provider::Other => "The settings of your app (client) there",
    }
}

pub(crate) const PRIVATE_APP: &str = "An app of your own";
pub(crate) const PRIVATE_APP_HOW: &str = "Create App Integration → OIDC - OpenID Connect → Web Application. Grant type: Authorization Code. Then paste each address into the field of the same name, on the app's tab General.";
pub(crate) const LISTED_APP: &str = "The app from Okta's network";

pub(crate) fn listed_app_how(product: &str) -> String {
    format!(
        "Browse App Catalog → {product} → Add Integration. Okta knows our addresses already and asks for two things:"
    )
}

pub(crate) const USE_STAGE: &str = "Use Stage";
pub(crate) const USE_STAGE_HINT: &str = "Leave it empty.";
pub(crate) const TEAM_ID_HINT: &str = "Exactly so, in lowercase.";

pub(crate) const fn callback(provider: Provider) -> (&'static str, Option<&'static str>) {
    match provider {
        Provider::Okta => ("Sign-in redirect URI", Some("This one alone.")),
        Provider::Entra => ("Redirect URI", Some("Add a platform → Web.")),
        Provider::Google => ("Authorized redirect URI", Some("Application type: Web application.")),
        Provider::Other => ("Redirect URI", Some("Exactly so, without a wildcard.")),
    }
}

pub(crate) const OKTA_LAUNCH: (&str, Option<&str>) = (
    "Initiate login URI",
    Some(
        "Login initiated by: Either Okta or App. Login flow: Redirect to app to initiate login (OIDC Compliant).",
    ),
);
pub(crate) const OKTA_SIGNED_OUT: (&str, Option<&str>) =
    ("Sign-out redirect URI", Some("Remove any other that stands there."));
pub(crate) const UNIVERSAL_LOGOUT: (&str, Option<&str>) = (
    "Universal Logout endpoint",
    Some(
        "Optional. Tab Authentication → Logout → Logout endpoint URL, with Signed JWT and Issuer and Subject Identifier.",
    ),
);
pub(crate) const BACKCHANNEL_LOGOUT: (&str, Option<&str>) =
    ("Back-channel logout URI", Some("Optional, where you are asked for one. Session required: yes."));
pub(crate) const ENTRA_SIGNED_OUT: (&str, Option<&str>) =
    ("Redirect URI for signing out", Some("A second one, on the same page."));
pub(crate) const ENTRA_LAUNCH: (&str, Option<&str>) =
    ("Home page URL", Some("Optional, for the tile in My Apps. Branding & properties."));
pub(crate) const OTHER_LAUNCH: (&str, Option<&str>) =
    ("Initiate login URI", Some("Optional. It may be called home page or application URL."));
pub(crate) const OTHER_SIGNED_OUT: (&str, Option<&str>) =
    ("Post-logout redirect URI", Some("Optional, for signing out there too."));

pub(crate) fn assign(provider: Provider) -> &'static str {
    match provider {
        Provider::Okta => "Then assign yourself and whoever else may sign in, on the app's tab Assignments.",
        Provider::Entra => {
            "Who may sign in is set on the enterprise application: Properties → Assignment required, Users and groups."
        }
        Provider::Google => "Audience Internal lets in the people of your Workspace alone.",
        Provider::Other => "Then let yourself and whoever else may sign in use the app.",
    }
}

// 2: from the provider
pub(crate) fn paste_from(provider: &str) -> String {
    format!("2 · Paste from {provider}")
}

pub(crate) const ISSUER: &str = "Issuer";
pub(crate) const CLIENT_ID: &str = "Client ID";
pub(crate) const CLIENT_SECRET: &str = "Client secret";
pub(crate) const ADMIN_EMAIL: &str = "Admin email";
pub(crate) const ADMIN_EMAIL_HINT: &str =
    "Whose first sign-in makes them admin. Only the operator changes it.";
pub(crate) const NOT_SET: &str = "Not set yet.";
pub(crate) const KEEP_IT: &str = "Leave empty to keep it; a new issuer needs it again.";

pub(crate) const fn issuer_hint(provider: Provider) -> &'static str {
    match provider {
        Provider::Okta => "For example https://acme.okta.com. Tab Sign On names another where there is one.",
        Provider::Entra => {
            "https://login.microsoftonline.com/TENANT/v2.0, with your Directory (tenant) ID for TENANT."
        }
        Provider::Google => "https://accounts.google.com",
        Provider::Other => "The address before /.well-known/openid-configuration.",
    }
}

pub(crate) const fn client_id_hint(provider: Provider) -> &'static str {
    match provider {
        Provider::Okta => "Tab General → Client Credentials.",
        Provider::Entra => "Overview → Application (client) ID.",
        Provider::Google => "Clients → your client.",
        Provider::Other => "Your app's name there, often made of letters and digits.",
    }
}

pub(crate) const fn secret_hint(provider: Provider) -> &'static str {
    match provider {
        Provider::Okta => "Tab General → Client Secrets.",
        Provider::Entra => "Certificates & secrets → Value, not Secret ID.",
        Provider::Google | Provider::Other => "Shown beside the client ID.",
    }
}

/// Stands before the day and perhaps the name.
pub(crate) const SET: &str = "Set";

pub(crate) fn by(name: &str) -> String {
    format!("by {name}")
}

pub(crate) const SAVE: &str = "Save and check";
pub(crate) const TEST: &str = "Update and test";
pub(crate) const PROBLEM: &str = "Nothing was saved. Please correct:";
pub(crate) const NOT_IN_USE: &str = "These settings are not in use yet. The ones in use keep working.";
pub(crate) const DIFFERS: &str = "What differs";
pub(crate) const IN_USE: &str = "in use";
pub(crate) const WAITING: &str = "not in use yet";
pub(crate) const NONE: &str = "none";
pub(crate) const ANOTHER_SECRET: &str = "another one";
pub(crate) const DISCARD: &str = "Discard these settings";

// Beside the fields
/// `issuer` is empty and is needed.
pub const ISSUER_MISSING: &str = "Enter the issuer, for example https://acme.okta.com.";
/// `client_id` is empty and is needed.
pub const CLIENT_ID_MISSING: &str = "Enter the client ID.";
/// `issuer` is not https, and the operator has not allowed it.
pub const ISSUER_PLAIN_HTTP: &str = "The issuer must begin with https://.";
/// `issuer` is shared by many organisations.
pub const ISSUER_SHARED: &str = "This issuer is shared by many organisations. Ask the operator to set which one yours is; at Entra you can use the address with your tenant's id instead.";
/// `client_secret` is empty and none is stored.
pub const CLIENT_SECRET_MISSING: &str = "Enter the client secret.";
/// A stored secret is not sent to a new address.
pub const CLIENT_SECRET_AGAIN: &str =
    "Enter the client secret again: a stored one is never sent to another issuer.";
/// What was pasted is bullets or stars, or too long.
pub const CLIENT_SECRET_MASK: &str =
    "That is not the secret but what hides it. Press Copy beside it at your provider, and paste again.";
/// Twice the same text.
pub const CLIENT_SECRET_IS_ID: &str = "That is the client ID. Paste the client secret here.";
/// What was pasted is bullets or stars.
pub const CLIENT_ID_MASK: &str = "That is not the client ID but what hides it. Copy it again.";

// 3: checks
pub(crate) const CHECKS: &str = "3 · Checks";
pub(crate) const CHECK_AGAIN: &str = "Check again";
pub(crate) const CHECK: &str = "Check now";
pub(crate) const CHECKED: &str = "Checked";
pub(crate) const CHECKED_EARLIER: &str = "These are the findings for earlier settings.";
pub(crate) const NOT_CHECKED: &str = "Nothing has been checked yet";
pub(crate) const NOT_CHECKED_LEAD: &str =
    "Paste the three values above and press Save and check. Every finding comes with its remedy.";
pub(crate) const YOU_ENTERED: &str = "You entered";
pub(crate) const PROBE: &str = "Client ID and secret";
pub(crate) const PROBE_TRY: &str = "Try them";
pub(crate) const PROBE_AGAIN: &str = "Try them again";
pub(crate) const TRIED: &str = "Tried";

pub(crate) fn says(provider: &str) -> String {
    format!("{provider} says")
}

pub(crate) fn use_theirs(provider: &str) -> String {
    format!("Use what {provider} says")
}

pub(crate) fn passed(count: usize) -> String {
    match count {
        1 => "1 check passed".to_owned(),
        many => format!("{many} checks passed"),
    }
}

/// Stands, unseen, before a title.
pub(crate) const fn state(state: FindingState) -> &'static str {
    match state {
        FindingState::Passed => "Passed:",
        FindingState::Failed => "Failed:",
        FindingState::Waiting => "Waiting:",
    }
}

/// The same, before a probe that could not tell.
pub(crate) const UNCLEAR: &str = "Unclear:";

/// What a check of `upstream`, by its stable name, is about.
#[must_use]
pub fn check_title(name: &str) -> &'static str {
    match name {
        "address" => "Address",
        "metadata" => "Metadata",
        "issuer" => "Issuer, letter by letter",
        "endpoints" => "Addresses in the metadata",
        "response_type" => "Sign-in by code",
        "scope" => "OpenID Connect",
        "client_auth" => "Client authentication",
        "signing_alg" => "Signature",
        "keys" => "Signing keys",
        "pkce" => "PKCE",
        "client_credentials" => "Client ID and secret",
        _ => "Another check",
    }
}

/// What a step of a rehearsal, by its name, is about.
#[must_use]
pub fn step_title(name: &str) -> &'static str {
    match name {
        "authorization" => "Signing in there and coming back",
        "token" => "Client ID and secret",
        "id_token" => "Signed answer",
        "userinfo" => "What it tells about you",
        "admission" => "Being let in",
        _ => "Another step",
    }
}

pub(crate) fn probe(probe: &Probe, provider: Provider) -> String {
    match probe {
        Probe::Waits(why) | Probe::CantTell { why, .. } => why.clone(),
        Probe::NotTried => {
            format!("Not tried yet. {} is asked about them; nobody is signed in.", provider.begins())
        }
        Probe::Accepted(_) => format!("{} knows them.", provider.begins()),
        Probe::Rejected(_) => format!("{} refused them.", provider.begins()),
    }
}

pub(crate) const fn probe_remedy(probe: &Probe) -> Option<&'static str> {
    match probe {
        Probe::Waits(_) | Probe::NotTried | Probe::Accepted(_) => None,
        Probe::Rejected(_) => {
            Some("Copy both again, above all the secret: it may have expired or been rotated.")
        }
        Probe::CantTell { .. } => Some("That is no fault of yours. Update and test tells for sure."),
    }
}

/// Why the probe waits: something is missing.
pub const PROBE_NEEDS_VALUES: &str = "Waits for the three values.";
