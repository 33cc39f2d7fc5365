//! Every refusal has its place, key and remedy, and none repeats a secret.

use proptest::prelude::*;

use super::*;

/// That a refusal says all of this.
fn names(refused: Result<Settings, SettingsError>, parts: [&str; 3]) {
    let message = refused.unwrap_err().to_string();
    for part in parts {
        assert!(message.contains(part), "{part:?} is missing in: {message}");
    }
}

#[test]
fn a_refused_file_is_named_with_key_and_remedy() {
    let table = [
        ("[server]\nlissten = 1", "`server.lissten`", "Did you mean `server.listen`?"),
        ("[server]\nname = \"x\"", "`server.name`", "Did you mean `product.name`?"),
        ("[zoo]\nlions = 3", "`zoo.lions`", "settings reference"),
        ("listen = \"x\"", "`listen`", "Did you mean `server.listen`?"),
        ("server = 3", "`server` is a section", "[server]"),
        ("[server]\nlisten = 3000", "`server.listen` is of type integer", "quotation marks"),
        ("[upstream]\nallow_http = \"yes\"", "`upstream.allow_http`", "Write true or false"),
        ("[product]\naccent = \"blue\"", "`product.accent` is `blue`", "#rrggbb"),
        ("[product]\nlogo = \"http://x.test/l\"", "`product.logo`", "https"),
        ("[server]\nlisten = ", "line 2", "Mend this line"),
        ("[server]\nworkers = 99999999999999999999", "line 2", "Mend this line"),
        ("[server.listen]\nport = 1", "`server.listen` is of type table", "quotation marks"),
        ("[mail]\noperators = [1]", "`mail.operators` is of type integer", "quotation marks"),
    ];
    for (text, key, remedy) in table {
        names(by_file(text), ["own.toml", key, remedy]);
    }
}

#[test]
fn a_refused_variable_is_named_with_key_and_remedy() {
    let table = [
        ("TEAMDOOR__SERVER__LISSTEN", "x", "`server.lissten`", "Did you mean TEAMDOOR__SERVER__LISTEN?"),
        ("TEAMDOOR__MAIL__OPERATORS", "a@b.test", "`mail.operators` is not JSON", "a list is JSON"),
        ("TEAMDOOR__MAIL__OPERATORS", "[null]", "`mail.operators` cannot be read", "settings reference"),
        ("TEAMDOOR__DATABASE__POOL_SIZE", "many", "`database.pool_size`", "whole number"),
        ("TEAMDOOR__UPSTREAM__ALLOW_HTTP", "1", "`upstream.allow_http`", "true or false"),
        ("TEAMDOOR__SESSION__IDLE", "30d", "`session.idle`", "session.absolute"),
        ("PORT", "http", "`server.listen`", "for example 127.0.0.1:3000"),
        ("DATABASE_URL", "mysql://x", "`database.url`", "postgres://USER"),
        ("PORT", "80", "`server.public_url` is missing", "TEAMDOOR__SERVER__PUBLIC_URL="),
        ("DATABASE_URL", "postgres://db/x", "`secrets.keys` is missing", "openssl rand -base64 32"),
    ];
    for (variable, value, key, remedy) in table {
        names(by_variable(variable, value), [&format!("environment variable {variable}"), key, remedy]);
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let sources = Sources {
        config_file: Some("missing.toml".into()),
        working_folder: "/nowhere".into(),
        ..Sources::default()
    };
    let error = Settings::load(&sources).unwrap_err();
    assert!(error.to_string().starts_with("/nowhere/missing.toml: cannot be read"), "{error}");
}

#[test]
fn no_message_and_no_debug_print_repeats_a_secret() {
    let secrets = [
        ("[secrets]\nkeys = [{ id = \"k1\", key = \"canary\" }]", None),
        ("[secrets]\nkeys = [{ id = \"k1\", key = \"canary }]", None),
        ("[database]\nurl = \"mysql://u:canary@x\"", None),
        ("[mail]\nurl = \"smtp//u:canary@x\"", None),
        ("[upstream]\nproxy = \"u:canary@x\"", None),
        ("[server]\npublic_url = \"https://u:canary@x\"", None),
        ("", Some(("TEAMDOOR__SECRETS__KEYS", "canary"))),
        ("", Some(("TEAMDOOR__SECRETS__KEYS", "[{\"id\":\"k\",\"key\":\"canary\"}"))),
    ];
    for (file, variable) in secrets {
        let error = load(None, Some(file), variable.as_slice()).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    }
    let settings = load(
        None,
        None,
        &[
            ("DATABASE_URL", "postgres://u:canary@x/y"),
            ("TEAMDOOR__MAIL__URL", "smtp://u:canary@x"),
            ("TEAMDOOR__UPSTREAM__PROXY", "http://u:canary@x"),
            ("TEAMDOOR__SECRETS__KEYS", &format!(r#"[{{"id":"k1","key":"{KEY}"}}]"#)),
        ],
    );
    let shown = format!("{:?}", settings.unwrap());
    assert!(!shown.contains("canary") && !shown.contains("AAEC"), "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_file_and_no_variable_makes_it_panic(
        file in "(\\[[a-z]{0,8}\\]\n)?[a-z_]{0,10} ?=? ?\\PC{0,30}",
        name in "TEAMDOOR__[A-Z_]{0,20}",
        value in "\\PC{0,40}",
    ) {
        let _ = load(None, Some(&file), &[(&name, &value)]);
        let _ = load(None, None, &[("PORT", &value), ("DATABASE_URL", &value)]);
    }

    #[test]
    fn no_text_for_any_setting_makes_it_panic(place in any::<proptest::sample::Index>(), value in "\\PC{0,40}") {
        let catalog = Catalog::built_in();
        let names: Vec<_> = catalog.entries().map(crate::catalog::Entry::variable).collect();
        let _ = load(None, None, &[(&names[place.index(names.len())], &value)]);
    }
}
