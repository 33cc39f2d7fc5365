//! One client secret on all its ways: it stands in no page, letter, answer, export or record, and nowhere in the
//! database in clear.

use diesel::prelude::*;
use diesel::sql_types::Text;
use support::world::client;
use support::{Answer, Browser, Kind, TestDatabase, command, on_both};

use super::{CLIENT, HAN, TEAM, press, rehearse};
use crate::requests::{CONTACT, Operator, ask_for, letters_to, send, world};

/// Whatever holds this has the secret.
const CANARY: &str = "canary-Wq7.practice-secret~of_initech-9fK2";

/// The next client secret, which holds it too.
const NEXT: &str = "canary-Wq7.practice-secret~of_initech-9fK2-next";

/// What was produced on the way, each with where it stood.
#[derive(Default)]
struct Seen(Vec<(String, String)>);

impl Seen {
    fn answer(&mut self, what: &str, answer: &Answer) {
        let head: Vec<String> =
            answer.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
        self.0.push((format!("{what} {}", answer.status), format!("{}\n{}", head.join("\n"), answer.body)));
    }

    fn assert_silent(&self) {
        assert!(self.0.len() > 30, "much was looked at");
        for (what, text) in &self.0 {
            assert!(!text.contains(CANARY), "the secret stands in {what}:\n{text}");
        }
    }
}

#[derive(QueryableByName)]
struct Dump {
    #[diesel(sql_type = Text)]
    dump: String,
}

/// Everything that the database holds, as it holds it.
pub(crate) fn whole(db: &TestDatabase) -> Vec<u8> {
    match db.kind() {
        Kind::Sqlite => {
            let file = db.url().strip_prefix("sqlite://").unwrap();
            let parts = ["", "-wal"].map(|end| std::fs::read(format!("{file}{end}")).unwrap_or_default());
            parts.concat()
        }
        Kind::Postgres => {
            let mut connection = PgConnection::establish(db.url()).unwrap();
            let query = "SELECT schema_to_xml('public', true, true, '')::text AS dump";
            let found: Dump = diesel::sql_query(query).get_result(&mut connection).unwrap();
            found.dump.into_bytes()
        }
    }
}

fn assert_unknown_to(db: &TestDatabase, when: &str) {
    let held = whole(db);
    assert!(String::from_utf8_lossy(&held).contains(TEAM), "{when}: this is the database");
    let holds = held.windows(CANARY.len()).any(|part| part == CANARY.as_bytes());
    assert!(!holds, "{when}: the secret stands in the database in clear");
}

on_both! {
    async fn a_client_secret_shows_nowhere(db) {
        let world = world(db).await;
        let mut at_idp = client(TEAM, &world.node.base);
        CANARY.clone_into(&mut at_idp.client_secret);
        world.idp.add_client("globex", at_idp);
        let issuer = world.idp.issuer("globex");
        let (operator, mut seen) = (Operator::new(&world, db), Seen::default());

        for wrong in [[("client_secret", CANARY), ("company", "")], [("client_secret", CANARY), ("client_id", CANARY)]] {
            seen.answer("a wrong request", &send(&world, &wrong).await);
        }
        let id = ask_for(&world, &operator, &[("client_secret", CANARY), ("admin_email", HAN)]).await;
        assert_unknown_to(db, "requested");
        for path in ["/requests".to_owned(), format!("/requests/{id}")] {
            seen.answer(&path, &operator.ask("GET", &path, "").await);
        }
        for word in ["check", "approve"] {
            seen.answer(word, &operator.say(&id, word, "").await);
        }
        assert_unknown_to(db, "approved");

        let told = letters_to(&world, CONTACT).await;
        let letter = told.iter().find(|letter| letter.subject.starts_with("Set up single sign-on")).unwrap();
        let page = support::browser::between(&letter.text, "Set up single sign-on:\r\n", "\r\n").unwrap().to_owned();
        let ian = Browser::default();
        seen.answer("the link", &ian.post(&page, &[]).await);
        let good = [("issuer", issuer.as_str()), ("client_id", CLIENT), ("client_secret", CANARY)];
        for (what, values) in [
            ("an issuer that is none", [("issuer", "nonsense with blanks"), good[1], good[2]]),
            ("a client id that is the secret", [good[0], ("client_id", CANARY), good[2]]),
            ("no client id", [good[0], ("client_id", ""), good[2]]),
            ("another issuer", [("issuer", "http://localhost:1/nobody"), good[1], good[2]]),
        ] {
            seen.answer(what, &press(&ian, &page, "test", &values).await);
            seen.answer(what, &ian.get(&page).await);
        }
        for action in ["save", "check", "probe"] {
            seen.answer(action, &press(&ian, &page, action, &good).await);
            seen.answer(action, &ian.get(&page).await);
        }
        assert_unknown_to(db, "entered");
        world.idp.misbehave("globex", mock_idp::TokenFault::ALL[0]);
        seen.answer("a test that fails", &rehearse(&ian, &page, &good, HAN).await);
        world.idp.behave("globex");
        seen.answer("a test", &rehearse(&ian, &page, &[], HAN).await);
        seen.answer("enable", &press(&ian, &page, "enable", &[]).await);
        seen.answer("afterwards", &ian.get(&page).await);

        let han = world.sign_in(TEAM, HAN).await;
        for path in ["", "/team", "/tokens", "/activity", "/settings/sso", "/settings/sso/sign-ins"] {
            seen.answer(path, &han.get(&world.at(&format!("/t/{TEAM}{path}"))).await);
        }
        let settings = world.at(&format!("/t/{TEAM}/settings/sso"));
        seen.answer("an edit", &press(&han, &settings, "save", &[good[0], ("client_id", "other"), good[2]]).await);
        seen.answer("the edit", &han.get(&settings).await);
        for (next, day) in [(NEXT, "soon"), (CANARY, ""), (CLIENT, "2031-05-03"), (NEXT, "2031-05-03")] {
            let form = [("next_client_secret", next), ("next_client_secret_expires", day)];
            seen.answer("a next secret", &press(&han, &settings, "next_secret", &form).await);
        }
        assert_unknown_to(db, "next");
        let key = han.get(&settings).await.hidden("next").unwrap();
        for action in ["test_next", "use_next"] {
            seen.answer(action, &press(&han, &settings, action, &[("next", &key)]).await);
            seen.answer(action, &han.get(&settings).await);
        }
        for wrong in ["\"CANARY\": 1", "\"next_client_secret\": [\"CANARY\"]", "\"next_client_secret\": \"CANARY\\n\""] {
            let body = format!("{{{}}}", wrong.replace("CANARY", CANARY));
            let answer = operator.ask("PUT", "/teams/initech/connection", &body).await;
            assert_eq!(answer.status, 422, "{body}");
        }
        let shown = operator.ask("GET", "/teams/initech", "").await;
        assert!(shown.json()["connection"]["next_client_secret_set_at"].is_string(), "{}", shown.body);
        seen.answer("a team with a next secret", &shown);
        world.idp.edit_client("globex", CLIENT, |client| NEXT.clone_into(&mut client.client_secret));
        let again = world.sign_in(TEAM, HAN).await;
        seen.answer("after the switch", &again.get(&world.at(&format!("/t/{TEAM}/activity"))).await);
        assert_unknown_to(db, "switched");
        for path in ["/teams", "/teams/initech", "/teams/initech/audit", "/audit", "/audit?format=jsonl", "/sign-ins", "/teams/initech/sign-ins", "/teams/initech/health", "/requests"] {
            seen.answer(path, &operator.ask("GET", path, "").await);
        }
        for arguments in [
            &["team", "show", TEAM, "--json"][..],
            &["team", "list", "--json"],
            &["team", "check", TEAM, "--probe"],
            &["request", "list", "--json"],
            &["audit", "list", "--json"],
            &["sign-in", "list", "--json"],
        ] {
            let said = command(&world, db, arguments);
            seen.0.push((arguments.join(" "), format!("{}\n{}", said.out, said.err)));
        }
        let letters = crate::setup::letters(&world).await;
        seen.0.extend(letters.into_iter().map(|letter| ("a letter".to_owned(), letter)));
        seen.assert_silent();
        assert_unknown_to(db, "at the end");
    }
}
