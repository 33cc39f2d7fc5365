//! Which team an app is used with, where a browser has several open.

use support::{Browser, Product, TestDatabase, World, on_both};

use super::{claims, come_back, leads_to, leads_to_idp, outcome, tells_idp};
use crate::eyes;

/// Bob with `acme` and `acme-labs` open in one browser.
async fn bob(world: &World) -> Browser {
    let browser = Browser::default();
    for team in ["acme", "acme-labs"] {
        let page = world.sign_in_with(&browser, team, "bob@acme.test").await;
        assert_eq!(page.url.path(), format!("/t/{team}"));
    }
    browser
}

async fn world_with_wiki(db: &TestDatabase) -> (World, Product, Browser) {
    let world = World::new(db).await;
    let wiki = Product::add(&world, "Wiki", |_| ());
    let browser = bob(&world).await;
    (world, wiki, browser)
}

/// The form behind the button of a team on the page that asks.
fn form_of(page: &support::Answer, team: &str) -> Vec<(&'static str, String)> {
    let mark = format!("name=\"team_id\" value=\"{team}\"");
    let form = page.body.split("<form").find(|form| form.contains(&mark));
    let form = form.unwrap_or_else(|| panic!("no {team}: {}", page.body));
    ["csrf", "team_id", "request"]
        .map(|name| {
            let before = format!("name=\"{name}\" value=\"");
            let value = support::browser::between(form, &before, "\"").unwrap();
            (name, value.replace("&#38;", "&"))
        })
        .into()
}

async fn choose(world: &World, browser: &Browser, page: &support::Answer, team: &str) -> support::Answer {
    let form = form_of(page, team);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(&world.at("/oauth2/choose"), &form).await
}

async fn team_of(wiki: &Product, back: &support::Answer) -> String {
    let tokens = wiki.redeem(&wiki.code(back)).await.json();
    claims(&tokens["id_token"])["team_id"].as_str().unwrap().to_owned()
}

on_both! {
    async fn with_two_teams_open_the_person_is_asked_once_and_the_browser_remembers(db) {
        let (world, wiki, browser) = world_with_wiki(db).await;
        let page = browser.get(&wiki.request(&[])).await;
        assert_eq!((page.status, page.heading()), (200, "Continue to Wiki"));
        for name in ["Acme", "Acme-labs"] {
            assert!(page.body.contains(&format!("<span>{name}</span>")), "{name}: {}", page.body);
        }
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("form-action 'self' https://wiki.test;"), "{policy}");
        assert!(browser.cookie_names().iter().all(|name| !name.starts_with("td-app-")), "nothing before the click");

        let back = choose(&world, &browser, &page, "acme-labs").await;
        assert_eq!(browser.cookie(&format!("td-app-{}", wiki.client_id)).as_deref(), Some("acme-labs"));
        assert_eq!(team_of(&wiki, &back).await, "acme-labs");
        let again = browser.get(&wiki.request(&[])).await;
        assert_eq!(team_of(&wiki, &again).await, "acme-labs", "asked once");

        // Another app asks for itself, and a team that is named needs no question where none was chosen.
        let blog = Product::add(&world, "Blog", |_| ());
        assert_eq!(browser.get(&blog.request(&[])).await.heading(), "Continue to Blog");
        let named = browser.get(&blog.request(&[("team_id", "acme")])).await;
        assert_eq!(team_of(&blog, &named).await, "acme");
    }

    async fn no_team_steps_in_unasked_for_a_chosen_one_that_is_not_open_any_more(db) {
        let (world, wiki, browser) = world_with_wiki(db).await;
        let page = browser.get(&wiki.request(&[])).await;
        choose(&world, &browser, &page, "acme-labs").await;
        browser.drop_cookies("td-session-acme-labs");
        let page = browser.get(&wiki.request(&[])).await;
        assert_eq!(page.heading(), "Continue to Wiki");
        let back = choose(&world, &browser, &page, "acme").await;
        assert_eq!(team_of(&wiki, &back).await, "acme", "the one that is open");
    }

    async fn a_sign_in_by_a_foreign_link_does_not_change_the_team_an_app_is_used_with(db) {
        let (world, wiki, browser) = world_with_wiki(db).await;
        let page = browser.get(&wiki.request(&[])).await;
        choose(&world, &browser, &page, "acme").await;
        let link = format!("/t/globex/launch?iss={}", world.idp.issuer("globex"));
        let to_idp = browser.get(&world.at(&link)).await;
        come_back(&world, &browser, &to_idp, "gil@globex.test").await;
        assert!(browser.cookie("td-session-globex").is_some());
        let back = browser.get(&wiki.request(&[])).await;
        assert_eq!(team_of(&wiki, &back).await, "acme");
        // Nor does a page that another site opens for them.
        let answer = browser.get_with(&wiki.request(&[("team_id", "globex")]), &[("sec-fetch-site", "cross-site")]).await;
        assert_eq!(answer.heading(), "Continue to Wiki", "whether they want to change is asked");
        assert_eq!(browser.cookie(&format!("td-app-{}", wiki.client_id)).as_deref(), Some("acme"));
    }

    async fn a_choice_counts_from_our_own_page_alone(db) {
        let (world, wiki, browser) = world_with_wiki(db).await;
        let page = browser.get(&wiki.request(&[])).await;
        let good = form_of(&page, "acme");
        let stolen = form_of(&page, "acme-labs");
        let send = async |form: &[(&str, String)], headers: &[(&str, &str)]| {
            let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = browser.post_with(&world.at("/oauth2/choose"), &form, headers).await;
            (answer.status, answer.code().unwrap_or_default().to_owned())
        };
        let with = |name: &str, value: &str| {
            let mut form = good.clone();
            form.iter_mut().filter(|(key, _)| *key == name).for_each(|field| value.clone_into(&mut field.1));
            form
        };
        for (form, headers, expected) in [
            (good.clone(), vec![("sec-fetch-site", "cross-site")], (403, "csrf")),
            (good.clone(), vec![("origin", "https://evil.test")], (403, "csrf")),
            (with("csrf", "nonsense"), vec![], (403, "csrf")),
            (with("csrf", &stolen[0].1), vec![], (403, "csrf")),
            (with("team_id", "globex"), vec![], (401, "session_required")),
            (with("team_id", "ACME"), vec![], (422, "form_invalid")),
            (with("request", "/t/acme"), vec![], (422, "form_invalid")),
            (with("request", "https://evil.test/"), vec![], (422, "form_invalid")),
            (with("request", "/oauth2/authorize?client_id=nobody"), vec![], (422, "form_invalid")),
            (Vec::new(), vec![], (422, "form_invalid")),
        ] {
            let (status, code) = send(&form, &headers).await;
            assert_eq!((status, code.as_str()), expected, "{form:?} {headers:?}");
        }
        assert!(browser.cookie_names().iter().all(|name| !name.starts_with("td-app-")));
        assert_eq!(send(&good, &[]).await.0, 303);
    }

    async fn a_team_that_the_app_is_not_for_is_not_offered(db) {
        let (world, _wiki, browser) = world_with_wiki(db).await;
        let labs = Product::add(&world, "Labs", |new| new.options.teams = Some(vec![eyes::team("acme-labs")]));
        let back = browser.get(&labs.request(&[])).await;
        assert_eq!(team_of(&labs, &back).await, "acme-labs", "one team is left: no question");
        let other = Product::add(&world, "Other", |new| new.options.teams = Some(vec![eyes::team("globex")]));
        let answer = browser.get(&other.request(&[])).await;
        assert!(leads_to(&world, &answer).starts_with("/login_sso?return_to="), "{answer:?}");
    }

    async fn somebody_may_choose_a_team_that_is_not_open_yet(db) {
        let (world, wiki, browser) = world_with_wiki(db).await;
        let page = browser.get(&wiki.request(&[])).await;
        let other = browser.get(&world.at(&page.button("Use a different team").unwrap())).await;
        assert_eq!(other.heading(), "Sign in to Wiki");
        let return_to = other.hidden("return_to").unwrap();
        let form = [("team_id", "globex"), ("return_to", return_to.as_str())];
        let to_idp = browser.post(&world.at("/login_sso"), &form).await;
        let back = come_back(&world, &browser, &to_idp, "han@globex.test").await;
        assert_eq!(team_of(&wiki, &back).await, "globex", "the one that was typed, without a second question");
    }

    async fn an_app_may_have_the_person_choose_again(db) {
        let (world, wiki, browser) = world_with_wiki(db).await;
        let page = browser.get(&wiki.request(&[])).await;
        choose(&world, &browser, &page, "acme").await;
        let page = browser.get(&wiki.request(&[("prompt", "select_account")])).await;
        assert_eq!(page.heading(), "Continue to Wiki");
        let back = choose(&world, &browser, &page, "acme-labs").await;
        assert_eq!(team_of(&wiki, &back).await, "acme-labs");

        // With a team named, the account there is to be chosen.
        let to_idp = browser.get(&wiki.request(&[("prompt", "select_account"), ("team_id", "acme-labs")])).await;
        assert!(leads_to_idp(&world, &to_idp, "acme"), "{to_idp:?}");
        assert_eq!(tells_idp(&to_idp, "prompt").as_deref(), Some("select_account"));
        let back = come_back(&world, &browser, &to_idp, "ada@acme.test").await;
        let tokens = wiki.redeem(&wiki.code(&back)).await.json();
        assert_eq!(claims(&tokens["id_token"])["email"], "ada@acme.test");

        // Choosing and signing in again is one question after the other.
        let page = browser.get(&wiki.request(&[("prompt", "select_account login")])).await;
        let policy = page.header("content-security-policy").unwrap();
        assert!(!policy.contains("form-action"), "a sign-in stands between: {policy}");
        let to_idp = choose(&world, &browser, &page, "acme-labs").await;
        assert!(leads_to_idp(&world, &to_idp, "acme"), "{to_idp:?}");
        let back = come_back(&world, &browser, &to_idp, "bob@acme.test").await;
        assert_eq!(outcome(&wiki, &back), "code");
    }

    async fn a_link_from_anywhere_takes_no_app_away_from_the_team_that_was_chosen(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let browser = world.sign_in("acme", "bob@acme.test").await;
        world.sign_in_with(&browser, "globex", "han@globex.test").await;
        let cookie = format!("td-app-{}", wiki.client_id);
        browser.set_cookie(&cookie, "acme");
        let named = [("team_id", "globex")];
        let asked = browser.get(&wiki.request(&named)).await;
        assert_eq!((asked.status, asked.heading()), (200, "Continue to Wiki"), "{}", asked.body);
        assert!(asked.body.contains("Acme") && asked.body.contains("Globex"), "{}", asked.body);
        // In silence the app speaks of somebody whom it knows already; no page is shown, so no link leads here.
        let silent = browser.get(&wiki.request(&[("team_id", "globex"), ("prompt", "none")])).await;
        assert_eq!(outcome(&wiki, &silent), "code");
        assert_eq!(outcome(&wiki, &browser.get(&wiki.request(&[("team_id", "acme")])).await), "code");

        // The chosen team's session ends: no other steps in for it.
        browser.drop_cookies("td-session-acme");
        let asked = browser.get(&wiki.request(&[])).await;
        assert_eq!(asked.heading(), "Continue to Wiki", "{}", asked.body);
        let silent = browser.get(&wiki.request(&[("prompt", "none")])).await;
        assert_eq!(outcome(&wiki, &silent), "account_selection_required");
        let named = browser.get(&wiki.request(&named)).await;
        assert_eq!(outcome(&wiki, &named), "code", "the chosen one is not there to be taken from");
    }
}
