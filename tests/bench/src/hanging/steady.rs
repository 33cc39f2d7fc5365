//! The others: people who come at their own pace, whether the service keeps up or not. A latency counts from
//! the moment somebody wanted to come, so that nobody's waiting is left out.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::dice::Dice;
use crate::failure::Failure;
use crate::http::Connection;
use crate::process::get;
use crate::sign_in::Visitor;

/// Between two redirects.
const REDIRECTS: Duration = Duration::from_micros(2500);
/// Between two sign-ins.
const SIGN_INS: Duration = Duration::from_millis(20);
/// How many may be under way of each.
const UNDER_WAY: u64 = 8;

/// Teams, and where their people find the service and the provider.
#[derive(Clone, Copy)]
pub struct Steady<'a> {
    pub service: u16,
    pub provider: u16,
    pub teams: &'a [String],
}

/// Milliseconds of each.
#[derive(Default)]
pub struct Latencies {
    pub redirects: Vec<f64>,
    pub sign_ins: Vec<f64>,
}

impl Steady<'_> {
    /// Lets people come for so long.
    pub fn round(self, length: Duration, seed: u64) -> Result<Latencies, Failure> {
        let Self { service, provider, teams } = self;
        let mut dice = Dice::new(seed);
        let (redirected, signed_in) = (AtomicU32::new(0), AtomicU32::new(0));
        let (redirected, signed_in) = (&redirected, &signed_in);
        thread::scope(|scope| {
            let began = Instant::now();
            let (mut redirects, mut sign_ins) = (Vec::new(), Vec::new());
            for _ in 0..UNDER_WAY {
                let (mut connection, mut chance) = (Connection::open(service)?, Dice::new(dice.throw()));
                redirects.push(scope.spawn(move || {
                    come(began, length, REDIRECTS, redirected, || {
                        let request = get(&format!("/t/{}/login", chance.pick(teams)), service, "");
                        let status = connection.ask(&request)?.status;
                        let expected = status == 303;
                        if expected { Ok(()) } else { Err(Failure(format!("a login answered {status}"))) }
                    })
                }));
                let (mut visitor, mut chance) = (Visitor::new(service, provider)?, Dice::new(dice.throw()));
                sign_ins.push(scope.spawn(move || {
                    come(began, length, SIGN_INS, signed_in, || visitor.sign_in(chance.pick(teams)).map(drop))
                }));
            }
            Ok(Latencies { redirects: gather(redirects)?, sign_ins: gather(sign_ins)? })
        })
    }
}

type Coming<'scope> = thread::ScopedJoinHandle<'scope, Result<Vec<f64>, Failure>>;

fn gather(threads: Vec<Coming<'_>>) -> Result<Vec<f64>, Failure> {
    let mut all = Vec::new();
    for thread in threads {
        all.extend(thread.join().unwrap_or_else(|_panic| Err(Failure("a visitor died".to_owned())))?);
    }
    Ok(all)
}

/// Takes the next moment of the timetable, waits for it, and comes.
fn come(
    began: Instant,
    length: Duration,
    apart: Duration,
    next: &AtomicU32,
    mut deed: impl FnMut() -> Result<(), Failure>,
) -> Result<Vec<f64>, Failure> {
    let mut seen = Vec::new();
    loop {
        let due = apart.saturating_mul(next.fetch_add(1, Ordering::AcqRel));
        if due >= length {
            return Ok(seen);
        }
        thread::sleep(due.saturating_sub(began.elapsed()));
        deed()?;
        seen.push(began.elapsed().saturating_sub(due).as_secs_f64() * 1e3);
    }
}
