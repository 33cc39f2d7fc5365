//! Who may use an app is asked at every grant, each time anew: the app's teams, its least role, the person's access.

use apps::{AccessTokens, Edit};
use roles::Operator;
use support::{Browser, Product, World, command, on_both};
use vocabulary::{ClientId, Role, TeamId};

use super::{OFFLINE, introspect, refresh, refused, text, userinfo, worthless};

/// An app for some teams, or for admins.
fn set(world: &World, app: &Product, edit: impl FnOnce(&mut apps::AppOptions)) {
    let (house, operator) = (&world.node.house, Operator::at_the_command_line());
    let id = ClientId::parse(&app.client_id).unwrap();
    let mut options = house.database.read(|c| apps::find(c, &id)).unwrap().unwrap().options;
    edit(&mut options);
    let edit = Edit { options: Some(options), ..Edit::default() };
    let set = house
        .database
        .write(house.parts.clock.now(), |tx| apps::set(tx, &operator, &app.client_id, None, &edit));
    set.unwrap();
}

fn for_globex(options: &mut apps::AppOptions) {
    options.teams = Some(vec![TeamId::parse("globex").unwrap()]);
}

/// Everything that an app may have of somebody, made while they were admitted.
struct Made {
    code: String,
    access: String,
    refresh: String,
    /// From a refresh, so that another grant's tokens are asked too.
    offline_access: String,
}

async fn made(app: &Product, browser: &Browser) -> Made {
    let tokens = app.tokens(browser, &[]).await;
    let offline = app.tokens(browser, &[("scope", OFFLINE)]).await;
    Made {
        code: app.code(&browser.get(&app.request(&[])).await),
        access: text(&tokens, "access_token").to_owned(),
        refresh: text(&offline, "refresh_token").to_owned(),
        offline_access: text(&offline, "access_token").to_owned(),
    }
}

/// None of it is worth anything any more.
async fn ended(world: &World, app: &Product, made: &Made) {
    assert_eq!(refused(&app.redeem(&made.code).await), worthless());
    assert_eq!(refused(&refresh(&world.node, app, &made.refresh).await), worthless());
    for token in [&made.access, &made.offline_access] {
        assert_eq!(userinfo(&world.node, token).await.status, 401);
        assert_eq!(introspect(&world.node, app, token).await, serde_json::json!({ "active": false }));
    }
}

/// All of it is worth what it says.
async fn stands(world: &World, app: &Product, made: &Made) {
    for token in [&made.access, &made.offline_access] {
        assert_eq!(userinfo(&world.node, token).await.status, 200);
        assert_eq!(introspect(&world.node, app, token).await["active"], true);
    }
}

on_both! {
    async fn an_app_of_other_teams_is_refused_at_every_grant(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let gil = world.sign_in("globex", "gil@globex.test").await;
        for kind in [AccessTokens::Opaque, AccessTokens::Jwt] {
            let name = format!("Wiki{kind:?}");
            let wiki = Product::add(&world, &name, |new| {
                new.options.access_tokens = kind;
            });
            let (of_ada, of_gil) = (made(&wiki, &ada).await, made(&wiki, &gil).await);
            stands(&world, &wiki, &of_ada).await;
            set(&world, &wiki, for_globex);
            ended(&world, &wiki, &of_ada).await;
            stands(&world, &wiki, &of_gil).await;
            assert_eq!(wiki.redeem(&of_gil.code).await.status, 200);
            let page = ada.get(&wiki.request(&[("team_id", "acme")])).await;
            assert_eq!((page.status, page.code(), page.location()), (403, Some("app_team"), None));
            let silent = ada.get(&wiki.request(&[("prompt", "none"), ("team_id", "acme")])).await;
            assert_eq!(wiki.told(&silent)["error"], "access_denied");
            // Teams that may again have it at once: nothing was thrown away that was not used.
            set(&world, &wiki, |options| options.teams = None);
            stands(&world, &wiki, &of_ada).await;
        }
    }

    async fn an_app_for_admins_knows_nobody_who_is_not_one_any_more(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let bob = world.sign_in("acme", "bob@acme.test").await;
        let books = Product::add(&world, "Books", |new| new.options.min_role = Role::Admin);
        assert_eq!(bob.get(&books.request(&[])).await.code(), Some("app_role"));
        let page = world.team_page(&ada, "acme").await;
        world.change(&ada, &page, "Bob Kahn", "role", &[("role", "admin")]).await;
        let of_bob = made(&books, &bob).await;
        stands(&world, &books, &of_bob).await;
        assert_eq!(userinfo(&world.node, &of_bob.access).await.json()["role"], "admin");
        let page = world.team_page(&ada, "acme").await;
        world.change(&ada, &page, "Bob Kahn", "role", &[("role", "member")]).await;
        ended(&world, &books, &of_bob).await;
        assert_eq!(bob.get(&books.request(&[])).await.code(), Some("app_role"));
    }

    async fn a_role_is_told_as_it_is_at_this_moment(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", "ada@acme.test").await;
        let bob = world.sign_in("acme", "bob@acme.test").await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let of_bob = made(&wiki, &bob).await;
        assert_eq!(userinfo(&world.node, &of_bob.access).await.json()["role"], "member");
        let page = world.team_page(&ada, "acme").await;
        world.change(&ada, &page, "Bob Kahn", "role", &[("role", "admin")]).await;
        assert_eq!(userinfo(&world.node, &of_bob.access).await.json()["role"], "admin");
        assert_eq!(introspect(&world.node, &wiki, &of_bob.offline_access).await["role"], "admin");
    }

    async fn whoever_is_out_is_out_of_every_app(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let ada = world.sign_in("acme", "ada@acme.test").await;
        for act in ["sign-out", "deactivate"] {
            let bob = world.sign_in("acme", "bob@acme.test").await;
            let of_bob = made(&wiki, &bob).await;
            stands(&world, &wiki, &of_bob).await;
            let page = world.team_page(&ada, "acme").await;
            assert_eq!(world.change(&ada, &page, "Bob Kahn", act, &[]).await.status, 303, "{act}");
            ended(&world, &wiki, &of_bob).await;
            if act == "deactivate" {
                let page = world.team_page(&ada, "acme").await;
                world.change(&ada, &page, "Bob Kahn", "activate", &[]).await;
                // What ended does not come back.
                ended(&world, &wiki, &of_bob).await;
            }
        }
    }

    async fn a_closed_team_is_out_of_every_app_and_nothing_comes_back_with_it(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let bob = world.sign_in("acme", "bob@acme.test").await;
        let of_bob = made(&wiki, &bob).await;
        stands(&world, &wiki, &of_bob).await;
        for act in ["suspend", "resume"] {
            let said = command(&world, db, &["team", act, "acme"]);
            assert!(said.done, "{}", said.err);
            ended_soon(&world, &wiki, &of_bob).await;
        }
    }

    async fn a_sign_out_ends_what_the_session_gave_and_leaves_what_was_to_outlive_it(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let bob = world.sign_in("acme", "bob@acme.test").await;
        let of_bob = made(&wiki, &bob).await;
        let page = bob.get(&world.at("/t/acme")).await;
        let csrf = page.hidden("csrf").unwrap();
        bob.post(&world.at("/t/acme/logout"), &[("csrf", &csrf)]).await;
        assert_eq!(userinfo(&world.node, &of_bob.access).await.status, 401);
        assert_eq!(refused(&wiki.redeem(&of_bob.code).await), worthless());
        assert_eq!(userinfo(&world.node, &of_bob.offline_access).await.status, 200);
        assert_eq!(refresh(&world.node, &wiki, &of_bob.refresh).await.status, 200);
    }

    async fn a_removed_app_has_nothing(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        let bob = world.sign_in("acme", "bob@acme.test").await;
        let of_bob = made(&wiki, &bob).await;
        let (house, operator) = (&world.node.house, Operator::at_the_command_line());
        let gone = house.database.write(house.parts.clock.now(), |tx| apps::remove(tx, &operator, &wiki.client_id, None));
        gone.unwrap();
        assert_eq!(refused(&wiki.redeem(&of_bob.code).await), (401, "invalid_client".to_owned()));
        assert_eq!(refused(&refresh(&world.node, &wiki, &of_bob.refresh).await), (401, "invalid_client".to_owned()));
        for token in [&of_bob.access, &of_bob.offline_access] {
            assert_eq!(userinfo(&world.node, token).await.status, 401);
        }
        assert_eq!(bob.get(&wiki.request(&[])).await.code(), Some("client_unknown"));
    }
}

/// The same where another process ended it: within a second.
async fn ended_soon(world: &World, app: &Product, made: &Made) {
    let started = std::time::Instant::now();
    while userinfo(&world.node, &made.offline_access).await.status == 200 {
        assert!(started.elapsed() < std::time::Duration::from_secs(1));
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    ended(world, app, made).await;
}
