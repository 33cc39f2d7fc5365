//! The real binary, killed in the middle of its work and asked to stop: nothing acknowledged is lost.

use std::cell::RefCell;
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use audit::Act;
use mock_idp::{Endpoint, Misbehaviour, MockIdp, WireFault};
use support::{Browser, HandClock, TestDatabase, World, on_both};
use vocabulary::{Clock as _, Role, SystemClock};

use crate::eyes;

/// A practice identity provider and all that one process of the service needs; no node runs in this process.
struct Stage {
    idp: MockIdp,
    clock: HandClock,
    base: String,
    environment: Vec<(String, String)>,
}

impl Stage {
    /// Starts the binary and waits until it is ready.
    async fn serve(&self) -> Serving {
        let beside = std::env::current_exe().unwrap();
        let binary = beside.ancestors().nth(2).unwrap().join("teamdoor");
        assert!(
            binary.exists(),
            "no {}: run `cargo build` first, as `cargo xtask test` does",
            binary.display()
        );
        let address = self.base.replace("http://localhost", "127.0.0.1");
        let started = Instant::now();
        let child = Command::new(binary)
            .arg("serve")
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .env("TEAMDOOR__SERVER__LISTEN", &address)
            .env("TEAMDOOR__LOG__FILTER", "error")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let serving = Serving(child);
        while TcpStream::connect(&address).is_err() {
            assert!(started.elapsed() < Duration::from_secs(10), "nobody listens on {address}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        assert_eq!(Browser::default().get(&self.at("/readyz")).await.status, 200);
        eprintln!("ready again after {:?}", started.elapsed());
        // The provider's clock is moved by hand, the binary's is the machine's.
        self.clock.forward(SystemClock.now().since(self.clock.now()));
        serving
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Goes as far as the address of the callback.
    async fn callback(&self, browser: &Browser, email: &str) -> String {
        let start = browser.post(&self.at("/login_sso"), &[("team_id", "acme")]).await;
        let chooser =
            browser.get(start.location().unwrap_or_else(|| panic!("{}", start.body)).as_str()).await;
        match chooser.location() {
            Some(back) => back.to_string(),
            None => browser.choose(&chooser, email).await.location().unwrap().to_string(),
        }
    }

    /// Signs somebody in; the session's token was acknowledged when this returns.
    async fn sign_in(&self, browser: &Browser, email: &str) -> String {
        browser.drop_cookies("td-session-");
        let callback = self.callback(browser, email).await;
        let answer = browser.get(&callback).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        browser.cookie("td-session-acme").unwrap()
    }
}

/// The binary at work; killed when dropped.
struct Serving(Child);

impl Serving {
    /// kill -9.
    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    fn terminate(&self) {
        let sent = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    async fn ended(&mut self) -> ExitStatus {
        let started = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status;
            }
            assert!(started.elapsed() < Duration::from_secs(15), "it does not end");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _killed = self.0.kill();
        let _ended = self.0.wait();
    }
}

/// What the service said was done.
#[derive(Default)]
struct Acknowledged {
    sessions: Vec<String>,
    /// Bob's version and role after each toggle.
    toggles: Vec<(i64, Role)>,
}

/// Signs somebody in again and again, at a pace that stays below the fifty sessions somebody may have.
async fn sign_ins(stage: &Stage, email: &str, said: &RefCell<Acknowledged>) {
    let browser = Browser::default();
    loop {
        let token = stage.sign_in(&browser, email).await;
        said.borrow_mut().sessions.push(token);
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

/// Toggles Bob's role again and again.
async fn toggles(stage: &Stage, ada: &Browser, db: &TestDatabase, said: &RefCell<Acknowledged>) {
    let bob = eyes::person(&eyes::open(db), "acme", "bob@acme.test");
    let address = stage.at(&format!("/t/acme/people/{}/role", bob.person.id));
    let csrf = ada.get(&stage.at("/t/acme")).await.hidden("csrf").unwrap();
    let (mut version, mut role) = (bob.membership.version.0, bob.membership.role);
    loop {
        role = role.toggled();
        let number = version.to_string();
        let form = [("csrf", csrf.as_str()), ("version", &number), ("role", role.as_str())];
        let answer = ada.post(&address, &form).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        version += 1;
        said.borrow_mut().toggles.push((version, role));
    }
}

/// Waits for a moment in the middle of the work: some of it was acknowledged since `before`.
async fn at_work(pause: Duration, before: (usize, usize), said: &RefCell<Acknowledged>) {
    tokio::time::sleep(pause).await;
    while said.borrow().sessions.len() == before.0 || said.borrow().toggles.len() == before.1 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Everything acknowledged is there, and nobody and nothing is there twice.
async fn check(stage: &Stage, db: &TestDatabase, said: &Acknowledged) {
    let browser = Browser::default();
    for token in &said.sessions {
        browser.set_cookie("td-session-acme", token);
        let answer = browser.get(&stage.at("/t/acme")).await;
        assert_eq!(answer.status, 200, "an acknowledged session is gone");
    }
    let database = eyes::open(db);
    let people = eyes::everybody(&database, "acme");
    let emails: Vec<&str> =
        people.iter().filter_map(|row| row.person.email.as_ref()).map(vocabulary::Email::as_str).collect();
    assert_eq!(emails.len(), 3, "nobody is there twice: {emails:?}");
    let bob = eyes::person(&database, "acme", "bob@acme.test").membership;
    let (version, role) = *said.toggles.last().unwrap();
    assert!(bob.version.0 >= version, "an acknowledged toggle is gone");
    assert!(bob.version.0 > version || bob.role == role);
    let recorded = eyes::times(&database, "acme", Act::RoleSet);
    assert_eq!(i64::try_from(recorded).unwrap(), bob.version.0 - 1, "each toggle has its one row on record");
    let signed_in = i64::try_from(eyes::times(&database, "acme", Act::SignedIn)).unwrap();
    assert_eq!(signed_in, eyes::sessions(&database, "acme"), "each session has its one row on record");
    assert!(signed_in >= i64::try_from(said.sessions.len()).unwrap());
    assert_eq!(eyes::times(&database, "acme", Act::Promoted), 1);
}

/// Sets the stage: a world's teams and provider, its own node gone.
macro_rules! stage {
    ($world:ident) => {{
        let environment = $world.environment().to_vec();
        let World { idp, node, clock, .. } = $world;
        let base = node.base.clone();
        drop(node);
        Stage { idp, clock, base, environment }
    }};
}

on_both! {
    async fn nothing_acknowledged_is_lost_when_the_service_is_killed(db) {
        let world = World::new(db).await;
        let stage = stage!(world);
        let mut said = RefCell::new(Acknowledged::default());
        let mut serving = stage.serve().await;
        for email in ["ada@acme.test", "bob@acme.test", "cyd@acme.test"] {
            let token = stage.sign_in(&Browser::default(), email).await;
            said.borrow_mut().sessions.push(token);
        }
        for milliseconds in [311, 457, 613] {
            let ada = Browser::default();
            let token = stage.sign_in(&ada, "ada@acme.test").await;
            said.borrow_mut().sessions.push(token);
            let before = (said.borrow().sessions.len(), said.borrow().toggles.len());
            tokio::select! {
                () = sign_ins(&stage, "bob@acme.test", &said) => {}
                () = sign_ins(&stage, "cyd@acme.test", &said) => {}
                () = toggles(&stage, &ada, db, &said) => {}
                () = at_work(Duration::from_millis(milliseconds), before, &said) => {}
            }
            serving.kill();
            serving = stage.serve().await;
            check(&stage, db, said.get_mut()).await;
        }
        let said = said.borrow();
        eprintln!("acknowledged: {} sign-ins, {} toggles", said.sessions.len(), said.toggles.len());
    }

    async fn asked_to_stop_it_ends_what_is_under_way_refuses_newcomers_and_exits_with_0(db) {
        let world = World::new(db).await;
        let stage = stage!(world);
        let mut serving = stage.serve().await;
        // The provider's metadata and keys are at hand, so that the token endpoint alone makes us wait.
        stage.sign_in(&Browser::default(), "cyd@acme.test").await;
        let browser = Browser::default();
        let callback = stage.callback(&browser, "bob@acme.test").await;
        stage.idp.set_delay("acme", Duration::from_millis(1200));
        stage.idp.misbehave("acme", Misbehaviour::Wire(Endpoint::Token, WireFault::Slow));
        let asked = stage.idp.counts("acme").token;
        let stop = async {
            while stage.idp.counts("acme").token == asked {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            serving.terminate();
            let address = stage.base.replace("http://localhost", "127.0.0.1");
            while TcpStream::connect(&address).is_ok() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Instant::now()
        };
        let answered = async { (browser.get(&callback).await, Instant::now()) };
        let (refused_at, (answer, answered_at)) = tokio::join!(stop, answered);
        assert!(refused_at < answered_at, "newcomers were refused while the sign-in was under way: {answer:?}");
        assert_eq!(answer.status, 303, "{}", answer.body);
        assert_eq!(serving.ended().await.code(), Some(0));
        stage.idp.behave("acme");
        let _again = stage.serve().await;
        assert_eq!(browser.get(&stage.at("/t/acme")).await.status, 200, "the session that was under way");
    }
}
