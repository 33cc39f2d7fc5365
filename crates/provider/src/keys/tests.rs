//! Keys over their lives, as clients, nodes and forgers meet them. `jsonwebtoken` stands for the clients: it shares
//! no code with us.

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use proptest::prelude::*;
use sealing::{NamedKey, SystemChance};
use serde_json::{Value, json};
use storage::{Address, Options};
use tempfile::TempDir;

use super::*;
use crate::jwt;
use audit::Actor;

mod forgeries;

const START: Timestamp = Timestamp::from_seconds(1_777_802_400);
const DAY: Duration = Duration::from_hours(24);

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        place.database().migrate().unwrap();
        place
    }

    /// The database with connections of its own, as another node has.
    fn database(&self) -> Database {
        let url = format!("sqlite://{}/teamdoor.db", self.folder.path().display());
        Database::open(&Options::new(Address::parse(&url).unwrap()))
    }

    /// Keys of another node under this master key.
    fn keys_under(&self, master: u8) -> SigningKeys {
        let key = NamedKey::new("k1", [master; 32].into()).unwrap();
        let ring = Arc::new(KeyRing::new(vec![key]).unwrap());
        SigningKeys::new(&self.database(), ring, Arc::new(SystemChance))
    }

    fn keys(&self) -> SigningKeys {
        self.keys_under(1)
    }
}

fn key_set(keys: &SigningKeys, now: Timestamp) -> String {
    keys.ring(now).unwrap().key_set(now)
}

fn id_token(keys: &SigningKeys, algorithm: SigningAlgorithm, now: Timestamp) -> String {
    let claims = json!({ "sub": "ada", "iat": now.seconds() });
    keys.sign_now(algorithm, TokenType::Id, &claims, now).unwrap()
}

/// Whether a client that holds this key set verifies the token.
fn client_verifies(key_set: &str, token: &str) -> bool {
    let header = jsonwebtoken::decode_header(token).unwrap();
    let set: JwkSet = serde_json::from_str(key_set).unwrap();
    let Some(jwk) = set.find(&header.kid.unwrap()) else { return false };
    assert_eq!(jwk.common.key_algorithm.unwrap().to_string(), format!("{:?}", header.alg));
    let mut validation = Validation::new(header.alg);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    jsonwebtoken::decode::<Value>(token, &DecodingKey::from_jwk(jwk).unwrap(), &validation).is_ok()
}

fn kid(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

fn states(keys: &SigningKeys, now: Timestamp) -> Vec<KeyState> {
    let listed = keys.list(now).unwrap();
    let rs256 = listed.iter().filter(|key| key.algorithm == SigningAlgorithm::Rs256);
    rs256.map(|key| key.state).collect()
}

#[test]
fn no_verification_fails_across_rotations_at_a_client_that_keeps_the_key_set_for_its_max_age() {
    const ROTATIONS: [usize; 3] = [10, 26, 60];
    const KEPT: usize = 5;
    const HOUR: usize = 60;
    let (place, mut now) = (Place::new(), START);
    let (keys, other_node) = (place.keys(), place.keys());
    let (mut sets, mut tokens) = (Vec::new(), Vec::new());
    for minute in 0..160 {
        if ROTATIONS.contains(&minute) {
            keys.rotate(&Actor::CommandLine, now).unwrap();
        }
        sets.push(key_set(&other_node, now));
        tokens.push(SigningAlgorithm::ALL.map(|algorithm| id_token(&keys, algorithm, now)));
        now = now.plus(Duration::from_mins(1));
    }
    assert_eq!(MAX_AGE, Duration::from_mins(5), "KEPT is MAX_AGE in minutes");
    for (minute, token) in tokens.iter().enumerate().flat_map(|(m, both)| both.iter().map(move |t| (m, t))) {
        for fetched in [minute.saturating_sub(KEPT), minute, minute + HOUR] {
            let Some(set) = sets.get(fetched) else { continue };
            assert!(client_verifies(set, token), "signed at {minute}, key set of {fetched}");
        }
    }
    let kids: BTreeSet<String> = tokens.iter().flatten().map(|token| kid(token)).collect();
    assert_eq!(kids.len(), 2 * (1 + ROTATIONS.len()), "every key had its turn");
    // The client is one that can fail: the key set of before a rotation does not verify what comes after.
    assert!(!client_verifies(&sets[0], &tokens[100][0]) && !client_verifies(&sets[0], &tokens[100][1]));
}

#[test]
fn a_key_is_published_signs_retires_and_leaves() {
    let (place, moments) = (Place::new(), [START, START.plus(LEAD), START.plus(LEAD).plus(DAY)]);
    let keys = place.keys();
    assert_eq!(states(&keys, START), [KeyState::Signing]);
    let old = id_token(&keys, SigningAlgorithm::Es256, START);
    assert_eq!(keys.rotate(&Actor::CommandLine, START).unwrap(), moments[1]);
    let just_before = |moment: Timestamp| moment.minus(Duration::from_millis(1));
    for (moment, expected) in [
        (START, [KeyState::Signing, KeyState::Published]),
        (just_before(moments[1]), [KeyState::Signing, KeyState::Published]),
        (moments[1], [KeyState::Retiring, KeyState::Signing]),
        (just_before(moments[2]), [KeyState::Retiring, KeyState::Signing]),
        (moments[2], [KeyState::Left, KeyState::Signing]),
    ] {
        assert_eq!(states(&keys, moment), expected, "{moment}");
        assert_eq!(client_verifies(&key_set(&keys, moment), &old), moment < moments[2], "{moment}");
        let hint: Option<Value> = keys.verify_now(&old, TokenType::Id, moment).unwrap();
        assert_eq!(hint.unwrap()["sub"], "ada", "{moment}");
    }
}

#[test]
fn a_key_that_left_is_forgotten_when_no_id_token_of_it_can_be_a_hint() {
    let place = Place::new();
    let (keys, database) = (place.keys(), place.database());
    let old = id_token(&keys, SigningAlgorithm::Rs256, START);
    keys.rotate(&Actor::CommandLine, START).unwrap();
    let left = START.plus(LEAD).plus(DAY);
    let end = left.plus(30 * DAY);
    let hint = |now| keys.verify_now::<Value>(&old, TokenType::Id, now).unwrap().is_some();
    assert_eq!(database.write(end, tidy).unwrap(), 0);
    assert!(hint(end));
    let after = end.plus(Duration::from_millis(1));
    assert_eq!(database.write(after, tidy).unwrap(), 2);
    assert!(!hint(after));
    assert_eq!(states(&keys, after), [KeyState::Signing]);
    assert_eq!(database.write(after.plus(900 * DAY), tidy).unwrap(), 0, "the present keys stay");
}

#[test]
fn a_rotation_waits_for_the_one_before() {
    let place = Place::new();
    let (keys, other_node) = (place.keys(), place.keys());
    let signs_from = keys.rotate(&Actor::CommandLine, START).unwrap();
    let soon = signs_from.minus(Duration::from_millis(1));
    for node in [&keys, &other_node] {
        let refused = node.rotate(&Actor::CommandLine, soon).unwrap_err();
        assert!(
            matches!(refused, KeysError::Pending { signs_from: told } if told == signs_from),
            "{refused}"
        );
        assert!(refused.to_string().contains(&signs_from.to_string()), "{refused}");
    }
    assert_eq!(other_node.rotate(&Actor::CommandLine, signs_from).unwrap(), signs_from.plus(LEAD));
}

#[test]
fn nodes_that_rotate_at_once_publish_one_next_key_of_each_kind() {
    for _ in 0..5 {
        let place = Place::new();
        let nodes: Vec<SigningKeys> = (0..4).map(|_| place.keys()).collect();
        nodes[0].ring(START).unwrap();
        let barrier = Barrier::new(nodes.len());
        let rotate = |keys: &SigningKeys| {
            barrier.wait();
            keys.rotate(&Actor::Teamdoor, START)
        };
        let outcomes: Vec<_> = thread::scope(|scope| {
            let all: Vec<_> = nodes.iter().map(|keys| scope.spawn(move || rotate(keys))).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        let refused = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
        refused.for_each(|why| assert!(matches!(why, KeysError::Pending { .. }), "{why}"));
        assert_eq!(states(&nodes[0], START), [KeyState::Signing, KeyState::Published]);
    }
}

#[test]
fn keys_are_rotated_when_they_are_old_and_not_before() {
    let place = Place::new();
    let (keys, every) = (place.keys(), 90 * DAY);
    assert!(!keys.rotate_if_due(every, START).unwrap(), "the first ones are new");
    let due = START.plus(every);
    assert!(!keys.rotate_if_due(every, due.minus(Duration::from_millis(1))).unwrap());
    assert!(keys.rotate_if_due(every, due).unwrap());
    assert!(!place.keys().rotate_if_due(every, due).unwrap(), "another node finds it done");
    assert!(
        !keys.rotate_if_due(Duration::from_secs(1), due.plus(Duration::from_secs(2))).unwrap(),
        "pending"
    );
    assert!(keys.rotate_if_due(every, due.plus(every)).unwrap());
}

#[test]
fn a_clock_that_is_behind_signs_with_the_first_key() {
    let place = Place::new();
    let ahead = id_token(&place.keys(), SigningAlgorithm::Es256, START);
    let behind = id_token(&place.keys(), SigningAlgorithm::Es256, START.minus(DAY));
    assert_eq!(kid(&ahead), kid(&behind));
    assert_eq!(states(&place.keys(), START.minus(DAY)), [KeyState::Signing]);
}

#[test]
fn the_key_set_tells_nothing_private_and_each_key_by_its_thumbprint() {
    let place = Place::new();
    let keys = place.keys();
    keys.rotate(&Actor::CommandLine, START).unwrap();
    let text = key_set(&keys, START);
    let set: Value = serde_json::from_str(&text).unwrap();
    let members = set["keys"].as_array().unwrap();
    assert_eq!(members.len(), 4);
    for jwk in members {
        let names: Vec<&str> = jwk.as_object().unwrap().keys().map(String::as_str).collect();
        match jwk["alg"].as_str().unwrap() {
            "RS256" => assert_eq!(names, ["alg", "e", "kid", "kty", "n", "use"]),
            "ES256" => assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x", "y"]),
            other => panic!("{other}"),
        }
        assert_eq!(jwk["use"], "sig");
        let parsed: jsonwebtoken::jwk::Jwk = serde_json::from_value(jwk.clone()).unwrap();
        assert_eq!(
            parsed.thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256).unwrap(),
            jwk["kid"].as_str().unwrap()
        );
    }
    for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        assert!(!text.contains(&format!("\"{private}\"")), "{private}");
    }
    let rows = place.database().read(row::read).unwrap();
    for row in rows {
        assert!(row.private_key.starts_with("k1."), "sealed");
        let more = row.public_key.replacen('{', r#"{"d":"AQAB","#, 1);
        let opened = Key::parse(&row::Row { public_key: more, ..row }, &keys.inner.ring);
        assert!(
            matches!(opened, Err(KeysError::Damaged { .. })),
            "a private member is never read, so never told"
        );
    }
}

#[test]
fn a_wrong_master_key_is_named_and_keeps_nobody_from_verifying() {
    let place = Place::new();
    let (right, wrong) = (place.keys(), place.keys_under(2));
    let token = id_token(&right, SigningAlgorithm::Rs256, START);
    let error = wrong.sign_now(SigningAlgorithm::Rs256, TokenType::Id, &json!({}), START).unwrap_err();
    assert!(matches!(&error, KeysError::Unusable { kid: told, .. } if *told == kid(&token)), "{error}");
    assert!(error.to_string().contains("Put back into secrets.keys"), "{error}");
    assert_eq!(key_set(&wrong, START), key_set(&right, START), "no new keys were made");
    assert!(wrong.verify_now::<Value>(&token, TokenType::Id, START).unwrap().is_some());
}

#[test]
fn nodes_that_need_the_first_keys_at_once_end_up_with_the_same() {
    for _ in 0..5 {
        let place = Place::new();
        let nodes: Vec<SigningKeys> = (0..4).map(|_| place.keys()).collect();
        let barrier = Barrier::new(nodes.len());
        let first = |keys: &SigningKeys| {
            barrier.wait();
            (key_set(keys, START), id_token(keys, SigningAlgorithm::Rs256, START))
        };
        let seen: Vec<(String, String)> = thread::scope(|scope| {
            let all: Vec<_> = nodes.iter().map(|keys| scope.spawn(move || first(keys))).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let sets: BTreeSet<&String> = seen.iter().map(|(set, _)| set).collect();
        assert_eq!(sets.len(), 1, "{sets:?}");
        assert!(seen.iter().all(|(set, token)| client_verifies(set, token)));
    }
}

#[tokio::test]
async fn what_is_signed_and_verified_without_waiting_is_the_same() {
    let place = Place::new();
    let keys = place.keys();
    let claims = json!({ "sub": "ada" });
    for algorithm in SigningAlgorithm::ALL {
        let token = keys.sign(algorithm, TokenType::Access, &claims, START).await.unwrap();
        let read: Option<Value> = keys.verify(&token, TokenType::Access, START).await.unwrap();
        assert_eq!(read.as_ref(), Some(&claims));
        assert!(client_verifies(&keys.key_set(START).await.unwrap(), &token));
    }
}
