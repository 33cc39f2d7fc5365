//! nginx and Caddy ask forward-auth, each as its guide says: the configuration is the guide's own, with the addresses
//! of the test in it. What they let through arrives at a product that tells what it was told.

mod guide;
mod product;

use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use apps::{AppHost, AppOptions, Edit};
use reqwest::Method;
use roles::Operator;
use support::{Answer, Browser, Product as App, TestDatabase, World, on_both};
use tempfile::TempDir;
use url::Url;
use vocabulary::{Clock as _, Role};

use self::product::{Product, told};
use crate::program::{Program, two_free_ports};

/// How long a proxy may take to start.
const PATIENCE: Duration = Duration::from_secs(30);

on_both! {
    async fn nginx_lets_through_whom_it_should(db) {
        whole_story(db, nginx, 500).await;
    }

    async fn caddy_lets_through_whom_it_should(db) {
        whole_story(db, caddy, 502).await;
    }
}

/// Starts a proxy in a folder of its own: on this port, before this product, asking Teamdoor on that port.
type Start = fn(&Path, u16, &Addresses) -> Program;

/// What stands in a guide as 127.0.0.1:8080 and 127.0.0.1:3000.
struct Addresses {
    product: String,
    teamdoor: String,
}

/// A host with a proxy before it, and what is behind.
struct Scene {
    world: World,
    client_id: String,
    product: Product,
    port: u16,
    _folder: TempDir,
    _proxy: Program,
}

impl Scene {
    async fn set(db: &TestDatabase, start: Start) -> Self {
        let world = World::with(db, &[("SERVER__TRUSTED_PROXIES", r#"["127.0.0.1/32"]"#)]).await;
        let (port, product, folder) = (two_free_ports(), Product::start(), TempDir::new().expect("a folder"));
        let wiki = App::add(&world, "Wiki", |new| {
            new.host = Some(AppHost::parse(&format!("wiki.localhost:{port}")).expect("a host"));
            new.options.redirect_uris.clear();
        });
        let teamdoor = Url::parse(&world.node.base).expect("an address").port().expect("a port");
        let addresses = Addresses {
            product: format!("127.0.0.1:{}", product.port),
            teamdoor: format!("127.0.0.1:{teamdoor}"),
        };
        let proxy = start(folder.path(), port, &addresses);
        let since = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(since.elapsed() < PATIENCE, "no proxy: {:?}", proxy.line("an error"));
            thread::sleep(Duration::from_millis(20));
        }
        Self { world, client_id: wiki.client_id, product, port, _folder: folder, _proxy: proxy }
    }

    fn at(&self, path: &str) -> String {
        format!("http://wiki.localhost:{}{path}", self.port)
    }

    /// Changes for whom the app is.
    fn admit(&self, min_role: Role) {
        let (house, operator) = (&self.world.node.house, Operator::at_the_command_line());
        let options = AppOptions { min_role, ..AppOptions::default() };
        let edit = Edit { options: Some(options), ..Edit::default() };
        let now = self.world.clock.now();
        let set = house.database.write(now, |tx| apps::set(tx, &operator, &self.client_id, None, &edit));
        set.expect("an app to change");
    }

    async fn ask(&self, browser: &Browser, headers: &[(&str, &str)]) -> Answer {
        browser.get_with(&self.at("/page?a=b"), headers).await
    }
}

/// `down` is what the proxy answers when Teamdoor does not.
async fn whole_story(db: &TestDatabase, start: Start, down: u16) {
    let mut scene = Scene::set(db, start).await;
    nobody_comes_to_the_sign_in(&scene).await;
    let bob = somebody_comes_in_and_is_told_of(&scene).await;
    nothing_a_client_says_counts(&scene, &bob).await;
    whoever_may_not_pass_is_stopped(&scene).await;
    a_sign_out_holds(&scene, &bob).await;
    let ada = scene.world.sign_in("acme", "ada@acme.test").await;
    assert_eq!(ada.open(&scene.at("/page")).await.status, 200);
    scene.world.node.stop();
    let seen = scene.product.seen();
    assert_eq!(scene.ask(&ada, &[]).await.status, down, "without an answer nobody passes");
    assert_eq!(scene.product.seen(), seen);
}

async fn nobody_comes_to_the_sign_in(scene: &Scene) {
    let nobody = Browser::default();
    let answer = scene.ask(&nobody, &[]).await;
    assert_eq!(answer.status, 302);
    let there = scene.at("/.teamdoor/sign-in?return_to=%2Fpage%3Fa%3Db");
    assert_eq!(answer.header("location"), Some(there.as_str()));
    assert!(answer.set_cookies().is_empty());
    let page = nobody.follow(answer).await;
    assert_eq!((page.status, page.url.path()), (200, "/login_sso"), "{}", page.body);
    assert!(page.body.contains("Wiki"), "it says where somebody is going: {}", page.body);
    for method in [Method::POST, Method::PUT, Method::HEAD] {
        let answer = nobody.send(method.clone(), &scene.at("/page"), &[], Some("x".repeat(1000))).await;
        assert_eq!(answer.status, 302, "{method}");
    }
    let asks_itself = nobody.get(&scene.at("/teamdoor-asks")).await;
    assert_ne!(asks_itself.status, 200);
    assert_eq!(scene.product.seen(), 0, "nothing of this reached the product");
}

async fn somebody_comes_in_and_is_told_of(scene: &Scene) -> Browser {
    scene.world.idp.edit_person("acme", "bob@acme.test", |bob| bob.name = Some("Zoë 100%".to_owned()));
    let bob = scene.world.sign_in("acme", "bob@acme.test").await;
    let page = bob.open(&scene.at("/page?a=b")).await;
    assert_eq!((page.status, page.url.as_str()), (200, scene.at("/page?a=b").as_str()), "{}", page.body);
    assert_eq!(told(&page, "x-auth-team"), ["acme"]);
    assert_eq!(told(&page, "x-auth-role"), ["member"]);
    assert_eq!(told(&page, "x-auth-subject").len(), 1);
    assert_eq!(told(&page, "x-auth-email"), ["bob@acme.test"]);
    assert_eq!(told(&page, "x-auth-name"), ["Zo%C3%AB 100%25"]);
    let posted = bob.post(&scene.at("/page"), &[("text", "hello")]).await;
    assert_eq!(posted.status, 200);
    assert!(posted.body.ends_with("\n\ntext=hello"), "the body arrived: {}", posted.body);
    bob
}

async fn nothing_a_client_says_counts(scene: &Scene, bob: &Browser) {
    let injected = [
        ("x-auth-role", "admin"),
        ("x-auth-role", "owner"),
        ("X_Auth_Role", "admin"),
        ("x-auth-team", "globex"),
        ("x-auth-subject", "somebody"),
        ("x-auth-email", "ada@acme.test"),
        ("x-auth-name", "Ada"),
    ];
    let page = scene.ask(bob, &injected).await;
    assert_eq!(page.status, 200);
    assert_eq!((told(&page, "x-auth-team"), told(&page, "x-auth-role")), (vec!["acme"], vec!["member"]));
    assert_eq!(told(&page, "x-auth-email"), ["bob@acme.test"]);
    for odd in ["admin", "owner", "globex", "somebody", "ada@acme.test", "Ada"] {
        assert!(!page.body.contains(odd), "{odd}: {}", page.body);
    }
    // Our own host, which asks for no app: the session of a browser there must open nothing here.
    let session = scene.world.sign_in("globex", "gil@globex.test").await.cookie("td-session-globex");
    let cookie = format!("td-session-globex={}", session.expect("a session"));
    let ours = scene.world.node.base.strip_prefix("http://").expect("an address");
    let seen = scene.product.seen();
    for spoofed in [
        vec![("x-forwarded-host", ours)],
        vec![("x-original-url", scene.world.node.base.as_str())],
        vec![("x-forwarded-host", ours), ("x-forwarded-proto", "http"), ("x-forwarded-uri", "/page?a=b")],
        vec![("x-forwarded-uri", "/public"), ("x-forwarded-for", "10.0.0.1")],
        vec![("forwarded", "host=localhost")],
    ] {
        let headers = [spoofed.as_slice(), &[("cookie", &cookie)]].concat();
        let answer = scene.ask(&Browser::default(), &headers).await;
        assert_eq!(answer.status, 302, "{spoofed:?}");
        let there = answer.header("location").unwrap_or_default();
        assert!(there.starts_with(&scene.at("/.teamdoor/sign-in")), "{spoofed:?}: {there}");
        let begun = Browser::default().get_with(&scene.at("/.teamdoor/sign-in"), &spoofed).await;
        let back = begun.header("location").unwrap_or_default().to_owned();
        assert!(back.contains("redirect_uri=http%3A%2F%2Fwiki.localhost%3A"), "{spoofed:?}: {back}");
    }
    assert_eq!(scene.product.seen(), seen);
}

async fn whoever_may_not_pass_is_stopped(scene: &Scene) {
    let cyd = scene.world.sign_in("acme", "cyd@acme.test").await;
    assert_eq!(cyd.open(&scene.at("/page")).await.status, 200);
    let seen = scene.product.seen();
    scene.admit(Role::Admin);
    for method in [Method::GET, Method::POST] {
        let refused = cyd.send(method, &scene.at("/page"), &[], None).await;
        assert_eq!((refused.status, refused.location()), (403, None));
    }
    assert_eq!(scene.product.seen(), seen);
    scene.admit(Role::Member);
    assert_eq!(scene.ask(&cyd, &[]).await.status, 200);
    let page = scene.world.team_page(&cyd, "acme").await;
    let csrf = page.hidden("csrf").expect("a form");
    cyd.post(&scene.world.at("/t/acme/logout"), &[("csrf", &csrf)]).await;
    assert_eq!(scene.ask(&cyd, &[]).await.status, 302, "a sign-out at Teamdoor is one here");
    assert_eq!(scene.product.seen(), seen + 1);
}

async fn a_sign_out_holds(scene: &Scene, bob: &Browser) {
    let origin = scene.at("");
    let out = bob
        .post_with(
            &scene.at("/.teamdoor/sign-out"),
            &[],
            &[("origin", &origin), ("sec-fetch-site", "same-origin")],
        )
        .await;
    assert_eq!(out.header("location"), Some(scene.world.at("/t/acme/signed-out").as_str()), "{out:?}");
    let (seen, answer) = (scene.product.seen(), scene.ask(bob, &[]).await);
    assert_eq!(answer.status, 302);
    assert_eq!(scene.product.seen(), seen);
}

fn nginx(folder: &Path, port: u16, addresses: &Addresses) -> Program {
    let listen = format!("listen 127.0.0.1:{port};");
    let server = guide::block("docs/guides/behind-the-door/nginx.md", addresses)
        .said("listen 443 ssl;", &listen)
        .said("server_name wiki.example.com;", "server_name wiki.localhost;")
        .without("ssl_certificate");
    let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let places = places.map(|name| format!("{name}_temp_path {}/{name};\n", folder.display())).concat();
    let whole = format!(
        "daemon off;\nmaster_process off;\npid {0}/nginx.pid;\nerror_log stderr;\nevents {{}}\n\
         http {{\naccess_log off;\n{places}{server}\n}}\n",
        folder.display()
    );
    let file = folder.join("nginx.conf");
    std::fs::write(&file, whole).expect("a file");
    Program::start(
        program("TEAMDOOR_TEST_NGINX", "nginx").args(["-e", "stderr", "-p"]).arg(folder).arg("-c").arg(file),
    )
}

fn caddy(folder: &Path, port: u16, addresses: &Addresses) -> Program {
    let host = format!("http://wiki.localhost:{port} {{");
    let site =
        guide::block("docs/guides/behind-the-door/caddy.md", addresses).said("wiki.example.com {", &host);
    let file = folder.join("Caddyfile");
    std::fs::write(&file, format!("{{\n    admin off\n    auto_https off\n}}\n\n{site}")).expect("a file");
    let mut command = program("TEAMDOOR_TEST_CADDY", "caddy");
    command.env("HOME", folder).env("XDG_CONFIG_HOME", folder).env("XDG_DATA_HOME", folder);
    Program::start(command.args(["run", "--adapter", "caddyfile", "--config"]).arg(file))
}

/// Where `cargo xtask test` found it, or else on the way.
fn program(variable: &str, name: &str) -> Command {
    Command::new(std::env::var_os(variable).unwrap_or_else(|| name.into()))
}
