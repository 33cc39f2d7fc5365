//! The shape of requests for a team.

use utoipa::ToSchema;

use super::CheckShown;

/// A company's request for a team.
// `onboarding` writes this JSON; a test compares the two.
#[derive(ToSchema)]
#[schema(as = Request)]
#[expect(dead_code, reason = "described here, written in `onboarding`")]
pub(crate) struct RequestShown {
    /// Its key.
    id: String,
    /// `unconfirmed`, `waiting`, `asked`, `approved` or `rejected`.
    status: String,
    /// Who asks.
    company: String,
    /// Who is written to.
    contact: String,
    /// The Team ID they want.
    #[schema(example = "acme")]
    team_id: String,
    /// Who becomes admin on their first sign-in.
    admin_email: String,
    /// Their identity provider; null when that comes later.
    #[schema(required)]
    issuer: Option<String>,
    /// Our name there.
    #[schema(required)]
    client_id: Option<String>,
    /// Whether a secret came along. It leaves the request when that is decided.
    client_secret_set: bool,
    /// What an operator last wrote to the contact.
    #[schema(required)]
    note: Option<String>,
    /// How the provider was found when it was last asked.
    #[schema(required)]
    checks: Option<RequestChecks>,
    /// When it was made.
    #[schema(format = DateTime)]
    made_at: String,
    /// When it was approved or rejected.
    #[schema(required, format = DateTime)]
    decided_at: Option<String>,
    /// By whom, as the record names them.
    #[schema(required, example = "operator:deploy")]
    decided_by: Option<String>,
    /// The ids of other open requests for the same Team ID.
    rivals: Vec<String>,
    /// What is worth a second thought.
    remarks: Vec<RemarkShown>,
}

/// The checks of the provider that a request names.
#[derive(ToSchema)]
#[expect(dead_code, reason = "described here, written in `onboarding`")]
pub(crate) struct RequestChecks {
    /// When they were made.
    #[schema(format = DateTime)]
    at: String,
    /// In the order they were made.
    checks: Vec<CheckShown>,
}

/// Something about a request that is worth a second thought.
#[derive(ToSchema)]
#[schema(as = Remark)]
#[expect(dead_code, reason = "described here, written in `onboarding`")]
pub(crate) struct RemarkShown {
    /// `team_id_taken`, `rivals`, `team_id_unlike_issuer` or `issuer_shared`.
    code: String,
    /// A sentence.
    message: String,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use onboarding::request::{Look, Request, Status};
    use serde_json::{Value, json};
    use utoipa::OpenApi as _;
    use vocabulary::{Email, TeamId, Timestamp};

    use super::super::Description;

    fn keys(value: &Value) -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn a_request_is_described_as_it_is_written() {
        let described = serde_json::to_value(Description::openapi()).unwrap();
        let email = |text| Email::parse(text).unwrap();
        let request = Request {
            id: "0".repeat(26),
            status: Status::Waiting,
            company: "Acme".to_owned(),
            contact: email("it@acme.test"),
            team_id: TeamId::parse("acme").unwrap(),
            admin_email: email("ada@acme.test"),
            issuer: None,
            client_id: None,
            sealed_secret: Some("k1.sealed".to_owned()),
            note: None,
            checks: None,
            made_at: Timestamp::from_millis(0),
            decided_at: None,
            decided_by: None,
        };
        let written = json!(Look { request, rivals: Vec::new(), remarks: Vec::new() });
        assert_eq!(keys(&described["components"]["schemas"]["Request"]["properties"]), keys(&written));
        assert_eq!(written["client_secret_set"], true);
        assert!(!written.to_string().contains("k1.sealed"));
    }
}
