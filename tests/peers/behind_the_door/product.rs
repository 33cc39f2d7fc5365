//! A product at an address of its own, registered by the command line.

use std::net::TcpListener;

use support::{Answer, Browser, TestDatabase, World, command};

use crate::program::{Program, teamdoor};

/// What `teamdoor app add` printed.
pub(super) struct Client {
    pub(super) id: String,
    /// None of a public one.
    pub(super) secret: Option<String>,
}

/// Registers a product: the words are those after `app add`.
pub(super) fn register(world: &World, db: &TestDatabase, words: &[&str]) -> Client {
    let arguments: Vec<&str> = ["app", "add"].iter().chain(words).copied().collect();
    let said = command(world, db, &arguments);
    assert!(said.done, "{}{}", said.out, said.err);
    Client::read(&said.out)
}

/// The same by the real binary, of the node at this address.
pub(super) fn registered(world: &World, node: &str, words: &[String]) -> Client {
    let mut command = teamdoor();
    let environment = world.environment().iter().map(|(name, value)| (name, value));
    command.args(words).envs(environment).env("TEAMDOOR__SERVER__PUBLIC_URL", node);
    Client::read(&Program::start(&mut command).succeed())
}

impl Client {
    fn read(said: &str) -> Self {
        let value = |name: &str| {
            let found = said.lines().find_map(|line| line.strip_prefix(name));
            found.map(|value| value.trim().to_owned())
        };
        Self { id: value("Client ID").unwrap_or_else(|| panic!("{said}")), secret: value("Client secret") }
    }
}

/// A port for a product, and its address.
pub(super) fn place() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base = format!("http://localhost:{}", listener.local_addr().expect("a port").port());
    (listener, base)
}

/// Opens an address and, where the practice provider asks who it is, answers; gives the page where it ends.
pub(super) async fn go(browser: &Browser, address: &str, email: &str) -> Answer {
    let page = browser.open(address).await;
    if !page.url.path().ends_with("/authorize") {
        return page;
    }
    browser.follow(browser.choose(&page, email).await).await
}
