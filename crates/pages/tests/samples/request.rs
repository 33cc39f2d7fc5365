//! The pages of a request for a team.

use pages::words::request as say;
use pages::{
    ConfirmRequest, Face, Failure, RequestConfirmed, RequestField, RequestForm, RequestProblem, RequestSent,
};
use vocabulary::Email;

use super::{reference, team_id};

pub fn all(face: &Face) -> Vec<(&'static str, String)> {
    let typed = RequestForm {
        company: "Acme Limited".to_owned(),
        contact: "it@acme.test".to_owned(),
        team_id: "acme_labs".to_owned(),
        admin_email: "ada".to_owned(),
        issuer: "https://acme-admin.okta.com".to_owned(),
        client_id: "0oa74mh2scJf29qOD697".to_owned(),
        problem: None,
    };
    let problem = |code, sentence: Option<&str>, fields| RequestProblem {
        code,
        reference: reference(),
        sentence: sentence.map(str::to_owned),
        fields,
        secret_dropped: true,
    };
    let wrong = vec![
        (RequestField::TeamId, pages::words::TEAM_ID_INVALID.to_owned()),
        (RequestField::AdminEmail, say::EMAIL_WRONG.to_owned()),
        (RequestField::Issuer, say::issuer_admin_host("https://acme.okta.com")),
    ];
    let wrong = RequestForm { problem: Some(problem("request_invalid", None, wrong)), ..typed.clone() };
    let limited = problem("rate_limited", Some(say::TOO_MANY), Vec::new());
    let limited = RequestForm { problem: Some(limited), ..typed };
    let remarks = vec![say::TEAM_ID_UNLIKE_ISSUER, say::ISSUER_SHARED];
    let gone = Failure::new("request_link_gone", say::link_gone(), reference())
        .with_button(say::ASK_AGAIN, "/request");
    let mut pages = vec![
        ("request", RequestForm::default().render(face)),
        ("request-problem", wrong.render(face)),
        ("request-limited-problem", limited.render(face)),
        ("request-sent", RequestSent::default().render(face)),
        ("request-sent-remarks", RequestSent { remarks }.render(face)),
        ("failure-request-link", gone.render(face)),
    ];
    pages.extend(confirming(face));
    pages
}

fn confirming(face: &Face) -> Vec<(&'static str, String)> {
    let email = |text| Email::parse(text).unwrap();
    let later = ConfirmRequest {
        address: "/request/confirm/tdq_x".to_owned(),
        company: "Acme Limited".to_owned(),
        team_id: team_id("acme"),
        admin_email: email("ada@acme.test"),
        issuer: None,
        client_id: None,
        has_secret: false,
        remarks: Vec::new(),
    };
    let whole = ConfirmRequest {
        team_id: team_id("widgets"),
        issuer: Some("https://acme.okta.com".to_owned()),
        client_id: Some("0oa74mh2scJf29qOD697".to_owned()),
        has_secret: true,
        remarks: vec![say::unlike_issuer("widgets", "acme")],
        ..later.clone()
    };
    let done = RequestConfirmed { team_id: team_id("acme"), contact: email("it@acme.test") };
    vec![
        ("request-confirm", later.render(face)),
        ("request-confirm-whole", whole.render(face)),
        ("request-confirmed", done.render(face)),
    ]
}
