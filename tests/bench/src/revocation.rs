//! How soon a revocation holds: told to one node, seen at the other and at the same one, while people sign in
//! and their sessions are checked. Two real nodes on one PostgreSQL.

mod bustle;
mod kind;
mod watch;

use std::io::Write;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::dice::Dice;
use crate::failure::Failure;
use crate::report::{Figure, Target};
use crate::service::{Place, Provider};
use bustle::Bustle;
use kind::{Kind, Stage};
use watch::{Case, Sight};

/// How often each kind is measured.
const TIMES: u32 = 200;
/// Other people's sign-ins are measured as load; this is how long it runs before anything is measured.
const WARM: Duration = Duration::from_millis(500);
/// The longest that a measurement waits before it tells, so that it meets a node at any point of its turn.
const APART_MICROS: u64 = 20_000;
/// For how long idle nodes are watched.
const IDLE: Duration = Duration::from_secs(5);
/// At most this much of a hundred revocations takes longer, in milliseconds.
const P99: f64 = 100.0;
/// None takes longer, in milliseconds.
const WORST: f64 = 1000.0;

/// Milliseconds from being told until it held, at both nodes.
#[derive(Default)]
struct Seen {
    there: Vec<f64>,
    here: Vec<f64>,
}

/// Measures every kind.
pub fn measure(
    program: &Path,
    folder: &Path,
    url: &str,
    out: &mut dyn Write,
) -> Result<Vec<Figure>, Failure> {
    let provider = Provider::start()?;
    let place = Place::new(program.to_owned(), folder.join("node-a"), url.to_owned())?;
    place.run(&["migrate"])?;
    let a = place.serve()?;
    let beside = place.beside(folder.join("node-b"))?;
    let b = beside.serve()?;
    thread::sleep(WARM);
    let before = b.busy()?;
    thread::sleep(IDLE);
    let idle = b.busy()?.saturating_sub(before).as_secs_f64() * 1e6 / IDLE.as_secs_f64();
    writeln!(out, "PostgreSQL, two nodes: {TIMES} revocations of each kind, under load.")?;
    let mut stage = Stage::set(&place, (a.port, b.port), &provider)?;
    let bustle = Bustle::begin(&place, (a.port, b.port), &provider)?;
    thread::sleep(WARM);
    let mut dice = Dice::new(20_261_122);
    let mut all: Vec<(Kind, Seen)> = Kind::ALL.map(|kind| (kind, Seen::default())).into();
    // The kinds take turns, so that a change of the machine's mood reaches them alike.
    for _ in 0..TIMES {
        for (kind, seen) in &mut all {
            let about = |Failure(why)| Failure(format!("{}: {why}", kind.name()));
            let case = kind.arrange(&mut stage).map_err(about)?;
            let (there, here) = one(&case, &stage, &mut dice).map_err(about)?;
            seen.there.push(there);
            seen.here.push(here);
            kind.put_back(&mut stage)?;
        }
    }
    let load = bustle.end()?;
    Ok(figures(&mut all, &load, idle))
}

/// Watches both nodes, tells one, and says how long it took until each held it.
fn one(case: &Case, stage: &Stage<'_>, dice: &mut Dice) -> Result<(f64, f64), Failure> {
    let (a, b) = stage.nodes;
    let (mut there, mut here) = (Sight::open(b, case)?, Sight::open(a, case)?);
    thread::scope(|scope| {
        let (there, here) = (scope.spawn(move || there.until_over()), scope.spawn(move || here.until_over()));
        thread::sleep(Duration::from_micros(dice.throw() % APART_MICROS));
        let told = Instant::now();
        let done = case.tell(a, stage.place);
        let since = |seen: thread::ScopedJoinHandle<'_, Result<Instant, Failure>>| {
            let seen = seen.join().unwrap_or_else(|_panic| Err(Failure("a watcher died".to_owned())))?;
            Ok::<_, Failure>(seen.saturating_duration_since(told).as_secs_f64() * 1e3)
        };
        done?;
        Ok((since(there)?, since(here)?))
    })
}

fn figures(all: &mut [(Kind, Seen)], load: &str, idle: f64) -> Vec<Figure> {
    let mut worst: f64 = 0.0;
    let mut figures: Vec<Figure> = all
        .iter_mut()
        .map(|(kind, Seen { there, here })| {
            let (there, here) = (Spread::of(there), Spread::of(here));
            worst = worst.max(there.worst).max(here.worst);
            Figure {
                name: kind.name(),
                value: there.p99,
                unit: "ms",
                beside: format!(
                    "p50 {:.1}, worst {:.1}; at the first node {:.1}, {:.1}, {:.1}",
                    there.p50, there.worst, here.p50, here.p99, here.worst
                ),
                target: Target::AtMost(P99),
                takes: "a feed that is read sooner",
            }
        })
        .collect();
    figures.push(Figure {
        name: "the worst of all kinds",
        value: worst,
        unit: "ms",
        beside: load.to_owned(),
        target: Target::AtMost(WORST),
        takes: "finding what held the feed up",
    });
    figures.push(Figure {
        name: "processor time of an idle node in a second",
        value: idle / 1e3,
        unit: "ms",
        beside: String::new(),
        target: Target::None,
        takes: "",
    });
    figures
}

/// How a set of numbers spreads.
pub struct Spread {
    /// The middle one.
    pub p50: f64,
    /// One of a hundred is higher.
    pub p99: f64,
    /// The highest.
    pub worst: f64,
}

impl Spread {
    /// Of these numbers, which are sorted by it; zeros when there are none.
    pub fn of(numbers: &mut [f64]) -> Self {
        numbers.sort_by(f64::total_cmp);
        let count = numbers.len();
        let at = |rank: usize| numbers.get(rank.min(count.saturating_sub(1))).copied().unwrap_or_default();
        Self { p50: at(count / 2), p99: at(count.saturating_mul(99) / 100), worst: at(count) }
    }
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn of_two_hundred_numbers_two_are_above_the_ninety_ninth_percent() {
        let mut numbers: Vec<f64> = (1..=200).rev().map(f64::from).collect();
        let Spread { p50, p99, worst } = Spread::of(&mut numbers);
        assert!((p50 - 101.0).abs() < 1e-9 && (p99 - 199.0).abs() < 1e-9 && (worst - 200.0).abs() < 1e-9);
        assert!(Spread::of(&mut []).worst.abs() < 1e-9);
    }
}
