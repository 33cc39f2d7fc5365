//! The pages of refused sign-ins.

use pages::{Face, Pager, Tab, Trace, TraceFacts, TraceReader, TraceRow, TraceTimes, Traces};

use super::{NOW, ago, frame, reference, team_id};

fn row(minutes: u64, reference: &str, code: &str, stage: &str) -> TraceRow {
    TraceRow {
        at: ago(minutes),
        reference: reference.to_owned(),
        code: code.to_owned(),
        stage: stage.to_owned(),
    }
}

fn list(rows: Vec<TraceRow>) -> Traces {
    Traces { house: frame(Tab::Sso), rows, not_found: None, pager: Pager::default(), now: NOW }
}

fn several() -> Vec<TraceRow> {
    vec![
        row(9, "7K2F-9QXM", "idp_not_assigned", "authorization"),
        row(40, "3D8C-H1TV", "idp_client_rejected", "token"),
        row(60 * 27, "Q0W2-88RZ", "email_domain", "policy"),
        row(60 * 24 * 9, "5VNB-K3AA", "launch_team_id_spelling", "launch"),
    ]
}

/// The longest sentence there is, fifty times.
fn full() -> Traces {
    let longest = pages::words::traces::CAUSES.iter().max_by_key(|cause| cause.message.len()).unwrap();
    let rows = (0..50).map(|_| row(60 * 24 * 9, "5VNB-K3AA", longest.code, longest.stage.unwrap_or("")));
    let pager = Pager {
        previous: Some("/t/acme/settings/sso/sign-ins".to_owned()),
        next: Some("?after=1.7K2F-9QXM".to_owned()),
    };
    Traces { pager, ..list(rows.collect()) }
}

fn of(facts: TraceFacts) -> Trace {
    Trace { house: frame(Tab::Sso), facts }
}

pub fn one(code: &str, stage: &str, detail: &str) -> TraceFacts {
    TraceFacts {
        team_id: team_id("acme"),
        team_name: "Acme".to_owned(),
        reader: TraceReader::Admin,
        reference: reference(),
        at: ago(9),
        code: code.to_owned(),
        stage: stage.to_owned(),
        detail: detail.to_owned(),
        times: TraceTimes { away: Some(5_210), whole: Some(3), ..TraceTimes::default() },
        claims: Vec::new(),
        idp: Some("Okta"),
        now: NOW,
    }
}

pub fn all(face: &Face) -> Vec<(&'static str, String)> {
    let claims = ["aud", "email", "email_verified", "exp", "groups", "iat", "iss", "name", "nonce", "sub"];
    let domain = TraceFacts {
        times: TraceTimes { away: Some(62_000), token: Some(120), userinfo: Some(1_320), whole: Some(1_460) },
        claims: claims.map(str::to_owned).into(),
        idp: None,
        ..one("email_domain", "policy", "the email is outside the allowed domains")
    };
    let unassigned =
        "the identity provider refused: access_denied User is not assigned to the client application.";
    let many = TraceFacts {
        claims: (0..50).map(|n| format!("{n:x<64}")).collect(),
        detail: "w".repeat(500),
        ..domain.clone()
    };
    let unfound = Traces { not_found: Some("7k2f 9qxn".to_owned()), ..list(Vec::new()) };
    vec![
        ("traces", list(several()).render(face)),
        ("traces-empty", list(Vec::new()).render(face)),
        ("traces-unfound", unfound.render(face)),
        ("traces-full", full().render(face)),
        ("trace", of(one("idp_not_assigned", "authorization", unassigned)).render(face)),
        ("trace-claims", of(domain).render(face)),
        ("trace-full", of(many).render(face)),
    ]
}
