//! What stands before, behind and after the setup link and break-glass, and the questions before a dangerous act.

use std::time::Duration;

use pages::words::{failures, sso as say};
use pages::{
    BreakGlassDoor, BreakGlassFrame, BreakGlassOver, Face, Failure, Provider, SetupEnded, SetupFrame,
    SetupStart, SsoFrame, SsoSettings, SsoSure, Tab,
};

use super::sso::{ACTION, empty, failed_rows, own, refused, tested};
use super::{NOW, frame, problem, reference, team_id};

fn in_setup(page: SsoSettings) -> SsoSettings {
    let mut page = SsoSettings {
        frame: SsoFrame::Setup(SetupFrame {
            team_id: team_id("acme"),
            team_name: own("Acme"),
            csrf: own("Zk3vX0mB8yQeT1sR7uJwLhA2nD4cF6gP9iK5oVbNxYq"),
            notice: None,
        }),
        action_address: own("/setup/settings"),
        failed: None,
        ..page
    };
    page.deeds.require = None;
    page.deeds.rollback = None;
    page
}

fn in_glass(page: SsoSettings) -> SsoSettings {
    let mut page = SsoSettings {
        frame: SsoFrame::BreakGlass(BreakGlassFrame {
            team_id: team_id("acme"),
            team_name: own("Acme"),
            person_name: own("Ada Lovelace"),
            csrf: own("Zk3vX0mB8yQeT1sR7uJwLhA2nD4cF6gP9iK5oVbNxYq"),
            notice: None,
            expires_at: NOW.plus(Duration::from_mins(28)),
        }),
        action_address: own("/t/acme/break-glass"),
        failed: Some(failed_rows()),
        ..page
    };
    page.deeds.require = None;
    page
}

fn break_glass(face: &Face) -> Vec<(&'static str, String)> {
    let door = |problem| BreakGlassDoor {
        team_name: own("Acme"),
        expires_at: NOW.plus(Duration::from_mins(29)),
        problem,
        now: NOW,
    };
    let wrong = problem(&say::glass_code_wrong(3), "break_glass_code_wrong");
    let gone = Failure::new("break_glass_gone", say::glass_gone(), reference())
        .with_button(failures::TO_SIGN_IN, "/login_sso");
    vec![
        ("break-glass", door(None).render(face)),
        ("break-glass-problem", door(Some(wrong)).render(face)),
        ("break-glass-settings-problem", in_glass(refused()).render(face)),
        ("break-glass-tested", in_glass(tested()).render(face)),
        ("break-glass-over", BreakGlassOver { team_id: team_id("acme") }.render(face)),
        ("failure-break-glass", gone.render(face)),
    ]
}

pub fn all(face: &Face) -> Vec<(&'static str, String)> {
    let start = SetupStart {
        action_address: own("/setup/3f9cA-example"),
        team_name: own("Acme"),
        provider: Provider::Okta,
        expires_at: NOW.plus(Duration::from_hours(70)),
        now: NOW,
    };
    let ended = SetupEnded {
        team_id: team_id("acme"),
        team_name: own("Acme"),
        login_address: own("https://sso.ledger.example/t/acme/login"),
        admin_email: Some(own("ada@acme.test")),
    };
    let sure = || SsoSure {
        house: frame(Tab::Sso),
        action_address: own(ACTION),
        typed: String::new(),
        problem: None,
    };
    let mistyped = SsoSure {
        typed: own("Acne"),
        problem: Some(problem(say::CONFIRMED_WRONG, "form_invalid")),
        ..sure()
    };
    let dead = Failure::new("setup_link_gone", say::setup_link_gone(), reference())
        .with_button(failures::TO_SIGN_IN, "/login");
    let mut all = vec![
        ("setup-start", start.render(face)),
        ("setup-empty", in_setup(empty()).render(face)),
        ("setup-problem", in_setup(refused()).render(face)),
        ("setup-tested", in_setup(tested()).render(face)),
        ("setup-ended", ended.render(face)),
        ("failure-setup-link", dead.render(face)),
        ("sso-require", sure().render(face)),
        ("sso-require-problem", mistyped.render(face)),
    ];
    all.extend(break_glass(face));
    all
}
