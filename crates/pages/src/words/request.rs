//! The words of a request for a team.

use super::failures::Telling;

pub(crate) const SET_UP: &str = "Set up single sign-on for your company";
pub(crate) const TITLE: &str = "Set up single sign-on";
pub(crate) const WHO: &str = "Who is asking";
pub(crate) const YOUR_TEAM: &str = "Your team";
pub(crate) const YOUR_IDP: &str = "Your identity provider";
pub(crate) const YOUR_IDP_LEAD: &str =
    "You may leave these three empty: your administrator gets a link to fill them in later.";
pub(crate) const COMPANY: &str = "Company";
pub(crate) const COMPANY_HINT: &str = "Your team is called so on every page.";
pub(crate) const CONTACT: &str = "Your email";
pub(crate) const CONTACT_HINT: &str = "We send a link there to confirm the request, and later our answer.";
pub(crate) const TEAM_ID_HINT: &str =
    "What your colleagues type to sign in. Usually your Okta subdomain, for example acme or acme-research.";
pub(crate) const ADMIN_EMAIL: &str = "Email of the team's admin";
pub(crate) const ADMIN_EMAIL_HINT: &str =
    "Whoever signs in with this address for the first time becomes the admin of your team.";
pub(crate) const ISSUER: &str = "Issuer";
pub(crate) const ISSUER_HINT: &str = "For example https://acme.okta.com.";
pub(crate) const CLIENT_ID: &str = "Client ID";
pub(crate) const CLIENT_ID_HINT: &str = "From the app that you made for us there.";
pub(crate) const CLIENT_SECRET: &str = "Client secret";
pub(crate) const CLIENT_SECRET_HINT: &str = "It is kept encrypted and never shown again.";
pub(crate) const SECRET_DROPPED: &str = "For safety the secret was not kept. Paste it again.";
pub(crate) const LOOK_AGAIN: &str = "Please look again at:";
pub(crate) const SEND: &str = "Send request";

/// The page's lead.
pub(crate) fn lead(product: &str) -> String {
    format!("Ask for a team on {product}. We look at each request and answer by mail.")
}

// After the form
pub(crate) const SENT: &str = "Check your mail";
pub(crate) const SENT_LEAD: &str = "We sent you a letter with a link. Open it within 24 hours to confirm your request; only then we look at it.";
pub(crate) const SENT_NONE: &str =
    "No letter after a few minutes? Look into the spam folder, then send the form again.";
/// A Team ID that the issuer would not suggest.
pub const TEAM_ID_UNLIKE_ISSUER: &str = "Your Team ID does not begin with your provider's subdomain. That works, but people will try the subdomain first.";
/// An issuer of many organisations.
pub const ISSUER_SHARED: &str = "Your issuer is shared by many organisations, so we will ask you for your domain (hd) or tenant ID (tid).";

// The confirmation
pub(crate) const CONFIRM_TITLE: &str = "Confirm your request";
pub(crate) const CONFIRM_LEAD: &str = "This is what we would look at:";
pub(crate) const CONFIRM: &str = "Confirm";
pub(crate) const NOT_YOU: &str = "Not you? Close this page. What is not confirmed is forgotten within a day.";
pub(crate) const LATER: &str = "comes later";
pub(crate) const SECRET_CAME: &str = "set, never shown";
pub(crate) const TEAM_ADMIN: &str = "Admin";
pub(crate) const CONFIRMED: &str = "Thank you, your request is on its way";

pub(crate) fn confirmed_lead(team_id: &str, contact: &str) -> String {
    format!("We look at your request for {team_id} and write to {contact}. You can close this page.")
}

/// Label: to the form.
pub const ASK_AGAIN: &str = "Make another request";

/// `request_link_gone`
#[must_use]
pub fn link_gone() -> Telling {
    Telling::new(
        "This link doesn't work any more",
        "A link to confirm a request works for 24 hours. If you didn't confirm yours in time, make another one.",
    )
}

/// `rate_limited`, at the form.
pub const TOO_MANY: &str =
    "Too many requests came from your network within an hour. Nothing was sent; try again in an hour.";

// Beside a field
/// `company`
pub const COMPANY_WRONG: &str = "Enter your company's name, at most 100 characters.";
/// `contact`, `admin_email`
pub const EMAIL_WRONG: &str = "Enter an email address, for example ada@acme.com.";
/// `contact`
pub const CONTACT_BUSY: &str = "Five requests of this address wait to be confirmed. Open the link in one of our letters, or try again tomorrow.";
/// `team_id`
pub const TEAM_ID_EMAIL: &str = "That looks like an email address. Choose a short name, for example acme.";
/// `team_id`
pub const TEAM_ID_EMPTY: &str = "Choose a Team ID, for example acme or acme-research.";
/// `issuer`
pub const ISSUER_NO_ADDRESS: &str = "Enter the issuer's address, for example https://acme.okta.com.";
/// `issuer`
pub const ISSUER_NO_HTTPS: &str = "The issuer must begin with https://.";
/// `issuer`
pub const ISSUER_USER_INFO: &str =
    "The issuer has no user name, password or @ in it. Paste the address alone.";
/// `issuer`
pub const ISSUER_QUERY: &str = "Paste only the part of the issuer before ? or #.";
/// `issuer`
pub const ISSUER_MISSING: &str =
    "Enter the issuer that the client secret belongs to, or leave all three fields empty.";
/// `client_id`
pub const CLIENT_ID_WRONG: &str =
    "A client ID has at most 255 characters and no blanks, for example 0oa74mh2scJf29qOD697.";
/// `client_id`
pub const CLIENT_ID_MISSING: &str =
    "Enter the client ID that the client secret belongs to, or leave all three fields empty.";
/// `client_secret`
pub const SECRET_MASKED: &str =
    "These are only the dots or stars shown in its place. Copy the secret itself with the copy button there.";
/// `client_secret`
pub const SECRET_IS_ID: &str = "This is the client ID once more. Copy the secret from its own field.";

/// `team_id`
#[must_use]
pub fn team_id_reserved(team_id: &str) -> String {
    format!("{team_id} is a word we use ourselves. Choose another Team ID.")
}

/// `team_id`
#[must_use]
pub fn team_id_taken(team_id: &str) -> String {
    format!("{team_id} is taken. Choose another Team ID.")
}

/// `issuer`
#[must_use]
pub fn issuer_admin_host(proposed: &str) -> String {
    format!("That is where Okta's administrators work. Your issuer is probably {proposed}.")
}

/// What is worth a second thought before confirming.
#[must_use]
pub fn unlike_issuer(team_id: &str, subdomain: &str) -> String {
    format!(
        "People will try {subdomain} first, because it is your provider's subdomain. You may keep {team_id} if you want \
         it so."
    )
}
