//! The console's pages of the record.

use pages::{ConsoleDeed, ConsoleRecord, ConsoleTab, Face, Pager, RecordFilter};

use super::{console, pager};
use crate::samples::{NOW, ago, problem};

fn deed(act: &str, word: &str, target: Option<&str>, detail: Option<&str>) -> ConsoleDeed {
    ConsoleDeed {
        at: ago(60 * 26),
        team: Some("acme".to_owned()),
        actor: "Olga Petrova, operator".to_owned(),
        actor_id: "console:00000000000000000000000001".to_owned(),
        act: act.to_owned(),
        word: word.to_owned(),
        target: target.map(str::to_owned),
        detail: detail.map(str::to_owned),
        reference: None,
    }
}

pub fn deeds() -> Vec<ConsoleDeed> {
    let with_reference = ConsoleDeed {
        reference: Some("5VNB-K3AA".to_owned()),
        actor: "Ada Lovelace".to_owned(),
        ..deed("signed in", "person.signed_in", None, Some(r#"{"by":"tile"}"#))
    };
    let approved = ConsoleDeed {
        team: None,
        ..deed(
            "approved a request for a team",
            "request.approved",
            None,
            Some(r#"{"request":"01hx3z","team_id":"acme"}"#),
        )
    };
    vec![
        with_reference,
        deed("made … an admin", "person.role_set", Some("Bob Kahn"), Some(r#"{"to":"admin"}"#)),
        approved,
    ]
}

fn record(rows: Vec<ConsoleDeed>) -> ConsoleRecord {
    ConsoleRecord {
        console: console(ConsoleTab::Record),
        filter: RecordFilter::default(),
        acts: vec!["team.added", "person.role_set", "request.approved"],
        rows,
        export: Some("/operator/audit?format=jsonl".to_owned()),
        pager: Pager::default(),
        now: NOW,
    }
}

pub fn all(face: &Face) -> Vec<(&'static str, String)> {
    let long = r#"{"changed":["name","admin_email","issuer","client_id","client_secret","options"]}"#;
    let full = (0..30).map(|_| ConsoleDeed {
        reference: Some("5VNB-K3AA".to_owned()),
        ..deed("made … an admin, as configured", "person.promoted", Some("Bartholomew Ndiaye"), Some(long))
    });
    let acts = std::iter::repeat_n("team.settings_discarded", 70).collect();
    let typed = RecordFilter {
        team: "no team".to_owned(),
        act: "person.role_set".to_owned(),
        problem: Some(problem("“no team” is no Team ID.", "form_invalid")),
        ..RecordFilter::default()
    };
    vec![
        ("console-record", record(deeds()).render(face)),
        (
            "console-record-empty",
            ConsoleRecord {
                filter: RecordFilter { team: "acme".to_owned(), ..RecordFilter::default() },
                ..record(Vec::new())
            }
            .render(face),
        ),
        (
            "console-record-full",
            ConsoleRecord { pager: pager(), acts, ..record(full.collect()) }.render(face),
        ),
        (
            "console-record-problem",
            ConsoleRecord { filter: typed, export: None, ..record(Vec::new()) }.render(face),
        ),
    ]
}
