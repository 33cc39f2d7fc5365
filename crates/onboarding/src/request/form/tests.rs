//! Every field that is wrong is told, each with its own fault.

use super::*;

fn good() -> Said {
    Said {
        company: " Acme Limited ".to_owned(),
        contact: "it@acme.test".to_owned(),
        team_id: "ACME".to_owned(),
        admin_email: "ada@acme.test".to_owned(),
        issuer: " acme.okta.com ".to_owned(),
        client_id: " 0oa1 ".to_owned(),
        client_secret: SaidSecret::read(" s3cret "),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "each test makes its own")]
fn wrong(said: Said) -> Vec<Wrong> {
    NewRequest::read(&said, PlainHttp::Refused).unwrap_err()
}

#[test]
fn what_people_type_is_forgiven() {
    let read = NewRequest::read(&good(), PlainHttp::Refused).unwrap();
    assert_eq!((read.company.as_str(), read.team_id.as_str()), ("Acme Limited", "acme"));
    assert_eq!(read.issuer.unwrap().as_str(), "https://acme.okta.com");
    assert_eq!(read.client_id.unwrap().as_str(), "0oa1");
    assert_eq!(read.client_secret.unwrap().reveal(), "s3cret");
}

#[test]
fn the_connection_may_wait() {
    let later = Said {
        issuer: " ".to_owned(),
        client_id: String::new(),
        client_secret: SaidSecret::read(" "),
        ..good()
    };
    let read = NewRequest::read(&later, PlainHttp::Refused).unwrap();
    assert!(read.issuer.is_none() && read.client_id.is_none() && read.client_secret.is_none());
}

#[test]
fn each_fault_is_told_apart() {
    let text = str::to_owned;
    let proposed = || "https://acme.okta.com".to_owned();
    let table = [
        (Said { company: text(" "), ..good() }, Wrong::Company),
        (Said { company: "x".repeat(101), ..good() }, Wrong::Company),
        (Said { company: text("a\0b"), ..good() }, Wrong::Company),
        (Said { contact: text("it"), ..good() }, Wrong::Contact),
        (Said { team_id: text(""), ..good() }, Wrong::TeamId(TypedTeamIdError::Empty)),
        (Said { team_id: text("a@b.c"), ..good() }, Wrong::TeamId(TypedTeamIdError::EmailAddress)),
        (Said { team_id: text("a b"), ..good() }, Wrong::TeamId(TypedTeamIdError::Invalid)),
        (Said { team_id: text("teams"), ..good() }, Wrong::TeamIdReserved),
        (Said { admin_email: text("ada@"), ..good() }, Wrong::AdminEmail),
        (Said { issuer: text("http://acme.okta.com"), ..good() }, Wrong::Issuer(IssuerError::NotHttps)),
        (
            Said { issuer: text("acme-admin.okta.com"), ..good() },
            Wrong::Issuer(IssuerError::AdminHost { proposed: proposed() }),
        ),
        (Said { issuer: text("http://localhost:1"), ..good() }, Wrong::IssuerPlainHttp),
        (Said { issuer: text(""), ..good() }, Wrong::IssuerMissing),
        (Said { client_id: text("a b"), ..good() }, Wrong::ClientId),
        (Said { client_id: text(""), ..good() }, Wrong::ClientIdMissing),
        (Said { client_secret: SaidSecret::read("••••••"), ..good() }, Wrong::ClientSecret),
        (Said { client_secret: SaidSecret::read(" 0oa1"), ..good() }, Wrong::ClientSecretIsClientId),
    ];
    for (said, expected) in table {
        assert_eq!(wrong(said), [expected]);
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let fields: Vec<&str> = wrong(Said::default()).iter().map(|wrong| wrong.field().as_str()).collect();
    assert_eq!(fields, ["company", "contact", "team_id", "admin_email"]);
}

#[test]
fn a_secret_is_told_to_nobody() {
    assert!(!format!("{:?}", good()).contains("s3cret"));
    let read = NewRequest::read(&good(), PlainHttp::Refused).unwrap();
    assert!(!format!("{read:?}").contains("s3cret"));
}
