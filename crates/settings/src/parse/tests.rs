//! What each reader takes and refuses, and that none panics.

use proptest::prelude::*;

use super::secret::{database_url, key_bytes, keys, mail_url, proxy};
use super::*;
use crate::{DatabaseUrl, MailUrl};

fn said(text: &str) -> Value {
    Value::String(text.to_owned())
}

#[test]
fn durations_have_a_unit() {
    let seconds = |text| duration(&said(text)).ok().map(|duration| duration.as_secs());
    assert_eq!(seconds("90s"), Some(90));
    assert_eq!(seconds("30m"), Some(1800));
    assert_eq!(seconds("8h"), Some(28_800));
    assert_eq!(seconds("7d"), Some(604_800));
    for bad in ["", "8", "h", "8 h", "-8h", "+8h", "0s", "8w", "1.5h", "99999999999999999999s", "4000d"] {
        assert_eq!(seconds(bad), None, "{bad}");
    }
}

#[test]
fn the_public_address_is_an_origin_and_plain_only_at_home() {
    for good in [
        "https://login.example.com",
        "https://x.test:8443/",
        "http://localhost:3000",
        "http://[::1]:1",
        "http://127.9.9.9",
    ] {
        assert!(public_url(&said(good)).is_ok(), "{good}");
    }
    for bad in [
        "",
        "login.example.com",
        "http://login.example.com",
        "http://10.0.0.1",
        "http://localhost.example.com",
        "https://x.test/path",
        "https://x.test/?a",
        "https://x.test/#a",
        "https://u:p@x.test",
        "ftp://localhost",
        "javascript:alert(1)",
    ] {
        assert!(public_url(&said(bad)).is_err(), "{bad}");
    }
}

#[test]
fn one_address_is_a_network_of_itself() {
    assert_eq!(network(&said("10.1.2.3")).ok().unwrap().to_string(), "10.1.2.3/32");
    assert_eq!(network(&said("fd00::/8")).ok().unwrap().to_string(), "fd00::/8");
    assert!(network(&said("10.0.0.0/33")).is_err());
}

#[test]
fn numbers_may_be_words_where_the_words_are_known() {
    assert_eq!(workers(&said("auto")).ok().unwrap(), None);
    assert_eq!(workers(&said("4")).ok().unwrap(), NonZeroUsize::new(4));
    assert_eq!(workers(&Value::Integer(4)).ok().unwrap(), NonZeroUsize::new(4));
    assert!(workers(&Value::Integer(0)).is_err());
    assert!(workers(&said("many")).is_err());
    assert_eq!(limit(&said("off")).ok().unwrap(), Limit::Off);
    assert_eq!(limit(&Value::Integer(5)).ok().unwrap(), Limit::At(NonZeroU32::new(5).unwrap()));
    assert!(limit(&Value::Integer(0)).is_err());
    assert!(limit(&Value::Boolean(false)).is_err());
}

#[test]
fn databases_are_files_or_servers() {
    let file = |text| database_url(&said(text)).ok().and_then(|url| url.file().map(PathBuf::from));
    assert_eq!(file("sqlite://data/teamdoor.db"), Some("data/teamdoor.db".into()));
    assert_eq!(file("sqlite:///var/x.db"), Some("/var/x.db".into()));
    for bad in ["sqlite://", "sqlite://:memory:", "sqlite://data/", "mysql://x", "data.db", ""] {
        assert!(database_url(&said(bad)).is_err(), "{bad}");
    }
    let server = database_url(&said("postgres://me:canary@db/teamdoor")).ok().unwrap();
    assert_eq!(format!("{server:?}"), "Postgres(…)");
    assert_eq!(*server.reveal(), "postgres://me:canary@db/teamdoor");
    let file = DatabaseUrl::Sqlite("data/x.db".into());
    assert_eq!(*file.reveal(), "sqlite://data/x.db");
}

#[test]
fn letters_go_to_a_folder_or_a_server() {
    assert_eq!(mail_url(&said("file://data/outbox")).ok().unwrap(), MailUrl::Folder("data/outbox".into()));
    let server = mail_url(&said("smtps://me:canary@mail.test:465")).ok().unwrap();
    assert_eq!(format!("{server:?}"), "Smtp(SecretUrl(smtps://…@mail.test))");
    for bad in ["", "file://", "smtp:", "https://mail.test", "mail.test:25"] {
        assert!(mail_url(&said(bad)).is_err(), "{bad}");
    }
}

#[test]
fn keys_are_complete_and_distinct() {
    let key = "A".repeat(43);
    let parsed = |text: String| keys(&serde_json::from_str(&text).unwrap());
    assert!(parsed(format!(r#"[{{"id":"k1","key":"{key}="}},{{"id":"k0","key":"{key}"}}]"#)).is_ok());
    for bad in [
        format!(r#"[{{"id":"k1","key":"{key}"}},{{"id":"k1","key":"{key}"}}]"#),
        format!(r#"[{{"id":"K 1","key":"{key}"}}]"#),
        format!(r#"[{{"id":"k1","key":"{key}","more":1}}]"#),
        r#"[{"id":"k1","key":"canary"}]"#.to_owned(),
        r#"[{"id":"k1"}]"#.to_owned(),
        r#"["canary"]"#.to_owned(),
        r#""canary""#.to_owned(),
    ] {
        let wrong = parsed(bad.clone()).unwrap_err();
        assert!(!wrong.problem.contains("canary"), "{bad}: {}", wrong.problem);
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        "\\PC{0,60}".prop_map(Value::String),
        "(https?|smtps?|file|sqlite|postgres)://\\PC{0,40}".prop_map(Value::String),
        "[0-9]{0,22}[smhd]?".prop_map(Value::String),
        any::<i64>().prop_map(Value::Integer),
        any::<f64>().prop_map(Value::Float),
        any::<bool>().prop_map(Value::Boolean),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::btree_map("(id|key|[a-z]{1,4})", inner, 0..3)
                .prop_map(|map| Value::Table(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_value_makes_a_reader_panic(value in any_value()) {
        let _ = (listen(&value), public_url(&value), list(&value, network), optional(&value, link));
        let _ = (yes_no(&value), workers(&value), limit(&value), duration(&value), product_name(&value));
        let _ = (accent(&value), team(&value), email(&value), path(&value), log_format(&value), log_filter(&value));
        let _ = (database_url(&value), mail_url(&value), proxy(&value), keys(&value));
    }

    #[test]
    fn only_32_bytes_are_a_key(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        use base64::Engine as _;
        let text = base64::engine::general_purpose::STANDARD.encode(&bytes);
        prop_assert_eq!(key_bytes(&text).map(|key| key.to_vec()), (bytes.len() == 32).then_some(bytes));
    }
}
