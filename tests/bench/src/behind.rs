//! The product behind the door: what the requests of an app take, beside the trivial hello and the bare signatures
//! of the same run. SQLite, so that a redeemed code is durable on this machine's own disk.

mod codes;
mod signing;

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use serde_json::json;

use crate::api::{self, Api};
use crate::dice::Dice;
use crate::failure::Failure;
use crate::load::{self, Median, Round};
use crate::measure::{hello, share};
use crate::process::{Server, get};
use crate::report::{Figure, Target};
use crate::service::{Place, Provider};
use crate::sign_in::Visitor;
use codes::{Client, Codes};
use signing::Bare;

const SEED: u64 = 20_261_122;
/// In how many teams somebody is signed in.
const TEAMS: u32 = 100;
const ROUNDS: u32 = 3;
const LENGTH: Duration = Duration::from_secs(2);
/// How many codes one round redeems.
const CODES: usize = 3000;

/// What the rounds saw.
#[derive(Default)]
struct Rounds {
    hello: Vec<Round>,
    discovery: Vec<Round>,
    keys: Vec<Round>,
    authorize: Vec<Round>,
    userinfo: Vec<Round>,
    introspect: Vec<Round>,
    forward_auth: Vec<Round>,
    es256: Vec<Round>,
    rs256: Vec<Round>,
    bare_es256: Vec<Round>,
    bare_rs256: Vec<Round>,
}

/// Measures everything.
pub fn measure(program: &Path, folder: &Path, out: &mut dyn Write) -> Result<Vec<Figure>, Failure> {
    let provider = Provider::start()?;
    let folder = folder.join("behind");
    let file = folder.join("teamdoor.db");
    let place = Place::new(program.to_owned(), folder, format!("sqlite://{}", file.display()))?;
    let server = place.serve()?;
    writeln!(out, "SQLite: {TEAMS} teams, two apps, {ROUNDS} rounds of {LENGTH:?} or {CODES} codes each.")?;
    let teams: Vec<String> = (0..TEAMS).map(|n| format!("team-{n:04}")).collect();
    place.add_teams(&provider, &teams)?;
    let mut visitor = Visitor::new(server.port, provider.port)?;
    let sessions = teams.iter().map(|team| visitor.sign_in(team)).collect::<Result<Vec<_>, _>>()?;
    let mut operator = Api::new(server.port, &place.bearer()?)?;
    let scene = Scene {
        server: &server,
        hello: &hello(&file)?,
        sessions: &sessions,
        es256: client(&mut operator, "ES256")?,
        rs256: client(&mut operator, "RS256")?,
    };
    let rounds = scene.rounds()?;
    Ok(figures(&rounds))
}

fn client(operator: &mut Api, alg: &str) -> Result<Client, Failure> {
    let app = json!({ "name": format!("Bench {alg}"), "redirect_uris": [codes::REDIRECT_URI], "id_token_alg": alg });
    let made = operator.ask("POST /apps", &app.to_string(), 201)?;
    let text = |name: &str| made.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    Ok(Client { id: text("client_id"), secret: text("client_secret") })
}

struct Scene<'a> {
    server: &'a Server,
    hello: &'a Server,
    /// The cookie of a session in each team.
    sessions: &'a [String],
    es256: Client,
    rs256: Client,
}

impl Scene<'_> {
    fn rounds(&self) -> Result<Rounds, Failure> {
        let (port, mut dice, mut seen) = (self.server.port, Dice::new(SEED), Rounds::default());
        let (mut es256, mut rs256) = (Bare::es256()?, Bare::rs256()?);
        let tokens = self.access_tokens(&mut dice)?;
        for _ in 0..ROUNDS {
            let plain = |path: &'static str, port| move |to: &mut Vec<u8>| to.extend(get(path, port, ""));
            seen.hello.push(load::round(self.hello, LENGTH, 200, plain("/", self.hello.port))?);
            let discovery = plain("/.well-known/openid-configuration", port);
            seen.discovery.push(load::round(self.server, LENGTH, 200, discovery)?);
            seen.keys.push(load::round(self.server, LENGTH, 200, plain("/oauth2/jwks", port))?);
            let ask = |to: &mut Vec<u8>| to.extend(self.es256.authorize(dice.pick(self.sessions), port));
            seen.authorize.push(load::round(self.server, LENGTH, 303, ask)?);
            let ask = |to: &mut Vec<u8>| {
                let session = dice.pick(self.sessions);
                let path = format!("/forward-auth?team={}", codes::team_of(session));
                to.extend(get(&path, port, session));
            };
            seen.forward_auth.push(load::round(self.server, LENGTH, 200, ask)?);
            let ask = |to: &mut Vec<u8>| to.extend(userinfo(dice.pick(&tokens), port));
            seen.userinfo.push(load::round(self.server, LENGTH, 200, ask)?);
            let ask = |to: &mut Vec<u8>| to.extend(self.es256.introspect(dice.pick(&tokens), port));
            seen.introspect.push(load::round(self.server, LENGTH, 200, ask)?);
            seen.bare_es256.push(es256.round(LENGTH)?);
            seen.bare_rs256.push(rs256.round(LENGTH)?);
            seen.es256.push(self.redeem(&self.es256, &mut dice)?);
            seen.rs256.push(self.redeem(&self.rs256, &mut dice)?);
        }
        Ok(seen)
    }

    /// An access token of each session.
    fn access_tokens(&self, dice: &mut Dice) -> Result<Vec<String>, Failure> {
        let mut codes = Codes::of(&self.es256, self.server.port)?;
        let sessions: Vec<_> = self.sessions.iter().map(|_| dice.pick(self.sessions)).collect();
        sessions.into_iter().map(|session| codes.access_token(session)).collect()
    }

    /// Codes are got ready, and then redeemed one after the other.
    fn redeem(&self, client: &Client, dice: &mut Dice) -> Result<Round, Failure> {
        let mut codes = Codes::of(client, self.server.port)?;
        let exchanges = (0..CODES).map(|_| codes.exchange(dice.pick(self.sessions)));
        let exchanges = exchanges.collect::<Result<Vec<_>, _>>()?;
        load::each(self.server, 200, &exchanges)
    }
}

fn userinfo(token: &str, port: u16) -> Vec<u8> {
    let head = format!("Authorization: Bearer {token}");
    api::write("POST", "/oauth2/userinfo", port, &head, "application/x-www-form-urlencoded", "")
}

fn figures(rounds: &Rounds) -> Vec<Figure> {
    let hello = Median::of(&rounds.hello);
    let of_hello = |name, target, rounds: &[Round], takes| share(name, target, hello, rounds, takes);
    let (half, none) = (Target::AtLeast(50.0), Target::None);
    vec![
        of_hello("discovery", half, &rounds.discovery, "fewer headers"),
        of_hello("key set", half, &rounds.keys, "fewer headers"),
        of_hello("authorization with a live session", none, &rounds.authorize, ""),
        of_hello("UserInfo", none, &rounds.userinfo, ""),
        of_hello("introspection", none, &rounds.introspect, ""),
        of_hello(
            "forward-auth on our own host",
            Target::AtLeast(35.0),
            &rounds.forward_auth,
            "fewer copies and hashes on the way from the cookie to the session",
        ),
        bare("bare ES256 signature", &rounds.bare_es256),
        signed("code exchange, durable, ES256", 15.0, &rounds.bare_es256, &rounds.es256),
        bare("bare RS256 signature", &rounds.bare_rs256),
        signed("code exchange, durable, RS256", 65.0, &rounds.bare_rs256, &rounds.rs256),
    ]
}

fn bare(name: &'static str, rounds: &[Round]) -> Figure {
    let Median { per_second, micros } = Median::of(rounds);
    let beside = format!("{per_second:.0}/s");
    Figure { name, value: micros, unit: "µs", beside, target: Target::None, takes: "" }
}

/// An exchange as a part of the bare signature's rate: the smaller one by processor time and by exchanges a second.
fn signed(name: &'static str, least: f64, bare: &[Round], rounds: &[Round]) -> Figure {
    let (bare, own) = (Median::of(bare), Median::of(rounds));
    let (by_cpu, by_rate) = (100.0 * bare.micros / own.micros, 100.0 * own.per_second / bare.per_second);
    Figure {
        name,
        value: by_cpu.min(by_rate),
        unit: "% of the bare signature",
        beside: format!("{:.0} µs ({by_cpu:.1} %), {:.0}/s ({by_rate:.1} %)", own.micros, own.per_second),
        target: Target::AtLeast(least),
        takes: "fewer statements in the transaction that redeems, or commits shared by several exchanges",
    }
}
