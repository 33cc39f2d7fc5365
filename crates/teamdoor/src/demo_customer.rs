//! The demo's customer that connects itself: Initech has an identity provider and no team yet.

use mock_idp::{IssuerConfig, Person};

use crate::demo::client;
use crate::demo_settings::Scratch;

const TEAM_ID: &str = "initech";
const ADMIN: &str = "ian@initech.test";

/// Initech at the practice provider, whose people will sign in at `base`: an application as it should be, one with a
/// redirect URI as people mistype it, and a colleague to whom neither is assigned.
pub(crate) fn issuer(base: &str) -> IssuerConfig {
    let mut issuer = IssuerConfig::new(TEAM_ID);
    issuer.people = vec![
        Person::named("Ian Okafor", ADMIN),
        Person::named("Ivy Tanaka", "ivy@initech.test"),
        Person::named("Ike Lund", "ike@initech.test"),
    ];
    let mut right = client(base, TEAM_ID, "Initech");
    right.assigned = Some(vec![ADMIN.to_owned(), "ivy@initech.test".to_owned()]);
    let mut mistyped = right.clone();
    mistyped.client_id = format!("mistyped-{}", right.client_id);
    "Ledger · with a mistyped redirect URI".clone_into(&mut mistyped.label);
    mistyped.redirect_uris = vec![format!("{base}/t/{TEAM_ID}/callback/")];
    mistyped.initiate_login_uri = None;
    issuer.clients = vec![right, mistyped];
    issuer
}

/// How to play it; `idp` is the practice provider.
pub(crate) fn told(base: &str, idp: &str, scratch: &Scratch) -> String {
    let program = std::env::args().next().unwrap_or_else(|| "teamdoor".to_owned());
    let (outbox, file) = (scratch.outbox(), scratch.file());
    format!(
        "A customer connects itself
  1  Ask for a team    {base}/request   Team ID {TEAM_ID}, admin {ADMIN}; leave the last three fields empty
  2  Read the letters  {}   to Ian with a link, to Olga, the operator, with the request's ID
  3  Approve it        {program} --config {} request approve ID
  4  Paste the values  {idp}/{TEAM_ID}/admin   the app at the practice provider; ike@initech.test may not use it
",
        outbox.display(),
        file.display(),
    )
}
