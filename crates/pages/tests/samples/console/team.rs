//! One team in the console, the questions before a dangerous act, what is shown once, and the form of a new team.

use std::time::Duration;

use pages::words::console::{new, team as say};
use pages::words::{failures, sso as of_sso};
use pages::{
    Available, Compared, ConnectionFacts, ConsoleSure, ConsoleTab, DangerousDeed, Face, FailedSignIn,
    Failure, Finding, FindingState, LinkFacts, NewTeamField, NewTeamForm, NewTeamProblem, NewTeamTyped, Once,
    OneTeam, OtherSettings, SecretSet, ShownOnce, TeamAdmin, TeamDeed, TeamField, TeamFields, TeamHealth,
    TeamProblem, TeamStanding,
};

use super::super::{NOW, ago, person_id, problem, reference, team_id};
use super::console;

fn own(text: &str) -> String {
    text.to_owned()
}

fn secret(by: &str) -> SecretSet {
    SecretSet { at: ago(60 * 24 * 11), by: Some(own(by)) }
}

fn refused(minutes: u64, reference: &str, cause: &str) -> FailedSignIn {
    FailedSignIn { reference: own(reference), cause: own(cause), at: ago(minutes) }
}

fn connection() -> ConnectionFacts {
    ConnectionFacts {
        issuer: own("https://acme.okta.com"),
        client_id: own("0oa74mh2scJf29qOD697"),
        secret: Some(secret("Ada Lovelace")),
        client_auth: own("basic"),
        scopes: own("openid profile email"),
        email_trust: own("unless_denied"),
        domains: vec![own("acme.test"), own("acme-research.test")],
        requirement: None,
        aliases: vec![own("https://login.acme.example")],
        after_sign_out: Some(own("https://sso.ledger.example/t/acme/signed-out")),
    }
}

fn failing() -> TeamHealth {
    TeamHealth {
        word: "failing",
        is_unwell: true,
        message: own(
            "4 sign-ins in a row were refused since the last good one, the last with idp_client_rejected.",
        ),
        remedy: Some(own(
            "The identity provider rejected the client secret (expired or rotated?). Make a new one there, then: `teamdoor team set acme --client-secret-file FILE`.",
        )),
        since: Some(ago(60 * 24 * 11)),
        started: 412,
        returned: 405,
        finished: 398,
        refused: 7,
        last_good: Some(ago(95)),
        last_bad: Some(refused(9, "7K2F-9QXM", "The identity provider rejected client id and secret.")),
    }
}

fn admin(n: usize, name: &str, email: &str, active: bool) -> TeamAdmin {
    TeamAdmin { id: person_id(n), name: own(name), email: Some(own(email)), active }
}

/// An open team that fares badly.
fn open() -> OneTeam {
    OneTeam {
        console: console(ConsoleTab::Teams),
        team_id: team_id("acme"),
        name: own("Acme"),
        standing: TeamStanding::Open,
        sso_required: true,
        login_address: own("https://sso.ledger.example/t/acme/login"),
        admin_email: own("ada@acme.test"),
        promoted: Some(own("Ada Lovelace")),
        created_at: ago(60 * 24 * 40),
        people: 1_204,
        admins_present: 23,
        admins: vec![
            admin(1, "Ada Lovelace", "ada@acme.test", true),
            admin(2, "Bob Kahn", "bob@acme.test", true),
            admin(3, "Cyd Rivera", "cyd@acme.test", false),
        ],
        more_admins: 20,
        redirect_uri: own("https://sso.ledger.example/t/acme/callback"),
        connection: Some(connection()),
        pending: Some(OtherSettings {
            issuer: Some(own("https://acme.okta.com/oauth2/default")),
            client_id: Some(own("0oa91kk7ab2QxY3Zz697")),
            secret: Some(secret("Bob Kahn")),
            tested: Some(false),
        }),
        previous: Some(OtherSettings {
            issuer: Some(own("https://acme.okta.com")),
            client_id: Some(own("0oa74mh2scJf29qOD697")),
            secret: Some(secret("Ada Lovelace")),
            tested: None,
        }),
        checks: Vec::new(),
        can_check: true,
        health: Some(failing()),
        link: None,
        may_link: Available::not(say::LINK_NOT_NEEDED),
        failed: vec![
            refused(9, "7K2F-9QXM", "The identity provider rejected client id and secret."),
            refused(60 * 27, "Q0W2-88RZ", "The email is of none of the team's domains."),
        ],
        fields: TeamFields {
            name: own("Acme"),
            admin_email: own("ada@acme.test"),
            link_to: own("ada@acme.test"),
        },
        problem: None,
        deeds: vec![
            (TeamDeed::Enable, Available::not(of_sso::NEEDS_TEST)),
            (TeamDeed::RollBack, Available::Yes),
            (TeamDeed::Relax, Available::Yes),
            (TeamDeed::Suspend, Available::Yes),
            (TeamDeed::Remove, Available::Yes),
        ],
        version: own("01j8zq5r4t-3"),
        tag: own("\"v3-00ab54a98ceb1f0a\""),
        now: NOW,
    }
}

/// A team that is being set up, its link opened.
fn new_team() -> OneTeam {
    OneTeam {
        team_id: team_id("initech"),
        name: own("Initech"),
        standing: TeamStanding::SettingUp,
        sso_required: false,
        login_address: own("https://sso.ledger.example/t/initech/login"),
        admin_email: own("bill@initech.test"),
        promoted: None,
        people: 0,
        admins_present: 0,
        admins: Vec::new(),
        more_admins: 0,
        redirect_uri: own("https://sso.ledger.example/t/initech/callback"),
        connection: None,
        pending: Some(OtherSettings {
            issuer: Some(own("https://initech.okta.com")),
            client_id: None,
            secret: None,
            tested: Some(false),
        }),
        previous: None,
        can_check: false,
        health: None,
        link: Some(LinkFacts {
            recipient: Some(own("it@initech.test")),
            made_at: ago(60 * 5),
            opened_at: Some(ago(60)),
            expires_at: NOW.plus(Duration::from_hours(67)),
        }),
        may_link: Available::Yes,
        failed: Vec::new(),
        fields: TeamFields {
            name: own("Initech"),
            admin_email: own("bill@initech.test"),
            link_to: own("bill@initech.test"),
        },
        deeds: vec![
            (TeamDeed::Enable, Available::not(of_sso::NEEDS_TEST)),
            (TeamDeed::RollBack, Available::not(of_sso::NO_PREVIOUS)),
            (TeamDeed::Require, Available::not(of_sso::NEEDS_OPEN)),
            (TeamDeed::Suspend, Available::Yes),
            (TeamDeed::Remove, Available::Yes),
        ],
        ..open()
    }
}

/// The operators' own team, suspended by the command line and checked.
fn checked() -> OneTeam {
    let finding = |state, name: &str, message: &str, remedy: Option<&str>| Finding {
        state,
        title: own(of_sso::check_title(name)),
        message: Some(own(message)),
        remedy: remedy.map(own),
        compared: None,
    };
    let compared = Compared {
        before: own("https://acme.okta.com/"),
        entered: String::new(),
        said: own("oauth2/default"),
        after: String::new(),
        offered: false,
    };
    OneTeam {
        standing: TeamStanding::Suspended,
        checks: vec![
            finding(FindingState::Passed, "metadata", "The metadata answers and reads.", None),
            Finding {
                compared: Some(compared),
                ..finding(
                    FindingState::Failed,
                    "issuer",
                    "The provider calls itself otherwise.",
                    Some("Set the issuer to what the provider says."),
                )
            },
        ],
        pending: None,
        previous: None,
        deeds: vec![
            (TeamDeed::Resume, Available::Yes),
            (TeamDeed::Remove, Available::not(say::OPERATORS_THEMSELVES)),
        ],
        ..open()
    }
}

fn mistyped() -> OneTeam {
    OneTeam {
        fields: TeamFields { admin_email: own("ada at acme"), ..open().fields },
        problem: Some(TeamProblem {
            code: "form_invalid",
            reference: reference(),
            field: TeamField::AdminEmail,
            text: own(pages::words::request::EMAIL_WRONG),
        }),
        ..open()
    }
}

fn sure(deed: DangerousDeed) -> ConsoleSure {
    ConsoleSure {
        console: console(ConsoleTab::Teams),
        team_id: team_id("acme"),
        team_name: own("Acme"),
        deed,
        typed: String::new(),
        problem: None,
    }
}

fn once(what: Once) -> ShownOnce {
    ShownOnce {
        console: console(ConsoleTab::Teams),
        team_id: team_id("initech"),
        team_name: own("Initech"),
        what,
        expires_at: NOW.plus(Duration::from_hours(72)),
        now: NOW,
    }
}

pub fn all(face: &Face) -> Vec<(&'static str, String)> {
    let new_form =
        NewTeamForm { console: console(ConsoleTab::Teams), typed: NewTeamTyped::default(), problem: None };
    let wrong = |field, text: &str| (field, own(text));
    let again = NewTeamForm {
        typed: NewTeamTyped {
            team_id: own("acme"),
            name: own("Acme"),
            admin_email: own("ada"),
            issuer: own("https://accounts.google.com"),
            client_id: own("ledger"),
            ..NewTeamTyped::default()
        },
        problem: Some(NewTeamProblem {
            code: "form_invalid",
            reference: reference(),
            fields: vec![
                wrong(NewTeamField::TeamId, &pages::words::request::team_id_taken("acme")),
                wrong(NewTeamField::AdminEmail, pages::words::request::EMAIL_WRONG),
                wrong(NewTeamField::Requirement, new::REQUIREMENT_NEEDED),
            ],
            secret_dropped: true,
        }),
        ..new_form.clone()
    };
    let link = Once::SetupLink {
        link: own("https://sso.ledger.example/setup/tds_3f9cAexample3f9cAexample3f9cAexample"),
        sent_to: Some(own("it@initech.test")),
    };
    let code = Once::BreakGlass { code: own("7K2F-9QXM-3T"), sent_to: own("ada@acme.test") };
    let typo = ConsoleSure {
        typed: own("acne"),
        problem: Some(problem(say::TYPED_WRONG, "form_invalid")),
        ..sure(DangerousDeed::Remove)
    };
    let unknown = Failure::new("team_unknown", say::no_such_team("hooli"), reference())
        .with_button(say::BACK_TO_TEAMS, "/operator");
    let refused = Failure::new("require_needs_admin", say::refused("require_needs_admin"), reference())
        .with_button(say::BACK_TO_TEAM, "/operator/teams/acme")
        .with_button(failures::TO_START, "/");
    vec![
        ("console-team", open().render(face)),
        ("console-team-new", new_team().render(face)),
        ("console-team-checked", checked().render(face)),
        ("console-team-problem", mistyped().render(face)),
        ("console-suspend", sure(DangerousDeed::Suspend).render(face)),
        ("console-remove-problem", typo.render(face)),
        ("console-setup-link", once(link).render(face)),
        ("console-break-glass", once(code).render(face)),
        ("console-new", new_form.render(face)),
        ("console-new-problem", again.render(face)),
        ("failure-console-unknown", unknown.render(face)),
        ("failure-console-refused", refused.render(face)),
    ]
}
