//! The people of the teams whose provider hangs: many at once, who come back again and again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::http::{Answer, Connection};
use crate::process::get;

/// How many of each team.
const EACH: usize = 24;
/// How soon somebody who was refused comes back.
const AGAIN: Duration = Duration::from_secs(1);
/// How long after the one before them the next one comes first.
const APART: Duration = Duration::from_millis(30);
/// After this the breaker of a token endpoint has had the time to notice. That of metadata and keys takes longer,
/// because those who wait there wait for one answer together.
const NOTICED: Duration = Duration::from_secs(13);

/// What they met.
#[derive(Default)]
pub struct Troubled {
    /// Milliseconds until each answer.
    pub all: Vec<f64>,
    /// Those of the first team, once its breaker has noticed.
    pub noticed: Vec<f64>,
    statuses: BTreeMap<u16, u32>,
}

/// Those who are there.
pub struct Crowd {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<Result<Troubled, Failure>>>,
}

impl Crowd {
    /// Lets them come to the service at this port; those who get as far ask their provider for a code.
    pub fn gather(service: u16, provider: u16, teams: &[String]) -> Self {
        let stop = Arc::<AtomicBool>::default();
        let began = Instant::now();
        let everybody = teams.iter().flat_map(|team| std::iter::repeat_n(team.clone(), EACH));
        let threads = everybody
            .zip(0..)
            .map(|(team, place)| {
                let (stop, is_first) = (Arc::clone(&stop), teams.first() == Some(&team));
                thread::spawn(move || {
                    thread::sleep(APART * place);
                    let mut seen = Troubled::default();
                    while !stop.load(Ordering::Acquire) {
                        let asked = Instant::now();
                        // A connection that broke is part of what they meet; they come back on a new one.
                        let (mut to_us, mut to_idp) =
                            (Connection::open(service)?, Connection::open(provider)?);
                        let times = seen.visit(&mut to_us, &mut to_idp, (service, provider), &team)?;
                        if is_first && asked.saturating_duration_since(began) > NOTICED {
                            seen.noticed.extend(times);
                        }
                        thread::sleep(AGAIN);
                    }
                    Ok(seen)
                })
            })
            .collect();
        Self { stop, threads }
    }

    /// Sends them away, once each has had an answer.
    pub fn leave(self) -> Result<Troubled, Failure> {
        self.stop.store(true, Ordering::Release);
        let mut all = Troubled::default();
        for thread in self.threads {
            all.add(thread.join().unwrap_or_else(|_panic| Err(Failure("somebody died".to_owned())))?);
        }
        Ok(all)
    }
}

impl Troubled {
    /// Starts a sign-in and, when that leads to the provider, comes back with a code. Milliseconds of each.
    fn visit(
        &mut self,
        service: &mut Connection,
        provider: &mut Connection,
        ports: (u16, u16),
        team: &str,
    ) -> Result<Vec<f64>, Failure> {
        let asked = Instant::now();
        let started = service.ask(&get(&format!("/t/{team}/login"), ports.0, ""))?;
        let mut times = vec![self.note(&started, asked)];
        let Some(request) = started.location() else { return Ok(times) };
        let attempt = started.cookie("td-attempt-").map(str::to_owned).unwrap_or_default();
        let granted = provider.ask(&get(&request, ports.1, ""))?;
        let Some(callback) = granted.location() else { return Ok(times) };
        let asked = Instant::now();
        let ended = service.ask(&get(&callback, ports.0, &attempt))?;
        times.push(self.note(&ended, asked));
        Ok(times)
    }

    fn note(&mut self, answer: &Answer<'_>, asked: Instant) -> f64 {
        let millis = asked.elapsed().as_secs_f64() * 1e3;
        self.all.push(millis);
        let count = self.statuses.entry(answer.status).or_default();
        *count = count.saturating_add(1);
        millis
    }

    /// Puts together what several met.
    pub fn add(&mut self, other: Self) {
        self.all.extend(other.all);
        self.noticed.extend(other.noticed);
        for (status, more) in other.statuses {
            let count = self.statuses.entry(status).or_default();
            *count = count.saturating_add(more);
        }
    }

    /// How often which status.
    pub fn statuses(&self) -> String {
        let each = self.statuses.iter().map(|(status, count)| format!("{status} ×{count}"));
        each.collect::<Vec<_>>().join(", ")
    }
}
