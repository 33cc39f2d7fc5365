//! What stands in a guide, and what comes of it when somebody does what it says.

use std::net::TcpStream;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use support::{Browser, World};
use tempfile::TempDir;

use super::product::{Client, go, registered};
use crate::browser::one_more_node;
use crate::program::{Program, two_free_ports};

/// Where every guide says that its product is.
const HERE: &str = "http://localhost:8080";

/// A guide of docs/guides/behind-the-door.
pub(super) struct Guide(String);

impl Guide {
    pub(super) fn read(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guides/behind-the-door");
        Self(std::fs::read_to_string(folder.join(name)).expect("a guide"))
    }

    /// The code that it says to write into this file.
    pub(super) fn file(&self, name: &str) -> String {
        self.block(&format!("<!-- the test runs this as {name} -->"))
    }

    /// The words after `teamdoor`, for a product that is elsewhere than the guide says.
    fn registration(&self, base: &str) -> Vec<String> {
        let command = self.block("<!-- the test runs this -->").replace(HERE, base);
        let words = command.strip_prefix("teamdoor ").expect("a registration");
        words.split_whitespace().map(str::to_owned).collect()
    }

    /// The block below this mark.
    fn block(&self, mark: &str) -> String {
        let (_, rest) = self.0.split_once(mark).unwrap_or_else(|| panic!("no {mark}"));
        let lines = rest.lines().skip_while(|line| !line.starts_with("```")).skip(1);
        lines.take_while(|line| !line.starts_with("```")).flat_map(|line| [line, "\n"]).collect()
    }
}

/// A product that does not run yet: what it is told, and the folder it may have.
pub(super) struct Place {
    /// Teamdoor's address, the product's own, client id and secret, as the guides name them.
    pub(super) environment: [(&'static str, String); 4],
    pub(super) folder: TempDir,
    /// The product's port.
    pub(super) port: u16,
}

/// Does what the guide says with the real binary, lets `start` start what it says to write, and signs Ada and Bob in.
pub(super) async fn follow(world: &World, guide: &Guide, start: impl FnOnce(&Place) -> Program) {
    let ports = two_free_ports();
    let (_service, teamdoor) = one_more_node(world, ports, &[]);
    let (port, base) = (ports + 1, format!("http://localhost:{}", ports + 1));
    let Client { id, secret } = registered(world, &teamdoor, &guide.registration(&base));
    let environment = [
        ("TEAMDOOR", teamdoor),
        ("HERE", base.clone()),
        ("CLIENT_ID", id),
        ("CLIENT_SECRET", secret.expect("a secret")),
    ];
    let place = Place { environment, folder: TempDir::new().expect("a folder"), port };
    let _product = start(&place);
    wait_for(port);

    let (ada, bob) = (Browser::default(), Browser::default());
    let page = go(&ada, &format!("{base}/login?team_id=acme"), "ada@acme.test").await;
    assert_eq!((page.status, page.body.trim()), (200, "Ada Lovelace, admin of Acme (acme)"));
    assert_eq!(page.url.as_str(), format!("{base}/"));
    let page = ada.open(&format!("{base}/")).await;
    assert_eq!(page.body.trim(), "Ada Lovelace, admin of Acme (acme)", "she stays");
    let team_id = bob.open(&format!("{base}/login")).await;
    assert_eq!(team_id.heading(), "Sign in to Orders", "{}", team_id.body);
    let page = go(&bob, &format!("{base}/login?team_id=acme"), "bob@acme.test").await;
    assert_eq!(page.body.trim(), "Bob Kahn, member of Acme (acme)");

    // A code that nobody here asked for lets nobody in, and the product goes on.
    let eve = Browser::default();
    assert_ne!(eve.get(&format!("{base}/callback?code=x&state=y")).await.status, 200);
    let page = eve.get(&format!("{base}/")).await;
    assert!(page.body.contains("/login"), "{}", page.body);
}

/// Until somebody answers on this port.
fn wait_for(port: u16) {
    let answers = || TcpStream::connect(("127.0.0.1", port)).is_ok();
    let end = Instant::now() + Duration::from_mins(1);
    while !answers() {
        assert!(Instant::now() < end, "nobody answers on {port}");
        thread::sleep(Duration::from_millis(50));
    }
}
