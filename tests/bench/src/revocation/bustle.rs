//! What goes on meanwhile: people sign in at both nodes, and sessions are checked at both.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::dice::Dice;
use crate::failure::Failure;
use crate::http::Connection;
use crate::process::get;
use crate::service::{Place, Provider};
use crate::sign_in::Visitor;

/// Between two sign-ins at a node.
const SIGN_INS: Duration = Duration::from_millis(20);
/// Between two checks at a node.
const CHECKS: Duration = Duration::from_millis(2);
/// How many teams the others are in.
const TEAMS: u32 = 20;

/// The others.
pub struct Bustle {
    tally: Arc<Tally>,
    began: Instant,
    threads: Vec<JoinHandle<Result<(), Failure>>>,
}

#[derive(Default)]
struct Tally {
    stop: AtomicBool,
    sign_ins: AtomicU32,
    checks: AtomicU32,
}

impl Bustle {
    /// Adds teams for the others, signs them in, and lets them begin.
    pub fn begin(place: &Place, nodes: (u16, u16), provider: &Provider) -> Result<Self, Failure> {
        let team = |kind: &str| (0..TEAMS).map(|n| format!("{kind}-{n:02}")).collect::<Vec<_>>();
        let (coming, staying) = (team("coming"), team("staying"));
        place.add_teams(provider, &coming)?;
        place.add_teams(provider, &staying)?;
        let mut visitor = Visitor::new(nodes.0, provider.port)?;
        let sessions = staying.iter().map(|team| visitor.sign_in(team)).collect::<Result<Vec<_>, _>>()?;
        let tally = Arc::<Tally>::default();
        let mut threads = Vec::new();
        for node in [nodes.0, nodes.1] {
            let (mut visitor, ours, teams) =
                (Visitor::new(node, provider.port)?, Arc::clone(&tally), coming.clone());
            let mut dice = Dice::new(u64::from(node));
            threads.push(thread::spawn(move || {
                ours.repeat(SIGN_INS, &ours.sign_ins, || visitor.sign_in(dice.pick(&teams)).map(drop))
            }));
            let (mut connection, ours, sessions) =
                (Connection::open(node)?, Arc::clone(&tally), sessions.clone());
            let mut dice = Dice::new(u64::from(node));
            threads.push(thread::spawn(move || {
                ours.repeat(CHECKS, &ours.checks, || {
                    let answer = connection.ask(&get("/", node, dice.pick(&sessions)))?;
                    let is_known = answer.location().is_some_and(|path| path != "/login");
                    if is_known { Ok(()) } else { Err(Failure("somebody else's session ended".to_owned())) }
                })
            }));
        }
        Ok(Self { tally, began: Instant::now(), threads })
    }

    /// Stops them and says what they did.
    pub fn end(self) -> Result<String, Failure> {
        self.tally.stop.store(true, Ordering::Release);
        let seconds = self.began.elapsed().as_secs_f64();
        for thread in self.threads {
            thread.join().unwrap_or_else(|_panic| Err(Failure("one of the others died".to_owned())))?;
        }
        let rate = |count: &AtomicU32| f64::from(count.load(Ordering::Acquire)) / seconds;
        let (sign_ins, checks) = (rate(&self.tally.sign_ins), rate(&self.tally.checks));
        Ok(format!("meanwhile {sign_ins:.0} sign-ins and {checks:.0} session checks a second"))
    }
}

impl Tally {
    fn repeat(
        &self,
        pause: Duration,
        count: &AtomicU32,
        mut deed: impl FnMut() -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        while !self.stop.load(Ordering::Acquire) {
            deed()?;
            count.fetch_add(1, Ordering::AcqRel);
            thread::sleep(pause);
        }
        Ok(())
    }
}
