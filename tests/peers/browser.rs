//! Chromium walks the pages of a demo, a new one for each walk. The walks stand in `walks/`; each fails on
//! whatever a person would complain about on the way, as `walks/window.mjs` and `walks/look.mjs` say.
//!
//! `TEAMDOOR_PICTURES=1 cargo test -p tests --test peers -- --test-threads=1 browser::every_page browser::a_customer`
//! renews the pictures in docs/images.

use std::ffi::OsStr;

use actix_web::rt::System;
use support::{Kind, Product, TestDatabase, World};

use crate::program::{Program, node, teamdoor, three_free_ports, two_free_ports};

/// Where a demo begins when its pictures are for the documentation.
const USUAL_PORT: u16 = 3000;
/// What a demo says before the folder of its letters, near its end.
const OUTBOX: &str = "Letters arrive in ";

#[test]
fn three_stories_are_lived_as_people_live_them() {
    walk("stories.mjs", &[]);
}

#[test]
fn the_three_stories_need_no_scripts() {
    walk("stories.mjs", &["no-scripts"]);
}

#[test]
fn the_keyboard_is_enough_to_sign_in_and_to_change_a_role() {
    walk("keyboard.mjs", &[]);
}

#[test]
fn every_way_out_leads_out() {
    walk("sign_out.mjs", &[]);
}

#[test]
fn every_way_out_leads_out_without_scripts() {
    walk("sign_out.mjs", &["no-scripts"]);
}

#[test]
fn another_site_starts_and_ends_nothing() {
    walk("elsewhere.mjs", &[]);
}

#[test]
fn every_tile_does_what_it_says_and_nobody_goes_in_circles() {
    walk("launch.mjs", &[]);
}

#[test]
fn a_tile_leads_into_the_product_and_what_happens_at_the_door_counts_there() {
    walk("product.mjs", &[]);
}

#[test]
fn the_product_needs_no_scripts() {
    walk("product.mjs", &["no-scripts"]);
}

#[test]
fn another_site_launches_nothing_but_by_a_post_of_its_visitor() {
    let (db, port) = (TestDatabase::new(Kind::Sqlite), two_free_ports());
    let world = System::new().block_on(World::new(&db));
    let (_service, door) = one_more_node(&world, port, &[]);
    Program::start(node("walks/launch_elsewhere.mjs").args([door.as_str(), world.idp.base()])).succeed();
    let asked = world.idp.counts("acme");
    assert_eq!((asked.authorize, asked.token), (1, 1), "the POST, and nothing before or after it");
}

#[test]
fn a_stage_tile_leads_to_the_stage_which_says_what_it_is() {
    let (db, port) = (TestDatabase::new(Kind::Sqlite), two_free_ports());
    let stage = format!("http://localhost:{port}");
    let production = System::new().block_on(World::with(&db, &[("STAGE__PUBLIC_URL", &stage)]));
    let (_service, stage) = one_more_node(&production, port, &[("TEAMDOOR__STAGE__PUBLIC_URL", &stage)]);
    let addresses = [stage.as_str(), production.idp.base(), production.node.base.as_str()];
    Program::start(node("walks/stage.mjs").args(addresses)).succeed();
}

#[test]
fn an_app_is_reached_and_left_as_browsers_do_it() {
    let (db, port) = (TestDatabase::new(Kind::Sqlite), two_free_ports());
    let world = System::new().block_on(World::new(&db));
    let app = format!("http://localhost:{}", port + 1);
    let at = |path: &str| apps::RedirectUri::parse(&format!("{app}{path}")).unwrap();
    let wiki = Product::add(&world, "Wiki", |new| {
        new.options.redirect_uris = vec![at("/back")];
        new.options.post_logout_redirect_uris = vec![at("/bye")];
    });
    let billing = Product::add(&world, "Billing", |new| {
        new.options.redirect_uris = vec![at("/back")];
        new.options.min_role = vocabulary::Role::Admin;
    });
    let (_service, door) = one_more_node(&world, port, &[]);
    let requests = [&wiki, &billing].map(|of| of.request(&[]).replace(&world.node.base, &door));
    let [to_wiki, to_billing] = &requests;
    let words = [door.as_str(), world.idp.base(), &app, to_wiki, to_billing, &wiki.client_id];
    Program::start(node("walks/app.mjs").args(words)).succeed();
}

#[test]
fn every_page_is_good_in_light_and_dark_on_desk_and_phone() {
    walk_over(&demo(pictured_port()), "pages.mjs", &[]);
}

#[test]
fn a_customer_connects_itself_by_keyboard_alone() {
    let demo = demo(pictured_port());
    walk_over(&demo, "setup.mjs", &[demo.outbox.as_ref()]);
}

fn walk(script: &str, words: &[&str]) {
    let words: Vec<&OsStr> = words.iter().map(OsStr::new).collect();
    walk_over(&demo(three_free_ports), script, &words);
}

fn walk_over(demo: &Demo, script: &str, words: &[&OsStr]) {
    let addresses = [demo.port, demo.port + 1].map(|port| format!("http://localhost:{port}"));
    let mut command = node(&format!("walks/{script}"));
    Program::start(command.args(addresses).args(words)).succeed();
}

/// Where the demo of a walk begins that makes pictures, if it is to make them now.
fn pictured_port() -> fn() -> u16 {
    let pictures = std::env::var_os("TEAMDOOR_PICTURES").is_some();
    if pictures { || USUAL_PORT } else { three_free_ports }
}

/// A demo that answers, its first port, and the folder of its letters.
struct Demo {
    _program: Program,
    port: u16,
    outbox: String,
}

/// A new demo. Another program may take a port that was free a moment ago.
fn demo(free_port: fn() -> u16) -> Demo {
    let mut wrong = Vec::new();
    for _try in 0..5 {
        let port = free_port();
        let program = Program::start(teamdoor().args(["demo", "--port", &port.to_string()]));
        // It listens before it says so: from here on requests are answered.
        match program.line(OUTBOX) {
            Ok(line) => {
                let outbox = line.replace(OUTBOX, "").trim().to_owned();
                return Demo { _program: program, port, outbox };
            }
            Err(why) => wrong.push(why),
        }
    }
    panic!("no demo: {wrong:?}");
}

/// The real binary over the database of `world`, with an address of its own at which the provider knows it too.
pub fn one_more_node(world: &World, port: u16, more: &[(&str, &str)]) -> (Program, String) {
    let address = format!("http://localhost:{port}");
    for team in ["acme", "acme-labs"] {
        world.idp.edit_client("acme", &format!("client-of-{team}"), |client| {
            client.redirect_uris.push(format!("{address}/t/{team}/callback"));
        });
    }
    let mut command = teamdoor();
    command
        .arg("serve")
        .envs(world.environment().iter().map(|(name, value)| (name, value)))
        .env("TEAMDOOR__SERVER__LISTEN", format!("127.0.0.1:{port}"))
        .env("TEAMDOOR__SERVER__PUBLIC_URL", &address)
        .envs(more.iter().copied());
    let service = Program::start(&mut command);
    service.line("and is reached at").expect("a service");
    (service, address)
}
