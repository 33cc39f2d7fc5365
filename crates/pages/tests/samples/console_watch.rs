//! The console's pages of requests, health, sign-ins and the record.

mod record;

use pages::{
    Compared, Console, ConsoleHealth, ConsoleLastBad, ConsoleReference, ConsoleRequest, ConsoleRequests,
    ConsoleSignIn, ConsoleSignIns, ConsoleTab, ConsoleTrace, ConsoleWell, Face, Finding, FindingState, Pager,
    RequestChecks, RequestDeeds, RequestRow, RequestStanding, RequestText, RequestsShown, TraceFacts,
    TraceReader, Wellness,
};
use vocabulary::Timestamp;

use super::{NOW, ago, problem, reference, team_id, traces};

const HOSTILE: &str = "\"><script>alert(1)</script><b>&'";

fn console(active: ConsoleTab) -> Console {
    Console {
        operators: team_id("operators"),
        person_name: "Olga Petrova".to_owned(),
        csrf: "Zk3vX0mB8yQeT1sR7uJwLhA2nD4cF6gP9iK5oVbNxYq".to_owned(),
        active,
        notice: None,
    }
}

fn pager() -> Pager {
    Pager { previous: Some("/operator/x".to_owned()), next: Some("/operator/x?after=abc".to_owned()) }
}

fn request(n: usize, company: &str, wanted: &str, standing: RequestStanding) -> RequestRow {
    RequestRow {
        id: format!("{n:0>26}"),
        company: company.to_owned(),
        contact: format!("it@{wanted}.test"),
        team_id: team_id(wanted),
        admin_email: format!("ada@{wanted}.test"),
        issuer: Some(format!("https://{wanted}.okta.com")),
        standing,
        made_at: ago(60 * 5),
    }
}

fn decided() -> Vec<RequestRow> {
    vec![
        request(5, "Umbrella", "umbrella", RequestStanding::Approved),
        request(6, "Soylent", "soylent", RequestStanding::Rejected),
    ]
}

fn requests(shown: RequestsShown) -> ConsoleRequests {
    let other = RequestRow {
        contact: "sam@initech-labs.test".to_owned(),
        issuer: None,
        ..request(2, "Initech Labs", "initech", RequestStanding::Asked)
    };
    let queue = vec![
        vec![request(1, "Initech Limited", "initech", RequestStanding::Waiting), other],
        vec![request(3, "Hooli", "hooli", RequestStanding::Waiting)],
    ];
    let is_queue = shown == RequestsShown::Queue;
    let unconfirmed = || vec![request(7, "Wonka", "wonka", RequestStanding::Unconfirmed)];
    ConsoleRequests {
        console: console(ConsoleTab::Requests),
        shown,
        open: 3,
        queue: if is_queue { queue } else { Vec::new() },
        others: if shown == RequestsShown::Unconfirmed { unconfirmed() } else { decided() },
        pager: Pager::default(),
        now: NOW,
    }
}

/// As much as a page may have.
fn many_requests() -> ConsoleRequests {
    let rivals = |n: usize| {
        let all = (0..9).map(|rival: usize| {
            request(
                n * 10 + rival,
                "Bartholomew Ndiaye and Daughters",
                "bartholomew",
                RequestStanding::Waiting,
            )
        });
        all.collect()
    };
    let decided = (0..10).flat_map(|_| decided()).take(10).collect();
    ConsoleRequests {
        open: 135,
        queue: (0..10).map(rivals).collect(),
        others: decided,
        pager: pager(),
        ..requests(RequestsShown::Queue)
    }
}

fn finding(state: FindingState, title: &str, message: &str) -> Finding {
    Finding {
        state,
        title: title.to_owned(),
        message: Some(message.to_owned()),
        remedy: None,
        compared: None,
    }
}

fn findings() -> Vec<Finding> {
    let issuer = Finding {
        remedy: Some("Ask the contact for a request with the issuer that the provider names.".to_owned()),
        compared: Some(Compared {
            before: "https://initech.okta.com".to_owned(),
            entered: "/".to_owned(),
            said: String::new(),
            after: String::new(),
            offered: false,
        }),
        ..finding(FindingState::Failed, "Issuer", "The provider calls itself by another issuer.")
    };
    vec![
        finding(FindingState::Passed, "Address", "The issuer's address may be asked."),
        issuer,
        finding(FindingState::Passed, "Keys", "There are keys for RS256."),
    ]
}

fn one_request() -> ConsoleRequest {
    ConsoleRequest {
        console: console(ConsoleTab::Requests),
        row: request(1, "Initech Limited", "initech", RequestStanding::Waiting),
        client_id: Some("0oa74mh2scJf29qOD697".to_owned()),
        has_secret: true,
        note: Some("Who is Bill?\nAnd who are you?".to_owned()),
        decided: None,
        remarks: vec!["1 more ask for initech.".to_owned()],
        rivals: vec![request(2, "Initech Labs", "initech", RequestStanding::Asked)],
        checks: RequestChecks { last: Some((ago(4), findings())), possible: true },
        deeds: Some(RequestDeeds::default()),
        now: NOW,
    }
}

fn hostile_request() -> ConsoleRequest {
    let hostile = || HOSTILE.to_owned();
    let row = RequestRow {
        company: hostile(),
        contact: hostile(),
        admin_email: hostile(),
        issuer: Some(hostile()),
        ..request(1, "", "initech", RequestStanding::Waiting)
    };
    ConsoleRequest {
        rivals: vec![row.clone()],
        row,
        client_id: Some(hostile()),
        note: Some(hostile()),
        remarks: vec![hostile()],
        ..one_request()
    }
}

fn requests_pages(face: &Face) -> Vec<(&'static str, String)> {
    let empty =
        ConsoleRequests { open: 0, queue: Vec::new(), others: Vec::new(), ..requests(RequestsShown::Queue) };
    let approved = ConsoleRequest {
        row: request(5, "Umbrella", "umbrella", RequestStanding::Approved),
        has_secret: false,
        note: None,
        decided: Some((ago(30), "Olga Petrova, operator".to_owned())),
        remarks: Vec::new(),
        rivals: Vec::new(),
        checks: RequestChecks { last: None, possible: true },
        deeds: None,
        ..one_request()
    };
    let later = ConsoleRequest {
        row: RequestRow { issuer: None, ..request(3, "Hooli", "hooli", RequestStanding::Unconfirmed) },
        client_id: None,
        checks: RequestChecks { last: None, possible: false },
        ..approved.clone()
    };
    let wrong =
        |text: &str| RequestText { typed: String::new(), problem: Some(problem(text, "form_invalid")) };
    let no_reason =
        RequestDeeds { reason: wrong("Write something for the contact."), ..RequestDeeds::default() };
    let no_claim =
        RequestDeeds { requirement: wrong("A claim looks like hd=acme.com."), ..RequestDeeds::default() };
    vec![
        ("console-requests", requests(RequestsShown::Queue).render(face)),
        ("console-requests-empty", empty.render(face)),
        ("console-requests-decided", requests(RequestsShown::Decided).render(face)),
        ("console-requests-unconfirmed", requests(RequestsShown::Unconfirmed).render(face)),
        ("console-requests-full", many_requests().render(face)),
        ("console-request", one_request().render(face)),
        ("console-request-hostile", hostile_request().render(face)),
        ("console-request-approved", approved.render(face)),
        ("console-request-unconfirmed", ConsoleRequest { decided: None, ..later }.render(face)),
        ("console-request-problem", ConsoleRequest { deeds: Some(no_reason), ..one_request() }.render(face)),
        (
            "console-request-problem-claim",
            ConsoleRequest { deeds: Some(no_claim), ..one_request() }.render(face),
        ),
    ]
}

fn well(team: &str, wellness: Wellness, message: &str, remedy: Option<&str>) -> ConsoleWell {
    let unwell = remedy.is_some();
    ConsoleWell {
        team_id: team_id(team),
        wellness,
        message: message.to_owned(),
        remedy: remedy.map(str::to_owned),
        started: 1_204,
        returned: 1_190,
        finished: 1_181,
        refused: 9,
        last_good: Some(ago(if unwell { 60 * 30 } else { 3 })),
        last_bad: unwell.then(|| ConsoleLastBad {
            at: ago(9),
            cause: "idp_client_rejected".to_owned(),
            reference: "7K2F-9QXM".to_owned(),
        }),
    }
}

fn health() -> ConsoleHealth {
    let failing = well(
        "globex",
        Wellness::Failing,
        "5 sign-ins in a row were refused since the last good one, the last with idp_client_rejected.",
        Some(
            "The identity provider rejected the client secret (expired or rotated?). Make a new one there, then: `teamdoor team set globex --client-secret-file FILE`.",
        ),
    );
    let quiet = ConsoleWell {
        last_good: None,
        ..well("hooli", Wellness::Quiet, "Nobody has tried to sign in with these settings yet.", None)
    };
    let rows = vec![failing, well("acme", Wellness::Well, "People come in.", None), quiet];
    ConsoleHealth { console: console(ConsoleTab::Health), rows, pager: Pager::default(), now: NOW }
}

fn sign_ins(rows: Vec<ConsoleSignIn>) -> ConsoleSignIns {
    ConsoleSignIns {
        console: console(ConsoleTab::SignIns),
        rows,
        team: None,
        no_reference: None,
        pager: Pager::default(),
        now: NOW,
    }
}

fn sign_in(at: Timestamp, team: &str, code: &str, stage: &str) -> ConsoleSignIn {
    ConsoleSignIn {
        at,
        reference: "5VNB-K3AA".to_owned(),
        team_id: team.to_owned(),
        code: code.to_owned(),
        stage: stage.to_owned(),
    }
}

pub fn all(face: &Face) -> Vec<(&'static str, String)> {
    let mut pages = requests_pages(face);
    let full_health = (0..30).flat_map(|_| health().rows.into_iter().take(1)).collect();
    let rows = vec![
        sign_in(ago(9), "acme", "idp_not_assigned", "authorization"),
        sign_in(ago(60 * 27), "globex", "idp_client_rejected", "token"),
    ];
    let longest = words_longest();
    let full = (0..50).map(|_| sign_in(ago(60 * 24 * 9), "bartholomew-and-daughters", longest.0, longest.1));
    let facts = TraceFacts {
        reader: TraceReader::Operator,
        ..traces::one(
            "idp_not_assigned",
            "authorization",
            "the identity provider refused: access_denied User is not assigned to the client application.",
        )
    };
    let sign_in_list = || console(ConsoleTab::SignIns);
    let unknown = ConsoleReference {
        console: sign_in_list(),
        reference: reference(),
        rows: Vec::new(),
        problem: Some("reference_unknown"),
        now: NOW,
    };
    pages.extend([
        ("console-health", health().render(face)),
        ("console-health-full", ConsoleHealth { rows: full_health, pager: pager(), ..health() }.render(face)),
        ("console-health-empty", ConsoleHealth { rows: Vec::new(), ..health() }.render(face)),
        ("console-sign-ins", sign_ins(rows).render(face)),
        (
            "console-sign-ins-full",
            ConsoleSignIns {
                pager: pager(),
                team: Some("bartholomew-and-daughters".to_owned()),
                ..sign_ins(full.collect())
            }
            .render(face),
        ),
        (
            "console-sign-ins-empty",
            ConsoleSignIns { team: Some("acme".to_owned()), ..sign_ins(Vec::new()) }.render(face),
        ),
        (
            "console-sign-ins-typed",
            ConsoleSignIns { no_reference: Some("7k2f".to_owned()), ..sign_ins(Vec::new()) }.render(face),
        ),
        ("console-trace", ConsoleTrace { console: sign_in_list(), facts }.render(face)),
        (
            "console-reference",
            ConsoleReference { rows: record::deeds(), problem: None, ..unknown.clone() }.render(face),
        ),
        ("console-reference-problem", unknown.render(face)),
    ]);
    pages.extend(record::all(face));
    pages
}

/// Code and stage of the longest sentence there is.
fn words_longest() -> (&'static str, &'static str) {
    let all = pages::words::traces::CAUSES.iter();
    let longest = all.max_by_key(|cause| cause.message.len()).unwrap();
    (longest.code, longest.stage.unwrap_or(""))
}
