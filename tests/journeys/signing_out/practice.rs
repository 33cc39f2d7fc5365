//! Somebody signs out on the provider's own dashboard: it tells us, and the session here ends.

use std::time::{Duration, Instant};

use support::{Browser, World, on_both};

use super::{is_in, register_ours, sign_out};

/// The practice provider tells these teams.
fn tell(world: &World, teams: &[&str]) {
    for team in teams {
        let uri = world.at(&format!("/t/{team}/backchannel_logout"));
        world.idp.edit_client("acme", &format!("client-of-{team}"), |client| {
            client.backchannel_logout_uri = Some(uri);
        });
    }
}

async fn goes_out(world: &World, browser: &Browser, team: &str) {
    let told = Instant::now();
    while is_in(world, browser, team).await {
        assert!(told.elapsed() < Duration::from_secs(5), "still in {team}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

on_both! {
    async fn signing_out_at_the_provider_ends_the_sessions_that_came_of_it(db) {
        let world = World::new(db).await;
        tell(&world, &["acme", "acme-labs"]);
        let here = world.sign_in("acme", "bob@acme.test").await;
        world.sign_in_with(&here, "acme-labs", "bob@acme.test").await;
        let there = world.sign_in("acme", "bob@acme.test").await;
        here.post(&format!("{}/logout", world.idp.issuer("acme")), &[]).await;
        goes_out(&world, &here, "acme").await;
        goes_out(&world, &here, "acme-labs").await;
        assert!(is_in(&world, &there, "acme").await, "his other browser has another session there");
    }

    async fn signing_out_there_from_one_team_ends_the_other_teams_of_the_same_session(db) {
        let world = World::new(db).await;
        tell(&world, &["acme", "acme-labs"]);
        register_ours(&world, "acme", "acme");
        let ada = world.sign_in("acme", "ada@acme.test").await;
        world.sign_in_with(&ada, "acme-labs", "ada@acme.test").await;
        let out = sign_out(&world, &ada, "acme", &[("at_idp", "1")]).await;
        ada.follow(out).await;
        goes_out(&world, &ada, "acme-labs").await;
    }

    async fn a_team_that_does_not_listen_keeps_its_session(db) {
        let world = World::new(db).await;
        world.idp.edit_client("acme", "client-of-acme", |client| {
            client.backchannel_logout_uri = Some("http://localhost:9/nobody".to_owned());
        });
        tell(&world, &["acme-labs"]);
        let bob = world.sign_in("acme", "bob@acme.test").await;
        world.sign_in_with(&bob, "acme-labs", "bob@acme.test").await;
        bob.post(&format!("{}/logout", world.idp.issuer("acme")), &[]).await;
        goes_out(&world, &bob, "acme-labs").await;
        assert!(is_in(&world, &bob, "acme").await);
    }
}
