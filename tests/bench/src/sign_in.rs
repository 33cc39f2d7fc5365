//! Complete sign-ins: begin, the provider's answer, callback; each in a browser of its own that knows nothing.

use std::thread;
use std::time::Instant;

use crate::dice::Dice;
use crate::failure::Failure;
use crate::http::{Answer, Connection};
use crate::load::Round;
use crate::process::{Server, get};

/// How many people sign in at a time.
const AT_A_TIME: u32 = 8;

/// One of those who sign in, again and again.
pub struct Visitor {
    service: Connection,
    provider: Connection,
    ports: (u16, u16),
}

impl Visitor {
    /// Somebody with kept connections to the service and to the provider.
    pub fn new(service: u16, provider: u16) -> Result<Self, Failure> {
        let connections = (Connection::open(service)?, Connection::open(provider)?);
        Ok(Self { service: connections.0, provider: connections.1, ports: (service, provider) })
    }

    /// Signs in to `team` and says the session's cookie, `name=value`.
    pub fn sign_in(&mut self, team: &str) -> Result<String, Failure> {
        let (service, provider) = self.ports;
        let begun = self.service.ask(&get(&format!("/t/{team}/login"), service, ""))?;
        let attempt = begun.cookie("td-attempt-").map(str::to_owned);
        let (request, attempt) = (location(&begun, "login")?, attempt.unwrap_or_default());
        let granted = self.provider.ask(&get(&request, provider, ""))?;
        let callback = location(&granted, "the provider")?;
        let signed_in = self.service.ask(&get(&callback, service, &attempt))?;
        let session = signed_in.cookie("td-session-").map(str::to_owned);
        session.ok_or_else(|| {
            Failure(format!("the callback of {team} answered {} without a session", signed_in.status))
        })
    }
}

fn location(answer: &Answer<'_>, whose: &str) -> Result<String, Failure> {
    answer.location().ok_or_else(|| Failure(format!("{whose} answered {} and leads nowhere", answer.status)))
}

/// Lets people sign in to teams at random, `count` times in all, several at a time.
pub fn round(
    server: &Server,
    provider: u16,
    teams: &[String],
    count: u32,
    dice: &mut Dice,
) -> Result<Round, Failure> {
    let each = count / AT_A_TIME;
    let mut crowd = (0..AT_A_TIME)
        .map(|_| Ok((Visitor::new(server.port, provider)?, Dice::new(dice.throw()))))
        .collect::<Result<Vec<_>, Failure>>()?;
    let (cpu, began) = (server.cpu()?, Instant::now());
    thread::scope(|scope| {
        let visits: Vec<_> = crowd
            .iter_mut()
            .map(|(visitor, dice)| {
                scope.spawn(move || (0..each).try_for_each(|_| visitor.sign_in(dice.pick(teams)).map(drop)))
            })
            .collect();
        visits.into_iter().try_for_each(|visit| {
            visit.join().unwrap_or_else(|_panic| Err(Failure("a visitor died".to_owned())))
        })
    })?;
    let answers = each.saturating_mul(AT_A_TIME);
    Ok(Round { answers, wall: began.elapsed(), cpu: server.cpu()?.saturating_sub(cpu) })
}
