//! What people call an identity provider, by what its address tells of the product.

use pages::words;
use teams::TeamAndConnection;
use vocabulary::Issuer;

/// `Okta`, where the product is known.
pub(crate) fn product(team: &TeamAndConnection) -> Option<&'static str> {
    of_issuer(&team.connection.issuer)
}

/// The same of an issuer.
pub(crate) fn of_issuer(issuer: &Issuer) -> Option<&'static str> {
    let issuer = issuer.as_str();
    let known = [("okta", "Okta"), ("microsoftonline", "Entra"), ("accounts.google", "Google")];
    known.into_iter().find(|(part, _)| issuer.contains(part)).map(|(_, name)| name)
}

/// The same, or else "your company's sign-in service".
pub(crate) fn name(team: &TeamAndConnection) -> String {
    product(team).unwrap_or(words::YOUR_IDP).to_owned()
}
