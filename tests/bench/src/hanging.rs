//! One provider that hangs, among a hundred teams: what the others lose by it, and what its own people wait.
//! One node on SQLite. Rounds in which the provider's people stay away and rounds in which they come take turns.

mod crowd;
mod steady;

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use mock_idp::{Endpoint, Misbehaviour, WireFault};

use crate::failure::Failure;
use crate::load::median;
use crate::process::{Server, get};
use crate::report::{Figure, Target};
use crate::revocation::Spread;
use crate::service::{Place, Provider};
use crate::sign_in::Visitor;
use crowd::{Crowd, Troubled};
use steady::{Latencies, Steady};

/// How many teams are at providers that work.
const OTHERS: u32 = 85;
/// How often each arm is measured.
const ROUNDS: u32 = 5;
/// How long each time; longer than the provider is waited for.
const LENGTH: Duration = Duration::from_secs(14);
/// Where it hangs: each round has a team for each, so that no breaker remembers the round before.
const HANGING: [(&str, Endpoint); 3] =
    [("tokens", Endpoint::Token), ("keys", Endpoint::Keys), ("metadata", Endpoint::Discovery)];
/// Longer than anybody waits.
const NEVER: Duration = Duration::from_mins(10);

/// One arm of the comparison: a p99 for each round, in milliseconds.
#[derive(Default)]
struct Arm {
    redirects: Vec<f64>,
    sign_ins: Vec<f64>,
}

impl Arm {
    fn note(&mut self, mut seen: Latencies) {
        self.redirects.push(Spread::of(&mut seen.redirects).p99);
        self.sign_ins.push(Spread::of(&mut seen.sign_ins).p99);
    }
}

/// A team whose provider hangs in a round; it has an issuer of the same name.
fn hung(what: &str, round: u32) -> String {
    format!("hung-{what}-{round}")
}

/// Measures both arms.
pub fn measure(program: &Path, folder: &Path, out: &mut dyn Write) -> Result<Vec<Figure>, Failure> {
    let good = Provider::start()?;
    let troubled = |round| HANGING.map(|(what, _)| hung(what, round));
    let all: Vec<String> = (0..ROUNDS).flat_map(troubled).collect();
    let bad = Provider::with_issuers(&all.iter().map(String::as_str).collect::<Vec<_>>())?;
    let folder = folder.join("hanging");
    let database = format!("sqlite://{}", folder.join("teamdoor.db").display());
    // All of the load comes from one address, which wrong answers would shut out.
    let place = Place::new(program.to_owned(), folder, database)?
        .with("TEAMDOOR__LIMITS__FAILED_CALLBACKS_PER_ADDRESS_AND_TEAM", "off");
    let server = place.serve()?;
    let others: Vec<String> = (0..OTHERS).map(|n| format!("team-{n:02}")).collect();
    place.add_teams(&good, &others)?;
    all.iter().try_for_each(|team| place.add_teams_at(&bad, team, std::slice::from_ref(team)))?;
    warm_up(&server, &good, &bad, &others)?;
    writeln!(out, "SQLite: {ROUNDS} rounds of {LENGTH:?} with a provider that hangs, and without.")?;
    let steady = Steady { service: server.port, provider: good.port, teams: &others };
    let (mut alone, mut beside, mut own) = (Arm::default(), Arm::default(), Troubled::default());
    for round in 0..ROUNDS {
        let seed = u64::from(round);
        alone.note(steady.round(LENGTH, seed)?);
        for (what, endpoint) in HANGING {
            bad.idp.set_delay(&hung(what, round), NEVER);
            bad.idp.misbehave(&hung(what, round), Misbehaviour::Wire(endpoint, WireFault::Slow));
        }
        let crowd = Crowd::gather(server.port, bad.port, &troubled(round));
        beside.note(steady.round(LENGTH, seed)?);
        own.add(crowd.leave()?);
    }
    Ok(figures(&alone, &beside, &mut own))
}

/// Everybody's metadata and keys are at hand, except those that will never come.
fn warm_up(server: &Server, good: &Provider, bad: &Provider, others: &[String]) -> Result<(), Failure> {
    let mut visitor = Visitor::new(server.port, good.port)?;
    others.iter().try_for_each(|team| visitor.sign_in(team).map(drop))?;
    let mut visitor = Visitor::new(server.port, bad.port)?;
    let mut connection = crate::http::Connection::open(server.port)?;
    (0..ROUNDS).try_for_each(|round| {
        visitor.sign_in(&hung("tokens", round))?;
        let login = format!("/t/{}/login", hung("keys", round));
        let status = connection.ask(&get(&login, server.port, ""))?.status;
        if status == 303 { Ok(()) } else { Err(Failure(format!("{login} answered {status}"))) }
    })
}

fn figures(alone: &Arm, beside: &Arm, own: &mut Troubled) -> Vec<Figure> {
    let compare = |name, without: &Vec<f64>, with: &Vec<f64>| {
        let p99 = |arm: &Vec<f64>| {
            let each: Vec<_> = arm.iter().map(|p99| format!("{p99:.1}")).collect();
            format!("{:.2} ms ({})", median(arm.clone()), each.join(", "))
        };
        Figure {
            name,
            value: median(with.clone()) / median(without.clone()),
            unit: "of the baseline",
            beside: format!("{}; baseline {}", p99(with), p99(without)),
            target: Target::AtMost(1.2),
            takes: "less work for whoever is refused",
        }
    };
    let (all, noticed) = (Spread::of(&mut own.all), Spread::of(&mut own.noticed));
    vec![
        compare("p99 of the others' redirects", &alone.redirects, &beside.redirects),
        compare("p99 of the others' complete sign-ins", &alone.sign_ins, &beside.sign_ins),
        Figure {
            name: "longest wait at the hanging provider's own teams",
            value: all.worst / 1e3,
            unit: "s",
            beside: format!("{} answers; {}", own.all.len(), own.statuses()),
            target: Target::AtMost(12.5),
            takes: "a bound on everything that waits for a provider",
        },
        Figure {
            name: "p99 once its breaker is open",
            value: noticed.p99,
            unit: "ms",
            beside: format!("p50 {:.2}, worst {:.1}; a hanging token endpoint", noticed.p50, noticed.worst),
            target: Target::AtMost(50.0),
            takes: "a breaker that opens sooner",
        },
    ]
}
