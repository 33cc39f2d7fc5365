//! A round of load: many connections, each with one request under way, kept busy by a single thread.

use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::http::Connection;
use crate::process::Server;

/// How many requests are under way at a time.
const UNDER_WAY: usize = 32;
/// No round asks more than this.
const MOST: u32 = 1_000_000;

/// What a round took.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    /// How many answers came.
    pub answers: u32,
    /// From the first request to the last answer.
    pub wall: Duration,
    /// The server's processor time meanwhile.
    pub cpu: Duration,
}

/// Rounds in one: each number is the median of its own.
#[derive(Clone, Copy, Debug)]
pub struct Median {
    /// Answers a second.
    pub per_second: f64,
    /// The server's processor time for one, in microseconds.
    pub micros: f64,
}

/// Asks `server` for `length` what `request` writes, and expects `status` each time.
pub fn round(
    server: &Server,
    length: Duration,
    status: u16,
    mut request: impl FnMut(&mut Vec<u8>),
) -> Result<Round, Failure> {
    let mut connections =
        (0..UNDER_WAY).map(|_| Connection::open(server.port)).collect::<Result<Vec<_>, _>>()?;
    let mut bytes = Vec::with_capacity(1024);
    let mut write = |connection: &mut Connection| {
        bytes.clear();
        request(&mut bytes);
        connection.send(&bytes)
    };
    let (cpu, began) = (server.cpu()?, Instant::now());
    let mut answers: u32 = 0;
    connections.iter_mut().try_for_each(&mut write)?;
    while began.elapsed() < length && answers < MOST {
        for connection in &mut connections {
            expect(connection, status)?;
            answers = answers.saturating_add(1);
            write(connection)?;
        }
    }
    for connection in &mut connections {
        expect(connection, status)?;
        answers = answers.saturating_add(1);
    }
    Ok(Round { answers, wall: began.elapsed(), cpu: server.cpu()?.saturating_sub(cpu) })
}

/// Asks `server` each of these once, and expects `status` each time.
pub fn each(server: &Server, status: u16, requests: &[Vec<u8>]) -> Result<Round, Failure> {
    let mut connections =
        (0..UNDER_WAY).map(|_| Connection::open(server.port)).collect::<Result<Vec<_>, _>>()?;
    let answers = u32::try_from(requests.len()).unwrap_or(u32::MAX);
    let (cpu, began) = (server.cpu()?, Instant::now());
    for batch in requests.chunks(UNDER_WAY) {
        let mut busy = connections.iter_mut().zip(batch);
        busy.try_for_each(|(connection, request)| connection.send(request))?;
        connections.iter_mut().take(batch.len()).try_for_each(|connection| expect(connection, status))?;
    }
    Ok(Round { answers, wall: began.elapsed(), cpu: server.cpu()?.saturating_sub(cpu) })
}

fn expect(connection: &mut Connection, status: u16) -> Result<(), Failure> {
    let answer = connection.receive()?;
    if answer.status == status {
        Ok(())
    } else {
        Err(Failure(format!("{} where {status} was expected", answer.status)))
    }
}

impl Median {
    /// The median of these rounds.
    pub fn of(rounds: &[Round]) -> Self {
        let each = |number: fn(&Round) -> f64| median(rounds.iter().map(number).collect());
        Self {
            per_second: each(|round| f64::from(round.answers) / round.wall.as_secs_f64()),
            micros: each(|round| round.cpu.as_secs_f64() * 1e6 / f64::from(round.answers.max(1))),
        }
    }
}

/// The middle one of some numbers; zero when there are none.
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_the_median_of_its_own() {
        let round =
            |answers, cpu| Round { answers, wall: Duration::from_secs(1), cpu: Duration::from_millis(cpu) };
        let median = Median::of(&[round(1000, 30), round(3000, 30), round(2000, 80)]);
        assert!((median.per_second - 2000.0).abs() < 1e-9);
        assert!((median.micros - 30.0).abs() < 1e-9);
    }
}
