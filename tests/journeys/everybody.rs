//! Every address, called as everybody: nobody, a stranger signed in to another team, a forger who renamed that
//! stranger's cookie, a member, an admin, and an operator by token.

mod closed;
mod table;

use std::collections::BTreeSet;

use reqwest::Method;
use storage::Database;
use support::{Answer, Browser, TestDatabase, World, command, on_both};
use url::form_urlencoded;
use vocabulary::Version;

use crate::eyes;
use table::{API, NO_TOKEN, PAGES};

/// A form and the headers it comes with.
type Attack<'a> = (Vec<(String, String)>, Vec<(&'a str, &'a str)>);

/// Nothing of these may show to a stranger.
const OURS: [&str; 6] =
    ["ada@acme.test", "bob@acme.test", "cyd@acme.test", "Ada Lovelace", "Bob Kahn", "Cyd Rivera"];

/// The callers and the one whom their forms are about.
struct Cast {
    /// Nobody, the stranger, the member, the admin, the operator, as in a row.
    callers: [Browser; 5],
    token: String,
    person: String,
    /// The id of a token of the team.
    team_token: String,
    /// The client id of an app that everybody may use.
    app: String,
    /// A sign-in to the team that was refused.
    reference: String,
    /// The id of a request for a team.
    request: String,
    database: Database,
}

/// Registers an app for everybody, whose client id comes back, and a team's billing.
fn apps(world: &World, db: &TestDatabase) -> String {
    let billing =
        ["app", "add", "--name", "Billing", "--place", "billing", "--home-url", "https://billing.example/"];
    assert!(command(world, db, &billing).done);
    let made =
        command(world, db, &["app", "add", "--name", "Ledger", "--host", "ledger.localhost:9", "--json"]);
    let made: serde_json::Value = serde_json::from_str(&made.out).unwrap();
    made["client_id"].as_str().unwrap().to_owned()
}

/// Makes a request for a team, whose id comes back.
async fn request(world: &World, token: &str) -> String {
    let bearer = format!("Bearer {}", token.trim());
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let body = serde_json::json!({"company": "Initech", "contact": "it@initech.test", "team_id": "initech-labs",
        "admin_email": "bill@initech.test", "issuer": world.idp.issuer("acme"), "client_id": "x"});
    let address = world.at("/api/v1/requests");
    let made = Browser::default().send(Method::POST, &address, &headers, Some(body.to_string())).await;
    made.json()["id"].as_str().unwrap().to_owned()
}

impl Cast {
    async fn of(world: &World, db: &TestDatabase) -> Self {
        let admin = world.sign_in("acme", "ada@acme.test").await;
        let member = world.sign_in("acme", "bob@acme.test").await;
        world.sign_in("acme", "cyd@acme.test").await;
        let stranger = world.sign_in("globex", "gil@globex.test").await;
        let made = command(world, db, &["operator", "add-token", "table"]);
        assert!(made.done, "{}", made.err);
        let database = world.node.house.database.clone();
        let person = eyes::person(&database, "acme", "cyd@acme.test").person.id.to_string();
        assert!(command(world, db, &["token", "create", "acme", "--name", "table"]).done);
        let listed = command(world, db, &["token", "list", "acme"]).out;
        let team_token = listed.split(' ').next().unwrap().to_owned();
        let app = apps(world, db);
        world.idp.misbehave("acme", mock_idp::AuthorizeFault::AccessDenied);
        let refused = world.sign_in_with(&Browser::default(), "acme", "cyd@acme.test").await;
        world.idp.behave("acme");
        let reference = refused.reference().expect("a reference").to_owned();
        let request = request(world, &made.out).await;
        let callers = [Browser::default(), stranger, member, admin, Browser::default()];
        Self {
            callers,
            token: made.out.trim().to_owned(),
            person,
            team_token,
            app,
            reference,
            request,
            database,
        }
    }

    fn path(&self, pattern: &str) -> String {
        pattern
            .replace("{team_id}", "acme")
            .replace("{person_id}", &self.person)
            .replace("{token_id}", &self.team_token)
            .replace("{app_id}", &self.app)
            .replace("{reference}", &self.reference)
            .replace("{request_id}", &self.request)
            .replace("{client_id}", &self.app)
    }

    fn version(&self) -> Option<Version> {
        let all = eyes::everybody(&self.database, "acme");
        all.iter().find(|row| row.person.id.as_str() == self.person).map(|row| row.membership.version)
    }

    /// The form that every page's POST understands, with the CSRF token of this caller's own pages.
    async fn form(&self, world: &World, caller: usize) -> Vec<(String, String)> {
        let page = self.callers[caller].open(&world.at("/")).await;
        let csrf = page.hidden("csrf").unwrap_or_default();
        let version = self.version().map_or_else(|| "1".to_owned(), |version| version.to_string());
        let fields = [("csrf", csrf.as_str()), ("version", &version), ("team_id", "acme"), ("role", "admin")];
        let sure = [
            ("confirm", "yes"),
            ("typed", "acme"),
            ("name", "table"),
            ("lasts", "30"),
            ("tokens", "shared"),
            ("reveal", "no"),
        ];
        fields.into_iter().chain(sure).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// Calls a page as a caller.
    async fn page(&self, world: &World, caller: usize, method: &str, path: &str) -> Answer {
        let address = world.at(&self.path(path));
        let bearer = format!("Bearer {}", self.token);
        let mut headers: Vec<(&str, &str)> = Vec::new();
        if caller == 4 {
            headers.push(("authorization", &bearer));
        }
        if method != "POST" {
            let verb = Method::from_bytes(method.as_bytes()).unwrap();
            return self.callers[caller].send(verb, &address, &headers, None).await;
        }
        let form = self.form(world, caller).await;
        let form: Vec<(&str, &str)> =
            form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.callers[caller].post_with(&address, &form, &headers).await
    }
}

/// Whether an answer is the expected one.
fn fits(world: &World, answer: &Answer, expected: &str) -> bool {
    let (status, more) = expected.split_once(' ').unwrap_or((expected, ""));
    if answer.status.to_string() != status {
        return false;
    }
    let leads_to = answer.headers.get("location").map(|place| place.to_str().unwrap());
    match (status, more) {
        (_, "") => true,
        ("303", "idp") => leads_to.is_some_and(|place| place.starts_with(&world.idp.issuer("acme"))),
        ("303", place) if place.starts_with('/') || place.contains("://") => leads_to == Some(place),
        ("303", done) => leads_to.is_some_and(|place| place.contains(&format!("?done={done}&"))),
        (_, code) => answer.code() == Some(code) || problem_code(answer) == Some(code.to_owned()),
    }
}

fn problem_code(answer: &Answer) -> Option<String> {
    let kind = answer.headers.get("content-type")?.to_str().ok()?;
    ["application/problem+json", "application/json"]
        .contains(&kind)
        .then(|| answer.json()["code"].as_str().map(str::to_owned))?
}

fn shows_nothing(answer: &Answer, about: &str) {
    let headers = format!("{:?}", answer.headers);
    for text in OURS {
        assert!(
            !answer.body.contains(text) && !headers.contains(text),
            "{about} shows {text}: {}",
            answer.body
        );
    }
}

/// Every line `METHOD path` of a table of routes.
fn lines(routes: &[(&str, &str)]) -> BTreeSet<String> {
    let each = |(methods, path): &(&str, &str)| {
        methods.split(' ').map(|m| format!("{m} {path}")).collect::<Vec<_>>()
    };
    routes.iter().flat_map(each).collect()
}

#[test]
fn every_route_has_its_row_and_every_row_is_a_route() {
    let pages: BTreeSet<String> = PAGES.iter().map(|(method, path, _)| format!("{method} {path}")).collect();
    assert_eq!(pages, lines(web::ROUTES));
    let api: BTreeSet<String> = API.iter().map(|((method, path, _), _)| format!("{method} {path}")).collect();
    assert_eq!(api, lines(web::API_ROUTES));
    assert_eq!((pages.len(), api.len()), (PAGES.len(), API.len()), "no row stands there twice");
}

/// Calls every page as everybody.
async fn call_pages(world: &World, cast: &Cast) {
    for (method, path, expected) in PAGES {
        for (caller, expected) in expected.iter().enumerate() {
            let answer = cast.page(world, caller, method, path).await;
            let about = format!("{method} {path} as caller {caller}");
            assert!(
                fits(world, &answer, &cast.path(expected)),
                "{about}: {} {:?}\n{}",
                answer.status,
                answer.headers,
                answer.body
            );
            if [0, 1, 4].contains(&caller) {
                shows_nothing(&answer, &about);
            }
        }
    }
}

on_both! {
    async fn every_page_answers_everybody_as_the_table_says(db) {
        let world = World::new(db).await;
        let cast = Cast::of(&world, db).await;
        call_pages(&world, &cast).await;
        assert!(cast.version().is_none(), "the admin's acts of the table were done: the last of them erased");
    }

    async fn a_session_of_another_team_under_our_name_is_nobodys(db) {
        let world = World::new(db).await;
        let cast = Cast::of(&world, db).await;
        let forged = cast.callers[1].cookie("td-session-globex").unwrap();
        cast.callers[1].set_cookie("td-session-acme", &forged);
        let before = (cast.version(), eyes::sessions(&cast.database, "acme"));
        for (method, path, expected) in PAGES {
            let answer = cast.page(&world, 1, method, path).await;
            let about = format!("{method} {path} as forger");
            assert!(fits(&world, &answer, &cast.path(expected[1])), "{about}: {} {:?}\n{}", answer.status, answer.headers, answer.body);
            shows_nothing(&answer, &about);
            cast.callers[1].set_cookie("td-session-acme", &forged);
        }
        assert_eq!((cast.version(), eyes::sessions(&cast.database, "acme")), before);
    }

    async fn every_address_of_the_api_answers_operators_alone(db) {
        let world = World::new(db).await;
        let cast = Cast::of(&world, db).await;
        let bearer = format!("Bearer {}", cast.token);
        for ((method, path, expected), body) in API {
            for (caller, expected) in expected.iter().enumerate() {
                let mut headers = vec![("content-type", "application/json"), ("if-match", "*")];
                if caller == 4 {
                    headers.push(("authorization", bearer.as_str()));
                }
                let (verb, address) = (Method::from_bytes(method.as_bytes()).unwrap(), world.at(&cast.path(path)));
                let answer = cast.callers[caller].send(verb, &address, &headers, Some((*body).to_owned())).await;
                let about = format!("{method} {path} as caller {caller}");
                assert!(fits(&world, &answer, expected), "{about}: {} {}", answer.status, answer.body);
                // The description is for everybody, and has examples in it.
                if caller < 4 && !path.ends_with("/openapi.json") {
                    shows_nothing(&answer, &about);
                }
            }
        }
    }

    async fn whatever_is_no_live_operator_token_opens_nothing(db) {
        let world = World::new(db).await;
        let cast = Cast::of(&world, db).await;
        let address = world.at("/api/v1/teams/acme/people");
        let (token, session) = (&cast.token, cast.callers[3].cookie("td-session-acme").unwrap());
        let (most, last) = token.split_at(token.len() - 1);
        let mistyped = format!("{most}{}", if last == "x" { "y" } else { "x" });
        let mut odd = vec![String::new(), "Bearer".to_owned(), "Bearer ".to_owned(), token.clone()];
        odd.extend([format!("Basic {token}"), format!("Bearer {mistyped}"), format!("Bearer {session}"), format!("Bearer {token},")]);
        for odd in &odd {
            let answer = Browser::default().get_with(&address, &[("authorization", odd)]).await;
            assert!(fits(&world, &answer, NO_TOKEN), "{odd}: {}", answer.status);
        }
        let in_query = Browser::default().get(&format!("{address}?access_token={token}")).await;
        assert!(fits(&world, &in_query, NO_TOKEN), "{}", in_query.status);
        let right = format!("Bearer {token}");
        let twice = Browser::default().get_with(&address, &[("authorization", &right), ("authorization", &right)]).await;
        assert!(fits(&world, &twice, NO_TOKEN), "{}", twice.status);
        assert_eq!(Browser::default().get_with(&address, &[("authorization", &right)]).await.status, 200);
    }

    async fn a_form_of_another_site_or_session_changes_nothing(db) {
        let world = World::new(db).await;
        let cast = Cast::of(&world, db).await;
        let admin = &cast.callers[3];
        let before = (cast.version(), eyes::sessions(&cast.database, "acme"), eyes::record(&cast.database, "acme").len());
        let theirs = cast.form(&world, 2).await.remove(0).1;
        let own = cast.form(&world, 3).await;
        let with_token = |token: Option<&str>| {
            let own = own.iter().filter(|(name, _)| name != "csrf").cloned();
            own.chain(token.map(|token| ("csrf".to_owned(), token.to_owned()))).collect::<Vec<_>>()
        };
        let foreign = [("origin", "https://evil.example")];
        let attacks: Vec<Attack<'_>> = vec![
            (with_token(None), vec![]),
            (with_token(Some("")), vec![]),
            (with_token(Some(&theirs)), vec![]),
            (own.clone(), vec![("sec-fetch-site", "cross-site")]),
            (own.clone(), vec![("sec-fetch-site", "same-site")]),
            (own.clone(), foreign.to_vec()),
        ];
        let guarded = PAGES.iter().filter(|(method, path, _)| *method == "POST" && (path.contains("/people/") || path.contains("/tokens")) || path.ends_with("/logout"));
        for (_, path, _) in guarded {
            for (form, headers) in &attacks {
                let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
                let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
                all.extend(headers);
                let answer = admin.send(Method::POST, &world.at(&cast.path(path)), &all, Some(body)).await;
                assert_eq!((answer.status, answer.code()), (403, Some("csrf")), "{path} {form:?} {headers:?}");
            }
            let plain = [("content-type", "text/plain")];
            let answer = admin.send(Method::POST, &world.at(&cast.path(path)), &plain, Some("csrf=x".to_owned())).await;
            assert_eq!(answer.status, 415, "{path}");
        }
        for headers in [[("sec-fetch-site", "cross-site")], foreign] {
            let answer = admin.post_with(&world.at("/forget"), &[("team_id", "acme")], &headers).await;
            assert_eq!((answer.status, answer.code()), (403, Some("csrf")), "/forget {headers:?}");
        }
        let after = (cast.version(), eyes::sessions(&cast.database, "acme"), eyes::record(&cast.database, "acme").len());
        assert_eq!(after, before);
    }

    async fn an_origin_of_null_is_no_stranger(db) {
        let world = World::new(db).await;
        let cast = Cast::of(&world, db).await;
        let form = cast.form(&world, 3).await;
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let address = world.at(&cast.path("/t/{team_id}/people/{person_id}/role"));
        let headers = [("origin", "null"), ("sec-fetch-site", "same-origin")];
        assert_eq!(cast.callers[3].post_with(&address, &form, &headers).await.status, 303);
    }

    async fn a_method_that_an_address_does_not_have_is_405_and_says_which_it_has(db) {
        let world = World::new(db).await;
        let cast = Cast::of(&world, db).await;
        for (methods, path) in web::ROUTES {
            for method in ["GET", "POST", "PUT", "DELETE"].into_iter().filter(|method| !methods.contains(method)) {
                let verb = Method::from_bytes(method.as_bytes()).unwrap();
                let answer = cast.callers[3].send(verb, &world.at(&cast.path(path)), &[], None).await;
                assert_eq!((answer.status, answer.code()), (405, Some("method_not_allowed")), "{method} {path}");
                let allow = answer.headers.get("allow").map(|allow| allow.to_str().unwrap().replace("HEAD, ", "").replace(", HEAD", ""));
                assert_eq!(allow, Some(methods.replace(' ', ", ")), "{method} {path}, RFC 9110 §15.5.6");
            }
        }
    }
}
