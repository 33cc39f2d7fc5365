//! Node, with npm `openid-client`.

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};
use support::{World, on_both};

use super::super::guide::{Guide, follow};
use super::super::peers::{Asks, Peer};
use crate::program::{Program, node};

on_both! {
    async fn the_guide_for_node_leads_to_a_product_that_knows_who_came(db) {
        let (world, guide) = (World::new(db).await, Guide::read("node.md"));
        follow(&world, &guide, |place| {
            std::fs::write(place.folder.path().join("app.mjs"), guide.file("app.mjs")).expect("a file");
            std::os::unix::fs::symlink(modules(), place.folder.path().join("node_modules")).expect("its packages");
            let mut command = Command::new("node");
            command.arg("app.mjs").current_dir(place.folder.path()).envs(place.environment.clone());
            Program::start(&mut command)
        })
        .await;
    }

    async fn openid_client_finds_nothing_amiss_with_rs256(db) {
        Peer::stand(db, start, &["--id-token-alg=RS256"], json!({ "method": "ClientSecretBasic" })).await.meet(&Asks::ALL).await;
    }

    async fn openid_client_finds_nothing_amiss_with_es256(db) {
        Peer::stand(db, start, &["--id-token-alg=ES256"], json!({ "method": "ClientSecretPost" })).await.meet(&Asks::ALL).await;
    }

    async fn openid_client_finds_nothing_amiss_as_a_public_client(db) {
        Peer::stand(db, start, &["--public"], json!({ "method": "None" })).await.meet(&Asks::OF_A_PUBLIC_CLIENT).await;
    }
}

fn start(told: &Value) -> Program {
    Program::start(node("behind_the_door/peer/openid_client.mjs").arg(told.to_string()))
}

/// Where `cargo xtask test` put the Node packages.
fn modules() -> PathBuf {
    let usual = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("node_modules");
    std::env::var_os("TEAMDOOR_TEST_NODE_MODULES").map_or_else(usual, PathBuf::from)
}
