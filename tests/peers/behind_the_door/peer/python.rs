//! Python, with Authlib.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use support::{World, on_both};

use super::super::guide::{Guide, follow};
use super::super::peers::{Asks, Peer};
use crate::program::Program;

on_both! {
    async fn the_guide_for_python_leads_to_a_product_that_knows_who_came(db) {
        let (world, guide) = (World::new(db).await, Guide::read("python.md"));
        follow(&world, &guide, |place| {
            std::fs::write(place.folder.path().join("app.py"), guide.file("app.py")).expect("a file");
            let mut command = python();
            command.args(["-m", "flask", "run", "--port", &place.port.to_string()]);
            Program::start(command.current_dir(place.folder.path()).envs(place.environment.clone()))
        })
        .await;
    }

    async fn authlib_finds_nothing_amiss_with_rs256(db) {
        Peer::stand(db, start, &["--id-token-alg=RS256"], json!({ "method": "client_secret_basic" })).await.meet(&Asks::ALL).await;
    }

    async fn authlib_finds_nothing_amiss_with_es256(db) {
        Peer::stand(db, start, &["--id-token-alg=ES256"], json!({ "method": "client_secret_post" })).await.meet(&Asks::ALL).await;
    }
}

fn start(told: &Value) -> Program {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/behind_the_door/peer/authlib_client.py");
    Program::start(python().arg(script).arg(told.to_string()))
}

/// Python with the packages that `cargo xtask test` put in place.
fn python() -> Command {
    let usual = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/python-packages");
    let packages = std::env::var_os("TEAMDOOR_TEST_PYTHON_PACKAGES").map_or_else(usual, PathBuf::from);
    let mut command = Command::new("python3");
    command.env("PYTHONPATH", packages).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}
