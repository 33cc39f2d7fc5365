//! Everything a provider can do wrong, or unusually but rightly, one after the other: for every misbehaviour
//! that must be refused nobody is signed in, nothing is asked twice or elsewhere, the page tells the person
//! and nobody else's secrets, and the reference id leads to stage and cause.
//!
//! Each row has a team of its own, so that nothing of its provider is remembered.

mod expected;

use std::time::Duration;

use mock_idp::{Counts, DiscoveryFault, Endpoint, Misbehaviour, Verdict};
use support::{Answer, Browser, World, on_both};

use expected::{Expected, Kept, expected};

/// What no page and no trace may show: raw texts of the provider, tokens, secrets.
const NEVER: [&str; 9] = [
    "<script",
    "onerror",
    "\u{202e}",
    "\u{1b}",
    "long long",
    "eyJ",
    "practice-secret-of",
    "told to",
    "No specification names this",
];

on_both! {
    async fn no_metadata_or_keys_that_break_on_the_wire_sign_anybody_in(db) {
        let early = |row| matches!(row, Misbehaviour::Wire(Endpoint::Discovery | Endpoint::Keys, _));
        run(&World::new(db).await, early).await;
    }

    async fn no_token_answer_that_breaks_on_the_wire_signs_anybody_in(db) {
        let late = |row| matches!(row, Misbehaviour::Wire(Endpoint::Token | Endpoint::UserInfo, _));
        run(&World::new(db).await, late).await;
    }

    async fn no_wrong_id_token_signs_anybody_in(db) {
        run(&World::new(db).await, |row| {
            matches!(row, Misbehaviour::Signature(_) | Misbehaviour::Claims(_) | Misbehaviour::Times(_))
        })
        .await;
    }

    async fn no_wrong_metadata_keys_or_answers_sign_anybody_in(db) {
        run(&World::new(db).await, |row| {
            !matches!(
                row,
                Misbehaviour::Wire(..)
                    | Misbehaviour::Signature(_)
                    | Misbehaviour::Claims(_)
                    | Misbehaviour::Times(_)
            )
        })
        .await;
    }
}

#[test]
fn a_refusal_and_an_acceptance_agree_with_the_practice_providers_own_verdict() {
    for row in Misbehaviour::all() {
        let signed_in = matches!(expected(row), Expected::SignedIn);
        match row.verdict() {
            // Only where the operator has not allowed the network; the guard's own tests refuse it.
            Verdict::Refused if row == DiscoveryFault::LoopbackInDisguise.into() => {}
            Verdict::Refused => assert!(!signed_in, "{row:?}"),
            Verdict::Accepted => assert!(signed_in, "{row:?}"),
            Verdict::Either => {}
        }
    }
}

async fn run(world: &World, wanted: impl Fn(Misbehaviour) -> bool) {
    world.idp.set_delay("acme", Duration::from_secs(3));
    let mut complaints = Vec::new();
    for (n, row) in Misbehaviour::all().filter(|row| wanted(*row)).enumerate() {
        let team_id = format!("row-{n}");
        world.add_registered_team(&team_id, "acme", "cyd@acme.test", |_, _| ());
        world.idp.behave("acme");
        world.idp.misbehave("acme", row);
        let (browser, before) = (Browser::default(), world.idp.counts("acme"));
        let answer = go_in(world, &browser, &team_id).await;
        let asked = difference(before, world.idp.counts("acme"));
        let told = Told { world, team_id: &team_id, browser: &browser, answer: &answer, asked };
        let found = match expected(row) {
            Expected::SignedIn => told.signed_in().await,
            Expected::Refused { status, code, stage, kept } => told.refused(row, (status, code), stage, kept),
        };
        complaints.extend(found.into_iter().map(|complaint| format!("{row:?}: {complaint}")));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// As far as the service's own answer: the page that refuses, or the redirect of somebody who is in.
async fn go_in(world: &World, browser: &Browser, team_id: &str) -> Answer {
    let start = browser.post(&world.at("/login_sso"), &[("team_id", team_id)]).await;
    let Some(request) = start.location() else { return start };
    let chooser = browser.get(request.as_str()).await;
    let back = match chooser.location() {
        Some(back) => back,
        None => browser.choose(&chooser, "ada@acme.test").await.location().expect("the way back"),
    };
    browser.get(back.as_str()).await
}

fn difference(before: Counts, after: Counts) -> Counts {
    Counts {
        discovery: after.discovery - before.discovery,
        keys: after.keys - before.keys,
        authorize: after.authorize - before.authorize,
        token: after.token - before.token,
        userinfo: after.userinfo - before.userinfo,
        end_session: after.end_session - before.end_session,
        elsewhere: after.elsewhere - before.elsewhere,
    }
}

/// How one row ended.
struct Told<'a> {
    world: &'a World,
    team_id: &'a str,
    browser: &'a Browser,
    answer: &'a Answer,
    asked: Counts,
}

impl Told<'_> {
    fn has_session(&self) -> bool {
        self.browser.cookie(&format!("td-session-{}", self.team_id)).is_some()
    }

    async fn signed_in(&self) -> Vec<String> {
        let mut complaints = Complaints::default();
        let page = self.browser.follow(self.answer.clone()).await;
        complaints
            .unless(self.answer.status == 303, || format!("{} {}", self.answer.status, self.answer.body));
        complaints.unless(self.has_session() && page.status == 200, || format!("not in: {}", page.url));
        let sessions = self.world.sessions_of(self.team_id);
        complaints.unless(sessions == 1, || format!("{sessions} sessions"));
        complaints.unless(self.asked.token == 1, || format!("asked {:?}", self.asked));
        complaints.unless(self.asked.elsewhere == 0, || "somebody went elsewhere".to_owned());
        complaints.unless(!page.body.contains("<script"), || "a script on the page".to_owned());
        complaints.0
    }

    fn refused(&self, row: Misbehaviour, told: (u16, &str), stage: &str, kept: Kept) -> Vec<String> {
        let mut complaints = Complaints::default();
        let got = (self.answer.status, self.answer.code().unwrap_or_default());
        complaints.unless(got == told, || format!("{got:?} instead of {told:?}"));
        complaints.unless(!self.has_session(), || "a session cookie".to_owned());
        complaints.unless(self.world.sessions_of(self.team_id) == 0, || "a session".to_owned());
        complaints.unless(self.asked.token <= 1, || format!("{} token requests", self.asked.token));
        complaints.unless(self.asked.elsewhere == 0, || "somebody went elsewhere".to_owned());
        let of_user_info =
            matches!(row, Misbehaviour::UserInfo(_) | Misbehaviour::Wire(Endpoint::UserInfo, _));
        let most = u64::from(of_user_info);
        complaints.unless(self.asked.userinfo <= most, || format!("UserInfo {} times", self.asked.userinfo));
        let retry = self.answer.header("retry-after").is_some();
        complaints.unless(retry || !matches!(got.0, 503 | 504), || "no Retry-After".to_owned());
        complaints.unless(self.answer.body.contains("class=\"button primary\""), || "no button".to_owned());
        for secret in NEVER {
            complaints.unless(!self.answer.body.contains(secret), || format!("the page shows {secret:?}"));
        }
        match self.answer.reference() {
            None => complaints.0.push("no reference id".to_owned()),
            Some(reference) => self.check_trace(&mut complaints, reference, told.1, stage, kept),
        }
        complaints.0
    }

    fn check_trace(&self, complaints: &mut Complaints, reference: &str, code: &str, stage: &str, kept: Kept) {
        let shape: Vec<usize> = reference.split('-').map(str::len).collect();
        complaints.unless(shape == [4, 4], || format!("the reference is {reference}"));
        let Some(trace) = self.world.trace(reference) else {
            return complaints.unless(kept == Kept::InTheLog, || "no trace".to_owned());
        };
        complaints.unless(kept == Kept::WithTheTeam, || "junk is kept with the team".to_owned());
        let got = (trace.team_id.as_str(), trace.cause.as_str(), trace.stage.as_str());
        complaints
            .unless(got == (self.team_id, code, stage), || format!("the trace says {got:?}, not {stage}"));
        complaints.unless(trace.detail.chars().count() <= 500, || "a long trace".to_owned());
        let odd = trace.detail.contains(|c: char| c.is_control() || c == '\u{202e}');
        complaints.unless(!odd, || format!("control characters: {:?}", trace.detail));
        for secret in ["eyJ", "practice-secret-of"] {
            complaints.unless(!trace.detail.contains(secret), || format!("the trace shows {secret:?}"));
        }
    }
}

#[derive(Default)]
struct Complaints(Vec<String>);

impl Complaints {
    fn unless(&mut self, right: bool, complaint: impl FnOnce() -> String) {
        if !right {
            self.0.push(complaint());
        }
    }
}
