//! The life of a client secret: the next one takes over when the provider rejects the current one, or by a click, and
//! letters come before the current one expires.

mod letters;
mod operators;
mod page;
mod switching;
mod versions;

use std::sync::Arc;

use ::storage::StorageError;
use ::storage::schema::secret_lives::dsl;
use audit::Act;
use diesel::prelude::*;
use roles::{Authority, Operator};
use serde_json::{Value, json};
use support::{Answer, Browser, Node, World};
use tokio::sync::Barrier;
use vocabulary::{ClientSecret, Clock as _, Timestamp};

use crate::eyes;
use crate::requests::Operator as Bearer;

const ADA: &str = "ada@acme.test";
const BOB: &str = "bob@acme.test";
const CLIENT: &str = "client-of-acme";
/// The next client secret of acme.
const NEXT: &str = "the-next-secret-of-acme";

/// At the provider, acme's client has this secret from now on and no other.
fn rotate(world: &World, secret: &str) {
    world.idp.edit_client("acme", CLIENT, |client| {
        secret.clone_into(&mut client.client_secret);
        client.other_secret = None;
    });
}

/// At the provider, acme's client has this one besides.
fn make_another(world: &World, secret: &str) {
    world.idp.edit_client("acme", CLIENT, |client| client.other_secret = Some(secret.to_owned()));
}

/// The operator sets acme's next secret.
fn set_next(world: &World, secret: &str) {
    set_next_until(world, secret, None);
}

fn set_next_until(world: &World, secret: &str, expires_at: Option<Timestamp>) {
    let (house, operator) = (&world.node.house, Operator::at_the_command_line());
    let secret = ClientSecret::parse(secret).unwrap();
    let hand = onboarding::Hand::Authority(Authority::Operator(&operator));
    let done = house.database.write(world.clock.now(), |tx| {
        onboarding::set_next_secret(tx, &house.registrar(), hand, &eyes::team("acme"), &secret, expires_at)
    });
    done.unwrap();
}

/// Acme's connection as the API tells it.
async fn connection(operator: &Bearer<'_>) -> Value {
    operator.get("/teams/acme").await["connection"].clone()
}

/// Whether a secret of acme is next.
fn has_next(world: &World) -> bool {
    let found = world.node.house.database.read(|c| teams::find(c, &eyes::team("acme"))).unwrap();
    found.unwrap().connection.unwrap().secret_life.next.is_some()
}

/// The next secrets that the database holds, sealed, of all connections whose secret has a life.
fn rows(world: &World) -> Vec<Option<String>> {
    let all = dsl::secret_lives.select(dsl::next_secret);
    let found = |connection: &mut ::storage::Connection| {
        Ok::<_, StorageError>(::storage::each!(connection, c => all.load(c))?)
    };
    world.node.house.database.read(found).unwrap()
}

/// How often acme's secret was switched.
fn switches(world: &World) -> usize {
    eyes::times(&world.node.house.database, "acme", Act::ClientSecretSwitched)
}

/// How many letters tell of it.
async fn letters_of_switches(world: &World) -> usize {
    let letters = crate::setup::letters(world).await;
    letters
        .iter()
        .filter(|letter| letter.contains("Subject: The next client secret of Acme is in use"))
        .count()
}

/// So many people come back from the provider at the same moment, every other one to the second node.
async fn come_back_at_once(world: &World, nodes: [&Node; 2], rivals: usize) -> Vec<Answer> {
    let start = Arc::new(Barrier::new(rivals));
    let mut all = tokio::task::JoinSet::new();
    for n in 0..rivals {
        let browser = Browser::default();
        let back = world.callback(&browser, "acme", if n % 3 == 0 { ADA } else { BOB }).await;
        let (start, back) = (Arc::clone(&start), back.replace(&world.node.base, &nodes[n % 2].base));
        all.spawn_local(async move {
            start.wait().await;
            browser.get(&back).await
        });
    }
    all.join_all().await
}

/// Until another node has heard of it.
async fn heard() {
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
}

/// Everything null that is said of a secret's life.
fn assert_no_life(connection: &Value) {
    for name in [
        "client_secret_expires_at",
        "next_client_secret_set_at",
        "next_client_secret_expires_at",
        "next_client_secret_tested_at",
    ] {
        assert_eq!(connection[name], json!(null), "{name}: {connection}");
    }
}
