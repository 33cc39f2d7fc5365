//! The measurements in their order. Every figure is the median of three rounds, and the rounds of all figures
//! take turns, so that a change of the machine's mood reaches all of them alike.

use std::io::Write;
use std::path::Path;
use std::time::Duration;
use std::{env, thread};

use crate::dice::Dice;
use crate::failure::Failure;
use crate::load::{self, Median, Round, median};
use crate::process::{Server, free_port, get};
use crate::report::{Figure, Target};
use crate::service::{Place, Provider};
use crate::sign_in::{self, Visitor};
use crate::wal::Log;

/// The seed of all chance in the load.
const SEED: u64 = 20_261_122;
/// How many teams there are.
const TEAMS: u32 = 1000;
/// Of how many of them people sign in, and hold a session.
const BUSY_TEAMS: usize = 100;
/// How often each thing is measured.
const ROUNDS: u32 = 3;
/// How long a round lasts.
const LENGTH: Duration = Duration::from_secs(2);
/// How many sign-ins make a round.
const SIGN_INS: u32 = 1600;
/// How many sign-ins tell how many commits each makes; few enough that the log does not begin again.
const WATCHED: u32 = 16;
/// How long a service that was just started is left alone before its memory is read.
const IDLE: Duration = Duration::from_secs(1);

/// Measures everything; PostgreSQL where a cluster's address is known.
pub fn all(
    program: &Path,
    folder: &Path,
    postgres: Option<&str>,
    out: &mut dyn Write,
) -> Result<Vec<Figure>, Failure> {
    let provider = Provider::start()?;
    let teams: Vec<String> = (0..TEAMS).map(|n| format!("team-{n:04}")).collect();
    let file = folder.join("sqlite/teamdoor.db");
    let place =
        Place::new(program.to_owned(), folder.join("sqlite"), format!("sqlite://{}", file.display()))?;
    writeln!(out, "SQLite: adding {TEAMS} teams, asking each once.")?;
    let server = place.serve()?;
    place.add_teams(&provider, &teams)?;
    let busy = teams.get(..BUSY_TEAMS).unwrap_or(&teams);
    let sessions = warm_up(&server, &provider, &teams, busy)?;
    let scene =
        Scene { server: &server, provider: &provider, teams: &teams, busy, sessions: &sessions, file: &file };
    writeln!(
        out,
        "{ROUNDS} rounds of {LENGTH:?} each of hello, redirect and session checks, and of {SIGN_INS} sign-ins."
    )?;
    let rounds = rounds(&scene)?;
    let watched = commits(&scene)?;
    let loaded = server.memory()?;
    drop(server);
    writeln!(out, "Starting it {ROUNDS} times.")?;
    let starts = starts(&place)?;
    let on_postgres = match postgres {
        None => None,
        Some(url) => {
            writeln!(out, "PostgreSQL: {ROUNDS} rounds of {SIGN_INS} sign-ins.")?;
            Some(sign_ins_on_postgres(program, folder, url, &provider, busy)?)
        }
    };
    Ok(figures(&rounds, watched, idle(&starts, loaded), ready(&starts), on_postgres))
}

/// What the rounds saw.
#[derive(Default)]
struct Rounds {
    hello: Vec<Round>,
    redirect: Vec<Round>,
    root: Vec<Round>,
    dashboard: Vec<Round>,
    sign_in: Vec<Round>,
    /// Commits written, and questions asked of the provider, while redirects were measured.
    written: u32,
    asked: u32,
}

/// Every team's metadata is fetched, every busy team's keys too; says the cookie of a session of each of these.
fn warm_up(
    server: &Server,
    provider: &Provider,
    teams: &[String],
    busy: &[String],
) -> Result<Vec<String>, Failure> {
    let mut connection = crate::http::Connection::open(server.port)?;
    for team in teams {
        let status = connection.ask(&get(&format!("/t/{team}/login"), server.port, ""))?.status;
        if status != 303 {
            return Err(Failure(format!("the login of {team} answered {status}")));
        }
    }
    let mut visitor = Visitor::new(server.port, provider.port)?;
    busy.iter().map(|team| visitor.sign_in(team)).collect()
}

/// A warm service on SQLite and all around it.
#[derive(Clone, Copy)]
struct Scene<'a> {
    server: &'a Server,
    provider: &'a Provider,
    teams: &'a [String],
    busy: &'a [String],
    /// The cookie of a session of each busy team.
    sessions: &'a [String],
    /// The database.
    file: &'a Path,
}

fn rounds(scene: &Scene<'_>) -> Result<Rounds, Failure> {
    let Scene { server, provider, teams, busy, sessions, file } = *scene;
    let (hello, mut dice, mut seen) = (hello(file)?, Dice::new(SEED), Rounds::default());
    for _ in 0..ROUNDS {
        seen.hello.push(load::round(&hello, LENGTH, 200, |to| {
            to.extend(get("/", hello.port, ""));
        })?);
        let (log, asked) = (Log::read(file)?, questions(provider));
        let ask =
            |to: &mut Vec<u8>| to.extend(get(&format!("/t/{}/login", dice.pick(teams)), server.port, ""));
        seen.redirect.push(load::round(server, LENGTH, 303, ask)?);
        // A log that began again has been written to.
        seen.written = seen.written.saturating_add(Log::read(file)?.since(&log).unwrap_or(1));
        seen.asked = seen.asked.saturating_add(questions(provider).saturating_sub(asked));
        let ask = |to: &mut Vec<u8>| to.extend(get("/", server.port, dice.pick(sessions)));
        seen.root.push(load::round(server, LENGTH, 303, ask)?);
        let ask = |to: &mut Vec<u8>| {
            let session = dice.pick(sessions);
            to.extend(get(&format!("/t/{}", team_of(session)), server.port, session));
        };
        seen.dashboard.push(load::round(server, LENGTH, 200, ask)?);
        seen.sign_in.push(sign_in::round(server, provider.port, busy, SIGN_INS, &mut dice)?);
    }
    Ok(seen)
}

/// The `acme` of `td-session-acme=tds_…`.
fn team_of(session: &str) -> &str {
    let pair = session.strip_prefix("td-session-").and_then(|pair| pair.split_once('='));
    pair.map_or("", |(team, _)| team)
}

/// The trivial server, in a process of its own as the service is.
pub fn hello(file: &Path) -> Result<Server, Failure> {
    let port = free_port()?;
    let prepare = |command: &mut std::process::Command| {
        command.args(["hello", &port.to_string()]);
    };
    Server::start(&env::current_exe()?, prepare, port, "/", &file.with_file_name("hello.log"))
}

fn questions(provider: &Provider) -> u32 {
    let counts = provider.counts();
    let all = [counts.discovery, counts.keys, counts.token, counts.userinfo]
        .into_iter()
        .fold(0, u64::saturating_add);
    u32::try_from(all).unwrap_or(u32::MAX)
}

/// Commits of one sign-in.
fn commits(scene: &Scene<'_>) -> Result<f64, Failure> {
    let mut visitor = Visitor::new(scene.server.port, scene.provider.port)?;
    for _ in 0..5 {
        let before = Log::read(scene.file)?;
        scene
            .busy
            .iter()
            .cycle()
            .zip(0..WATCHED)
            .try_for_each(|(team, _)| visitor.sign_in(team).map(drop))?;
        if let Some(commits) = Log::read(scene.file)?.since(&before) {
            return Ok(f64::from(commits) / f64::from(WATCHED));
        }
    }
    Err(Failure("the write-ahead log begins again all the time".to_owned()))
}

/// Milliseconds to ready, and bytes of memory when idle.
fn starts(place: &Place) -> Result<Vec<(f64, u32)>, Failure> {
    (0..ROUNDS)
        .map(|_| {
            let server = place.serve()?;
            thread::sleep(IDLE);
            Ok((server.ready_after.as_secs_f64() * 1e3, server.memory()?))
        })
        .collect()
}

fn sign_ins_on_postgres(
    program: &Path,
    folder: &Path,
    url: &str,
    provider: &Provider,
    busy: &[String],
) -> Result<Vec<Round>, Failure> {
    let place = Place::new(program.to_owned(), folder.join("postgres"), url.to_owned())?;
    place.run(&["migrate"])?;
    let server = place.serve()?;
    place.add_teams(provider, busy)?;
    warm_up(&server, provider, busy, busy)?;
    let mut dice = Dice::new(SEED);
    (0..ROUNDS).map(|_| sign_in::round(&server, provider.port, busy, SIGN_INS, &mut dice)).collect()
}

fn figures(
    rounds: &Rounds,
    commits: f64,
    idle: Figure,
    ready: Figure,
    on_postgres: Option<Vec<Round>>,
) -> Vec<Figure> {
    let hello = Median::of(&rounds.hello);
    let mut figures = vec![
        Figure {
            name: "trivial actix hello",
            value: hello.micros,
            unit: "µs",
            beside: format!("{:.0}/s", hello.per_second),
            target: Target::None,
            takes: "",
        },
        share(
            "redirect of `/t/{team_id}/login`, a team of 1000 at random",
            Target::AtLeast(25.0),
            hello,
            &rounds.redirect,
            "less work in sealing the attempt and in writing headers",
        ),
        count(
            // Every two seconds the health of 1000 connections is written down, 100 in a transaction.
            "commits during these redirects, all of them the batches of health",
            60.0,
            f64::from(rounds.written),
            "a `signin::begin` that writes no row",
        ),
        count(
            "outbound calls during these redirects",
            0.0,
            f64::from(rounds.asked),
            "metadata kept for longer",
        ),
        sign_in("complete sign-in, SQLite", 0.7, &rounds.sign_in),
    ];
    figures.extend(on_postgres.map(|rounds| sign_in("complete sign-in, PostgreSQL", 0.9, &rounds)));
    figures.extend([
        count("commits of a sign-in", 3.0, commits, "a transaction less in `signin::finish`"),
        share(
            "session check: `/` with one session",
            Target::AtLeast(30.0),
            hello,
            &rounds.root,
            "fewer copies and hashes on the way from the cookie to the session",
        ),
        share(
            "dashboard, with a read of the database and its page",
            Target::None,
            hello,
            &rounds.dashboard,
            "",
        ),
        idle,
        ready,
    ]);
    figures
}

fn idle(starts: &[(f64, u32)], loaded: u32) -> Figure {
    let megabytes = |bytes: u32| f64::from(bytes) / 1e6;
    Figure {
        name: "resident memory, idle",
        value: median(starts.iter().map(|(_, memory)| megabytes(*memory)).collect()),
        unit: "MB",
        beside: format!("{:.1} MB after this load", megabytes(loaded)),
        target: Target::AtMost(20.0),
        takes: "fewer threads and connections before the first request",
    }
}

fn ready(starts: &[(f64, u32)]) -> Figure {
    Figure {
        name: "start to ready",
        value: median(starts.iter().map(|(ready, _)| *ready).collect()),
        unit: "ms",
        beside: String::new(),
        target: Target::AtMost(100.0),
        takes: "reading the certificate authorities after the start",
    }
}

fn count(name: &'static str, most: f64, value: f64, takes: &'static str) -> Figure {
    Figure { name, value, unit: "", beside: String::new(), target: Target::AtMost(most), takes }
}

fn sign_in(name: &'static str, most: f64, rounds: &[Round]) -> Figure {
    let Median { per_second, micros } = Median::of(rounds);
    Figure {
        name,
        value: micros / 1e3,
        unit: "ms",
        beside: format!("{per_second:.0}/s, provider and load on one core"),
        target: Target::AtMost(most),
        takes: "fewer statements in the last transaction, or commits shared by several sign-ins",
    }
}

/// A figure as a part of hello: the smaller one of its parts by processor time and by requests a second.
pub fn share(
    name: &'static str,
    target: Target,
    hello: Median,
    rounds: &[Round],
    takes: &'static str,
) -> Figure {
    let own = Median::of(rounds);
    let (by_cpu, by_rate) = (100.0 * hello.micros / own.micros, 100.0 * own.per_second / hello.per_second);
    Figure {
        name,
        value: by_cpu.min(by_rate),
        unit: "% of hello",
        beside: format!("{:.1} µs ({by_cpu:.1} %), {:.0}/s ({by_rate:.1} %)", own.micros, own.per_second),
        target,
        takes,
    }
}
