//! What holds for the pages that set single sign-on up.

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

mod samples;

use std::collections::BTreeSet;

use pages::{SsoFrame, SsoSettings};
use samples::{face, sso};

const HOSTILE: &str = "\"><script>alert(1)</script><b style='x'>&'";

fn sample(name: &str) -> String {
    let found = samples::all(&face()).into_iter().find(|(known, _)| *known == name);
    found.unwrap().1
}

/// The settings page in both of its frames, in every state that is drawn.
fn settings() -> Vec<(&'static str, String)> {
    let pages = samples::all(&face()).into_iter();
    pages.filter(|(_, page)| page.contains(" id=\"values\"")).collect()
}

/// The tag of the field `name`.
fn field<'a>(page: &'a str, name: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!(" id=\"{name}\"")).unwrap();
    rest.split('>').next().unwrap()
}

#[test]
fn every_form_posts_to_the_one_address_with_token_and_version() {
    for (name, page) in settings() {
        let address = match name.split('-').next() {
            Some("setup") => "/setup/settings",
            Some("break") => "/t/acme/break-glass",
            _ => "/t/acme/settings/sso",
        };
        let main = page.split("<main").nth(1).unwrap();
        for form in main.split("<form").skip(1).map(|form| form.split("</form>").next().unwrap()) {
            assert!(form.starts_with(&format!(" method=\"post\" action=\"{address}\"")), "{name}: {form}");
            assert_eq!(form.matches(" name=\"csrf\" value=\"Zk3v").count(), 1, "{name}: {form}");
            assert_eq!(form.matches(" name=\"version\"").count(), 1, "{name}: {form}");
        }
    }
}

#[test]
fn every_button_names_its_act() {
    let mut acts = BTreeSet::new();
    for (name, page) in settings() {
        for button in page.split("<main").nth(1).unwrap().split("<button").skip(1) {
            let (_, rest) = button.split_once(" name=\"action\" value=\"").expect(name);
            acts.insert(rest.split('"').next().unwrap().to_owned());
        }
    }
    let all = [
        "check",
        "discard",
        "discard_next",
        "done",
        "enable",
        "next_secret",
        "probe",
        "relax",
        "require",
        "rollback",
        "save",
        "secret_expires",
        "test",
        "test_next",
        "use_issuer",
        "use_next",
    ];
    assert_eq!(acts, all.map(str::to_owned).into());
}

#[test]
fn one_button_at_most_stands_out() {
    for (name, page) in settings() {
        let count = page.matches("class=\"primary").count();
        let is_settled = ["sso-open", "sso-required", "sso-suspended"].contains(&name);
        assert_eq!(count, usize::from(!is_settled), "{name}");
        assert!(!page.contains("class=\"primary\" disabled"), "{name}");
    }
    for (name, leads_on) in
        [("sso-wrong", "save"), ("sso-checked", "test"), ("sso-tested", "enable"), ("sso-pending", "test")]
    {
        let page = sample(name);
        let before = page.split(" class=\"primary").next().unwrap();
        assert!(before.ends_with(&format!("name=\"action\" value=\"{leads_on}\"")), "{name}");
    }
}

#[test]
fn what_cannot_be_done_says_why() {
    for (name, page) in settings() {
        for button in page.split("<button").skip(1).map(|rest| rest.split('>').next().unwrap()) {
            if button.contains(" disabled") {
                let (_, why) = button.split_once(" aria-describedby=\"").expect(name);
                let id = why.split('"').next().unwrap();
                let (_, text) = page.split_once(&format!(" id=\"{id}\">")).expect(name);
                assert!(text.split('<').next().unwrap().ends_with('.'), "{name}: {id}");
            }
        }
    }
}

#[test]
fn a_secret_is_written_and_never_read() {
    for (name, page) in settings() {
        let secret = field(&page, "client_secret");
        assert!(!secret.contains("value="), "{name}: {secret}");
    }
    assert!(sample("sso-empty").contains("Not set yet."));
    let set = sample("sso-checked");
    assert!(
        set.contains("Set <time datetime=\"2026-05-03T12:00Z\">on 3 May</time> by Ada. Leave empty"),
        "{set}"
    );
}

#[test]
fn a_field_that_is_wrong_keeps_what_was_typed_and_says_what_to_do() {
    let page = sample("sso-problem");
    let issuer = field(&page, "issuer");
    for part in [
        "value=\"https://acme-admin.okta.com\"",
        "aria-describedby=\"issuer_hint issuer_error\" aria-invalid=\"true\" autofocus",
    ] {
        assert!(issuer.contains(part), "{issuer}");
    }
    assert!(page.contains("role=\"alert\""));
    assert!(page.contains("<a class=\"plain\" href=\"#client_secret\">Client secret</a>"), "{page}");
    assert!(page.contains("Use https://acme.okta.com instead."));
    assert_eq!(page.matches(" autofocus").count(), 1);
    assert_eq!(page.matches(" aria-invalid=\"true\"").count(), 2);
    assert!(!field(&page, "client_id").contains("aria-invalid"));
}

#[test]
fn a_difference_is_marked_and_cured_by_a_click() {
    let page = sample("sso-wrong");
    assert!(page.contains("You entered <code>https://acme.okta.com<mark>/</mark></code>"), "{page}");
    assert!(page.contains("Okta says <code>https://acme.okta.com</code>"), "{page}");
    assert!(page.contains("value=\"use_issuer\">Use what Okta says</button>"), "{page}");
    let open = page.find("Issuer, letter by letter").unwrap();
    let passed = page.find("9 checks passed").unwrap();
    assert!(open < passed, "what failed is read first");
}

#[test]
fn settings_that_are_not_in_use_say_so_and_what_differs() {
    let page = sample("sso-pending");
    let note = page.split("These settings are not in use yet.").nth(1).unwrap();
    let note = note.split("</form>").next().unwrap();
    for part in ["https://acme.okta.com", "https://login.acme.example", "0oa74mh2scJf29qOD697", "another one"]
    {
        assert!(note.contains(part), "{part}: {note}");
    }
    assert!(note.contains("value=\"discard\""), "{note}");
    assert!(page.contains("The settings changed since"));
    assert!(!sample("sso-open").contains("not in use yet"));
}

#[test]
fn a_test_tells_its_steps_the_claims_and_the_role() {
    let page = sample("sso-tested");
    for part in [
        "The test sign-in worked",
        "Tested with these settings",
        "You would come in as Admin.",
        "The admin email ada@acme.test matches and is trusted.",
        "<dt>email_verified</dt><dd>true</dd>",
        "Also sent: nonce, at_hash.",
        "id=\"test\"",
        "by Ada Lovelace",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(sample("sso-rejected").contains("Okta rejected the client secret"));
    assert!(sample("sso-full-problem").contains("And 36 more."));
}

#[test]
fn behind_the_setup_link_there_is_no_way_into_the_house() {
    for name in ["setup-empty", "setup-problem", "setup-tested"] {
        let page = sample(name);
        for way in ["<nav", "/logout", "href=\"/t/", "value=\"require\"", "value=\"rollback\""] {
            assert!(!page.contains(way), "{name}: {way}");
        }
    }
}

#[test]
fn the_section_is_there_for_admins_alone() {
    let link = "href=\"/t/acme/settings/sso\"";
    assert!(sample("dashboard").contains(link));
    assert!(!sample("dashboard-member").contains(link));
    assert!(sample("sso-open").contains(&format!("{link} aria-current=\"page\">Single sign-on</a>")));
}

#[test]
fn each_provider_is_given_the_fields_it_has() {
    let labels = |name: &str| -> Vec<String> {
        let page = sample(name);
        let labels = page.split("<label for=\"a-").skip(1);
        labels.map(|rest| rest.split(['>', '<']).nth(1).unwrap().to_owned()).collect()
    };
    assert_eq!(
        labels("sso-empty"),
        [
            "Sign-in redirect URI",
            "Initiate login URI",
            "Sign-out redirect URI",
            "Back-channel logout URI",
            "Universal Logout endpoint"
        ]
    );
    assert_eq!(labels("sso-entra").len(), 3);
    assert_eq!(labels("sso-google"), ["Authorized redirect URI"]);
    assert_eq!(labels("sso-other").len(), 4);
    assert!(sample("sso-other").contains("1 · Paste into your provider"));
    let other = sample("sso-other");
    assert!(!other.split("<main").nth(1).unwrap().contains("Okta"), "{other}");
}

#[test]
fn what_a_provider_or_a_person_says_is_never_markup() {
    let mut page: SsoSettings = sso::full();
    let SsoFrame::House(house) = &mut page.frame else { panic!("the sample stands in the house") };
    HOSTILE.clone_into(&mut house.team_name);
    for text in [&mut page.values.issuer, &mut page.values.client_id, &mut page.values.admin_email] {
        HOSTILE.clone_into(text);
    }
    for finding in &mut page.checks.findings {
        HOSTILE.clone_into(&mut finding.title);
        finding.message = Some(HOSTILE.to_owned());
        finding.remedy = Some(HOSTILE.to_owned());
        if let Some(compared) = &mut finding.compared {
            for part in [&mut compared.before, &mut compared.entered, &mut compared.said, &mut compared.after]
            {
                HOSTILE.clone_into(part);
            }
        }
    }
    for change in &mut page.changes {
        change.live = Some(HOSTILE.to_owned());
    }
    if let Some(made) = &mut page.rehearsal {
        HOSTILE.clone_into(&mut made.by);
        made.claims = vec![(HOSTILE.to_owned(), HOSTILE.to_owned())];
    }
    for row in page.failed.iter_mut().flatten() {
        HOSTILE.clone_into(&mut row.cause);
    }
    let html = page.render(&face());
    assert!(!html.contains("<script"), "{html}");
    assert!(!html.contains("style='x'"), "{html}");
}
