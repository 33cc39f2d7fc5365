//! The pages that set single sign-on up.

mod secret;

use pages::words::sso as say;
use pages::{
    AdminEmail, Available, Compared, Face, FailedSignIn, Finding, FindingState, Probe, Provider, Rehearsal,
    SecretSet, SsoAddresses, SsoChange, SsoChecks, SsoDeeds, SsoField, SsoFrame, SsoProblem, SsoSecret,
    SsoSettings, SsoStanding, SsoValues, Tab,
};
use vocabulary::Role;

use super::{NOW, ago, frame, reference, setup};

pub const ACTION: &str = "/t/acme/settings/sso";

pub fn own(text: &str) -> String {
    text.to_owned()
}

fn addresses() -> SsoAddresses {
    let address = |rest: &str| format!("https://sso.ledger.example/t/acme/{rest}");
    SsoAddresses {
        callback: address("callback"),
        launch: address("launch"),
        signed_out: address("signed-out"),
        backchannel_logout: address("backchannel_logout"),
        revoke: address("revoke"),
    }
}

fn finding(state: FindingState, title: &str, message: &str) -> Finding {
    let message = (!message.is_empty()).then(|| own(message));
    Finding { state, title: own(title), message, remedy: None, compared: None }
}

fn passed(name: &str, message: &str) -> Finding {
    finding(FindingState::Passed, say::check_title(name), message)
}

fn all_passed() -> Vec<Finding> {
    vec![
        passed("address", "The issuer's address may be spoken to."),
        passed("metadata", "The metadata answers and reads."),
        passed("issuer", "The metadata names exactly this issuer."),
        passed("response_type", "The provider offers the authorization code flow (response type code)."),
        passed("scope", "The provider offers the scope openid."),
        passed("client_auth", "The provider offers client_secret_basic."),
        passed("signing_alg", "The provider offers an asymmetric signature for ID tokens."),
        passed("pkce", "The provider offers PKCE with S256."),
        passed("endpoints", "Every address in the metadata may be spoken to."),
        passed("keys", "3 usable signing key(s)."),
    ]
}

fn wrong_issuer() -> Vec<Finding> {
    let mut findings = all_passed();
    for finding in findings.iter_mut().filter(|finding| finding.title == say::check_title("issuer")) {
        finding.state = FindingState::Failed;
        finding.message = Some(own("The metadata names another issuer."));
        finding.remedy = Some(own("Use what the provider says, byte for byte."));
        finding.compared = Some(Compared {
            before: own("https://acme.okta.com"),
            entered: own("/"),
            said: String::new(),
            after: String::new(),
            offered: true,
        });
    }
    findings
}

fn steps() -> Vec<Finding> {
    let step = |name, message| finding(FindingState::Passed, say::step_title(name), message);
    vec![
        step("authorization", ""),
        step("token", ""),
        step("id_token", "Signed with RS256."),
        step("userinfo", ""),
        step("admission", ""),
    ]
}

fn claims() -> Vec<(String, String)> {
    let claim = |name: &str, value: &str| (own(name), own(value));
    vec![
        claim("sub", "00u9vme99nxudvxZA0h7"),
        claim("name", "Ada Lovelace"),
        claim("given_name", "Ada"),
        claim("family_name", "Lovelace"),
        claim("email", "ada@acme.test"),
        claim("email_verified", "true"),
        claim(
            "groups",
            "[\"everyone\",\"engineering\",\"platform\",\"on call\",\"research and development\",\"paris\"]",
        ),
        claim("nonce", ""),
        claim("at_hash", ""),
    ]
}

fn rehearsed() -> Rehearsal {
    Rehearsal {
        passed: true,
        of_present: true,
        at: ago(3),
        by: own("Ada Lovelace"),
        steps: steps(),
        claims: claims(),
        role: Some(Role::Admin),
        admin_email: Some(AdminEmail::Trusted),
    }
}

fn failed_rehearsal() -> Rehearsal {
    let mut steps = steps();
    for (n, step) in steps.iter_mut().enumerate().skip(1) {
        step.state = if n == 1 { FindingState::Failed } else { FindingState::Waiting };
        step.message = None;
    }
    if let Some(token) = steps.get_mut(1) {
        token.message = Some(own("Okta rejected the client secret (expired or rotated?)"));
        token.remedy = Some(own("Copy the client secret again from the tab General, and test once more."));
    }
    Rehearsal { passed: false, steps, claims: Vec::new(), role: None, admin_email: None, ..rehearsed() }
}

fn not(reason: &str) -> Available {
    Available::not(reason)
}

/// A team that has nothing yet.
pub fn empty() -> SsoSettings {
    SsoSettings {
        frame: SsoFrame::House(Box::new(frame(Tab::Sso))),
        action_address: own(ACTION),
        version: own("0"),
        standing: SsoStanding::Draft,
        sso_required: false,
        provider: Provider::Okta,
        addresses: addresses(),
        values: SsoValues { admin_email: own("ada@acme.test"), ..SsoValues::default() },
        problem: None,
        changes: Vec::new(),
        checks: SsoChecks {
            findings: Vec::new(),
            at: None,
            of_present: true,
            again: not(say::NEEDS_VALUES),
            probe: Probe::Waits(own(say::PROBE_NEEDS_VALUES)),
        },
        rehearsal: None,
        deeds: SsoDeeds {
            test: not(say::NEEDS_VALUES),
            enable: not(say::NEEDS_TEST),
            require: Some(not(say::NEEDS_OPEN)),
            rollback: Some(not(say::NO_PREVIOUS)),
        },
        secret: None,
        failed: Some(Vec::new()),
        now: NOW,
    }
}

fn values() -> SsoValues {
    SsoValues {
        issuer: own("https://acme.okta.com"),
        client_id: own("0oa74mh2scJf29qOD697"),
        secret: Some(SecretSet { at: ago(60 * 24 * 11), by: Some(own("Ada")) }),
        admin_email: own("ada@acme.test"),
    }
}

/// Its values are saved and a check has failed.
fn wrong() -> SsoSettings {
    let mut page = SsoSettings { values: values(), version: own("2"), ..empty() };
    page.values.issuer.push('/');
    page.checks.findings = wrong_issuer();
    page.checks.at = Some(ago(2));
    page.checks.again = Available::Yes;
    page.checks.probe = Probe::Waits(own(say::PROBE_NEEDS_VALUES));
    page.deeds.test = Available::Yes;
    page
}

/// Every check has passed.
fn checked() -> SsoSettings {
    let mut page = SsoSettings { values: values(), ..wrong() };
    page.checks.findings = all_passed();
    page.checks.probe = Probe::NotTried;
    page.deeds.test = Available::Yes;
    page
}

pub fn tested() -> SsoSettings {
    let mut page = SsoSettings { standing: SsoStanding::Tested, rehearsal: Some(rehearsed()), ..checked() };
    page.checks.probe = Probe::Accepted(ago(4));
    page.deeds.enable = Available::Yes;
    page
}

pub fn failed_rows() -> Vec<FailedSignIn> {
    let row = |reference: &str, cause: &str, minutes| FailedSignIn {
        reference: own(reference),
        cause: own(cause),
        at: ago(minutes),
    };
    vec![
        row("7K2F-9QXM", "Not assigned to the app at Okta", 140),
        row("3D8C-H1TV", "Okta rejected the client secret", 60 * 20),
        row("Q0ZP-44RM", "Email outside the allowed domains", 60 * 24 * 5),
    ]
}

fn open() -> SsoSettings {
    let mut page = SsoSettings {
        standing: SsoStanding::Open,
        version: own("7"),
        failed: Some(failed_rows()),
        secret: Some(SsoSecret { set: values().secret, ..SsoSecret::default() }),
        ..tested()
    };
    page.deeds.enable = not(say::ALL_IN_USE);
    page.deeds.require = Some(Available::Yes);
    page
}

pub fn differing() -> Vec<SsoChange> {
    let change = |field, live: Option<&str>, pending: Option<&str>| SsoChange {
        field,
        live: live.map(own),
        pending: pending.map(own),
    };
    vec![
        change(SsoField::Issuer, Some("https://acme.okta.com"), Some("https://login.acme.example")),
        change(SsoField::ClientId, Some("0oa74mh2scJf29qOD697"), Some("0oa9sc41mdKx77aPE697")),
        change(SsoField::ClientSecret, None, None),
    ]
}

/// Open, with other settings waiting; `again` is how their test went.
fn pending() -> SsoSettings {
    let mut page = SsoSettings { changes: differing(), ..open() };
    page.values.issuer = own("https://login.acme.example");
    page.values.client_id = own("0oa9sc41mdKx77aPE697");
    page.values.secret = Some(SecretSet { at: ago(15), by: None });
    page.rehearsal.iter_mut().for_each(|made| made.of_present = false);
    page.checks.of_present = false;
    page.checks.probe = Probe::NotTried;
    page.deeds.enable = not(say::NEEDS_TEST);
    page.deeds.rollback = Some(Available::Yes);
    page
}

pub fn refused() -> SsoSettings {
    let mut page = empty();
    page.values.issuer = own("https://acme-admin.okta.com");
    page.problem = Some(SsoProblem {
        code: "form_invalid",
        reference: reference(),
        fields: vec![
            (
                SsoField::Issuer,
                own("That is Okta's administration address. Use https://acme.okta.com instead."),
            ),
            (SsoField::ClientSecret, own(say::CLIENT_SECRET_MASK)),
        ],
    });
    page
}

fn at(provider: Provider, issuer: &str) -> SsoSettings {
    let mut page = SsoSettings { provider, ..checked() };
    page.values.issuer = own(issuer);
    page
}

/// The most that can stand on the page.
pub fn full() -> SsoSettings {
    let long = "a-remarkably-long-part-of-an-address.";
    let mut page = SsoSettings { problem: refused().problem, ..pending() };
    page.values.issuer = format!("https://{}example", long.repeat(6));
    let mut findings = all_passed();
    for finding in &mut findings {
        finding.state = FindingState::Failed;
        finding.remedy = Some(own(
            "The provider must publish RSA keys of at least 2048 bits, P-256, P-384 or Ed25519 keys at its jwks_uri.",
        ));
    }
    findings.extend(wrong_issuer());
    page.checks.findings = findings;
    page.checks.probe =
        Probe::CantTell { why: own("Okta answered with a page instead of an answer."), at: ago(1) };
    let mut made = failed_rehearsal();
    made.claims = (0..60).map(|n| (format!("a_claim_of_many_letters_{n}"), long.repeat(4))).collect();
    made.admin_email =
        Some(AdminEmail::Another(own("wolfeschlegelsteinhausenbergerdorff@research.acme.test")));
    page.rehearsal = Some(made);
    page.failed = Some(failed_rows().into_iter().cycle().take(5).collect());
    page
}

pub fn all(face: &Face) -> Vec<(&'static str, String)> {
    let mut pages = on_the_way(face);
    pages.extend(when_open(face));
    pages.extend(setup::all(face));
    pages
}

fn on_the_way(face: &Face) -> Vec<(&'static str, String)> {
    let mut rejected = checked();
    rejected.checks.probe = Probe::Rejected(ago(1));
    rejected.rehearsal = Some(failed_rehearsal());
    let mut unclear = checked();
    unclear.checks.probe =
        Probe::CantTell { why: own("Okta answered neither yes nor no (it is busy)."), at: ago(1) };
    let mut distrusted = tested();
    distrusted.rehearsal.iter_mut().for_each(|made| made.admin_email = Some(AdminEmail::NotTrusted));
    let mut another = tested();
    if let Some(made) = &mut another.rehearsal {
        made.role = Some(Role::Member);
        made.admin_email = Some(AdminEmail::Another(own("bob@acme.test")));
    }
    vec![
        ("sso-empty", empty().render(face)),
        ("sso-problem", refused().render(face)),
        ("sso-wrong", wrong().render(face)),
        ("sso-checked", checked().render(face)),
        ("sso-rejected", rejected.render(face)),
        ("sso-unclear", unclear.render(face)),
        ("sso-tested", tested().render(face)),
        ("sso-tested-distrusted", distrusted.render(face)),
        ("sso-tested-another", another.render(face)),
        ("sso-entra", at(Provider::Entra, "https://login.microsoftonline.com/7f9c2a3b/v2.0").render(face)),
        ("sso-google", at(Provider::Google, "https://accounts.google.com").render(face)),
        ("sso-other", at(Provider::Other, "https://id.acme.test/realms/acme").render(face)),
    ]
}

fn when_open(face: &Face) -> Vec<(&'static str, String)> {
    let mut ready = pending();
    ready.rehearsal = Some(rehearsed());
    ready.checks.of_present = true;
    ready.deeds.enable = Available::Yes;
    let mut required = SsoSettings { sso_required: true, ..open() };
    required.deeds.require = Some(Available::Yes);
    let mut suspended = SsoSettings { standing: SsoStanding::Suspended, ..open() };
    suspended.deeds.test = not(say::TEAM_SUSPENDED);
    suspended.deeds.require = Some(not(say::TEAM_SUSPENDED));
    vec![
        ("sso-open", open().render(face)),
        ("sso-secret-next", secret::waits().render(face)),
        ("sso-secret-tested", secret::tested().render(face)),
        ("sso-secret-problem", secret::problem().render(face)),
        ("sso-pending", pending().render(face)),
        ("sso-pending-tested", ready.render(face)),
        ("sso-required", required.render(face)),
        ("sso-suspended", suspended.render(face)),
        ("sso-full-problem", full().render(face)),
    ]
}
