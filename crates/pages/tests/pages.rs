//! What holds for every page, whatever it says.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

mod samples;

use pages::{
    AppTile, CorporateSso, Dashboard, Deployment, Face, Failure, Login, RequestForm, RoleButton, Tab, Team,
};
use pages::{STYLESHEET, stylesheet_address, words};
use samples::{face, four_people, house, person, reference, team};
use vocabulary::Role;

const HOSTILE: &str = "\"><script>alert(1)</script><b style='x'>&'";

/// Opening tags of `name` in a page.
fn tags<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    page.split('<')
        .filter(|tag| tag.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '>', '\n'])))
        .map(|tag| tag.split('>').next().unwrap_or(""))
        .collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

fn title(page: &str) -> &str {
    let (_, rest) = page.split_once("<title>").unwrap();
    rest.split("</title>").next().unwrap()
}

#[test]
fn every_page_is_whole_accessible_and_without_script_or_inline_style() {
    for (name, page) in samples::all(&face()) {
        assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"), "{name}: {page}");
        assert_eq!(tags(&page, "h1").len(), 1, "{name}: one h1");
        assert_eq!(tags(&page, "main").len(), 1, "{name}: one main");
        assert_eq!(tags(&page, "footer").len(), 1, "{name}: one footer");
        assert!(tags(&page, "script").is_empty(), "{name}: no script");
        assert!(tags(&page, "style").is_empty(), "{name}: no style element");
        assert!(!page.contains(" style="), "{name}: no style attribute");
        let handler = page.split('<').find(|tag| tag.split('>').next().unwrap_or("").contains(" on"));
        assert_eq!(handler, None, "{name}: no event handler");
        assert!(page.contains(stylesheet_address()), "{name}: our stylesheet");
        assert!(title(&page).ends_with(" · Ledger"), "{name}: {}", title(&page));
        assert!(!title(&page).contains("  "), "{name}: {}", title(&page));
        for words in ["Ledger support", "https://ledger.example/privacy", "https://ledger.example/\""] {
            assert!(page.contains(words), "{name}: the vendor's {words}");
        }
    }
}

#[test]
fn every_page_of_the_stage_says_so_and_no_other() {
    let says = |page: &str| page.matches("<aside class=\"stage small\" aria-label=\"Stage\">").count();
    let stage = Face { deployment: Deployment::Stage, ..face() };
    for ((name, page), (_, of_stage)) in samples::all(&face()).into_iter().zip(samples::all(&stage)) {
        assert_eq!((says(&page), says(&of_stage)), (0, 1), "{name}");
        assert!(of_stage.contains("This is the stage of Ledger, for trying things out."), "{name}");
    }
}

#[test]
fn every_field_has_a_label_and_every_id_is_there_once() {
    for (name, page) in samples::all(&face()) {
        let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        for id in &ids {
            assert_eq!(ids.iter().filter(|other| other == &id).count(), 1, "{name}: id {id}");
        }
        for tag in tags(&page, "input") {
            if attribute(tag, "type") != Some("hidden") {
                let label = format!("<label for=\"{}\">", attribute(tag, "id").unwrap());
                assert!(page.contains(&label), "{name}: {tag}");
            }
        }
        for attribute_name in ["aria-describedby", "aria-labelledby"] {
            let named = page.split('<').filter_map(|tag| attribute(tag, attribute_name));
            for id in named.flat_map(str::split_whitespace) {
                assert!(ids.contains(&id), "{name}: {attribute_name} {id}");
            }
        }
    }
}

#[test]
fn every_form_of_a_signed_in_person_carries_the_csrf_token() {
    for (name, page) in samples::all(&face()).into_iter().filter(|(_, page)| page.contains("/logout\"")) {
        for form in page.split("<form method=\"post\"").skip(1) {
            let form = form.split("</form>").next().unwrap();
            assert_eq!(form.matches(" name=\"csrf\" value=\"Zk3v").count(), 1, "{name}: {form}");
        }
    }
}

#[test]
fn a_page_stays_under_thirty_kilobytes() {
    for (name, page) in samples::all(&face()) {
        assert!(page.len() < 30_000, "{name}: {} bytes", page.len());
    }
}

#[test]
fn what_people_call_themselves_is_never_markup() {
    let hostile = || HOSTILE.to_owned();
    let face = Face {
        product_name: hostile(),
        logo: Some(hostile()),
        accent: Some(hostile()),
        home_url: hostile(),
        support_url: Some(hostile()),
        privacy_url: Some(hostile()),
        deployment: Deployment::Stage,
    };
    let mut frame = house(Tab::Team, HOSTILE, HOSTILE);
    frame.csrf = hostile();
    let mut row = person(1, HOSTILE, Role::Member);
    row.role_button = RoleButton::ManagedBy(hostile());
    row.email = Some(hostile());
    let apps = vec![AppTile { id: hostile(), name: hostile(), host: hostile(), min_role: Role::Admin }];
    let pages = [
        Login { going_to: Some(hostile()), ..Login::default() }.render(&face),
        CorporateSso { typed: hostile(), hint: Some(hostile()), ..CorporateSso::default() }.render(&face),
        Failure::new("x", words::failures::team_unknown(HOSTILE).for_admin(HOSTILE), reference())
            .with_button(HOSTILE, HOSTILE)
            .render(&face),
        RequestForm { company: hostile(), client_id: hostile(), ..RequestForm::default() }.render(&face),
        Team { search: Some(hostile()), ..team(vec![row], frame.clone()) }.render(&face),
        Dashboard {
            house: frame,
            apps,
            email: Some(hostile()),
            role: Role::Member,
            login_address: hostile(),
        }
        .render(&face),
    ];
    for page in pages {
        assert!(tags(&page, "script").is_empty(), "{page}");
        assert!(!page.contains("style='x'"), "{page}");
        assert!(page.contains("&#60;script&#62;"), "{page}");
    }
}

#[test]
fn a_page_about_a_problem_says_so_in_its_title_and_carries_code_and_reference() {
    for (name, page) in samples::all(&face()) {
        let is_problem = name.contains("problem") || name.starts_with("failure");
        assert_eq!(title(&page).starts_with("Error: "), is_problem, "{name}: {}", title(&page));
        assert_eq!(page.contains("<meta name=\"error-code\" content=\""), is_problem, "{name}");
        assert_eq!(page.contains("Reference <code>7K2F-9QXM</code>"), is_problem, "{name}");
    }
}

#[test]
fn the_team_id_field_keeps_what_was_typed_and_points_to_its_error() {
    let (_, page) =
        samples::all(&face()).into_iter().find(|(name, _)| *name == "corporate-sso-problem").unwrap();
    let field =
        tags(&page, "input").into_iter().find(|tag| attribute(tag, "name") == Some("team_id")).unwrap();
    for (name, value) in [
        ("value", "acmee"),
        ("autocapitalize", "none"),
        ("spellcheck", "false"),
        ("autocomplete", "organization"),
        ("enterkeyhint", "go"),
        ("aria-invalid", "true"),
        ("aria-describedby", "team_id_hint team_id_error"),
    ] {
        assert_eq!(attribute(field, name), Some(value), "{name}");
    }
    assert!(page.contains("id=\"team_id_error\" role=\"alert\""), "{page}");
    assert!(page.contains("name=\"return_to\" value=\"/t/acme/team?q=a\""), "{page}");
    assert!(!page.contains("csrf"), "the form works without cookies");
}

#[test]
fn a_request_keeps_what_was_typed_names_what_is_wrong_and_never_sends_a_secret_back() {
    let (_, page) = samples::all(&face()).into_iter().find(|(name, _)| *name == "request-problem").unwrap();
    let field =
        |name| tags(&page, "input").into_iter().find(|tag| attribute(tag, "name") == Some(name)).unwrap();
    for (name, value, invalid) in [
        ("company", "Acme Limited", None),
        ("team_id", "acme_labs", Some("true")),
        ("admin_email", "ada", Some("true")),
        ("issuer", "https://acme-admin.okta.com", Some("true")),
        ("client_id", "0oa74mh2scJf29qOD697", None),
        ("client_secret", "", None),
    ] {
        assert_eq!(attribute(field(name), "value"), Some(value), "{name}");
        assert_eq!(attribute(field(name), "aria-invalid"), invalid, "{name}");
    }
    assert!(field("team_id").contains("autofocus") && page.matches("autofocus").count() == 1, "{page}");
    assert_eq!(
        attribute(field("client_secret"), "aria-describedby"),
        Some("client_secret_hint client_secret_remark")
    );
    assert_eq!(page.matches("role=\"alert\"").count(), 1, "one alert for all: {page}");
    assert!(page.contains("href=\"#team_id\""), "{page}");
}

#[test]
fn a_returning_person_is_offered_five_teams_and_a_stranger_none() {
    let teams = (1..=7).map(|n| pages::RememberedTeam {
        team_id: samples::team_id(&format!("team-{n}")),
        name: format!("Team {n}"),
    });
    let page = Login { remembered: teams.collect(), ..Login::default() }.render(&face());
    assert_eq!(page.matches("action=\"/forget\"").count(), 5);
    assert_eq!(page.matches("Continue to ").count(), 5);
    let first = Login::default().render(&face());
    assert!(first.contains("href=\"/login_sso\">Corporate SSO</a>"), "{first}");
    assert!(!first.contains("/forget"));
}

#[test]
fn members_see_roles_and_no_buttons() {
    let (_, page) = samples::all(&face()).into_iter().find(|(name, _)| *name == "team-member").unwrap();
    assert!(page.contains("Bob Kahn"));
    assert!(!page.contains("/people/"), "{page}");
}

#[test]
fn the_last_admin_reads_why_the_button_is_disabled() {
    let (_, page) = samples::all(&face()).into_iter().find(|(name, _)| *name == "team-last-admin").unwrap();
    assert!(page.contains("<button disabled aria-describedby=\"last-admin\">Step down…</button>"), "{page}");
    assert!(page.contains("Acme needs at least one admin. Make someone else an admin first."), "{page}");
}

#[test]
fn a_row_offers_the_other_role_and_every_act_it_was_given() {
    let page = team(four_people(), house(Tab::Team, "Acme", "Ada")).render(&face());
    let bob = page.split("<tr id=\"p-").nth(2).unwrap().split("<tr").next().unwrap();
    let address = format!("/t/acme/people/{}", samples::person_id(2));
    assert!(bob.contains(&format!("action=\"{address}/role\"")), "{bob}");
    assert!(bob.contains("<button name=\"role\" value=\"member\">Make member</button>"), "{bob}");
    assert!(bob.contains("name=\"version\" value=\"3\""), "{bob}");
    for act in ["sign-out", "deactivate", "erase"] {
        assert!(bob.contains(&format!("<button formaction=\"{address}/{act}\"")), "{bob}");
    }
    assert!(!bob.contains("/activate\""), "{bob}");
    assert!(page.contains("datetime=\"2026-05-14T09:12Z\">today, 09:12</time>"), "{page}");
}

#[test]
fn a_long_list_can_be_searched_and_keeps_its_buttons() {
    let page = samples::full_team().render(&face());
    assert!(page.contains("role=\"search\""));
    assert!(page.contains("rel=\"next\" href=\"/t/acme/team?after=abc\""));
    assert_eq!(page.matches("name=\"role\" value=\"admin\"").count(), 50);
    assert_eq!(page.matches("href=\"?person=").count(), 50);
    assert!(
        !team(four_people(), house(Tab::Team, "Acme", "Ada")).render(&face()).contains("role=\"search\"")
    );
}

#[test]
fn a_list_of_long_names_stays_small_and_leads_to_each_person() {
    let mut page = samples::full_team();
    for row in &mut page.people {
        row.name = "Hubert Blaine Wolfeschlegelsteinhausenbergerdorff".to_owned();
        row.email = Some("hubert.blaine.wolfeschlegelsteinhausenbergerdorff@research.acme.test".to_owned());
    }
    let page = page.render(&face());
    assert!(page.len() < 30_000, "{} bytes", page.len());
    assert_eq!(page.matches("href=\"?person=").count(), 50);
    assert!(!page.contains("name=\"role\""));
}

#[test]
fn the_second_stylesheet_is_asked_for_only_when_there_is_one() {
    let with = Face { accent: Some("#0a7d4f".to_owned()), ..face() };
    assert!(Login::default().render(&with).contains(pages::ACCENT_ADDRESS));
    assert!(pages::accent_stylesheet(&with).is_some());
    for none in [None, Some("red".to_owned()), Some("#12345".to_owned()), Some("#+12345".to_owned())] {
        let without = Face { accent: none, ..face() };
        assert!(!Login::default().render(&without).contains(pages::ACCENT_ADDRESS));
        assert_eq!(pages::accent_stylesheet(&without), None);
    }
}

#[test]
fn the_stylesheet_fetches_nothing_and_knows_no_left_or_right() {
    for foreign in ["url(", "@import", "http"] {
        assert!(!STYLESHEET.contains(foreign), "{foreign}");
    }
    for physical in [
        "margin-left",
        "margin-right",
        "padding-left",
        "padding-right",
        "text-align: left",
        " left:",
        " right:",
    ] {
        assert!(!STYLESHEET.contains(physical), "{physical}");
    }
}
