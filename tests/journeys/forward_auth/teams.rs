//! For whom an app on its host is, and with which team it is used.

use apps::AppOptions;
use support::{World, on_both};
use vocabulary::{Role, TeamId};

use super::wiki::Wiki;
use super::{CLICK, TRUSTING, passed, stopped};

fn for_team(team: &str) -> impl FnOnce(&mut AppOptions) {
    let team = TeamId::parse(team).unwrap();
    move |options| options.teams = Some(vec![team])
}

on_both! {
    async fn an_app_admits_its_own_teams_and_roles_alone(db) {
        let world = World::with(db, &TRUSTING).await;
        let of_acme = Wiki::called(&world, "wiki", for_team("acme"));
        let of_admins = Wiki::called(&world, "books", |options| options.min_role = Role::Admin);
        let gil = world.sign_in("globex", "gil@globex.test").await;
        let bob = world.sign_in("acme", "bob@acme.test").await;
        for (wiki, who, query, code) in
            [(&of_acme, &gil, "?team=globex", "app_team"), (&of_admins, &bob, "", "app_role")]
        {
            let begun = wiki.begin(who, query).await;
            let refused = wiki.follow(who, begun).await;
            assert_eq!((refused.status, refused.code()), (403, Some(code)));
            assert_eq!(wiki.cookie(who), None);
        }
        assert_eq!(passed(&of_admins.ask(&of_admins.visitor("globex", "gil@globex.test").await, "").await).1, "admin");
    }

    async fn the_cookie_of_a_host_is_good_for_its_team_alone(db) {
        let world = World::with(db, &TRUSTING).await;
        let wiki = Wiki::new(&world);
        let ada = wiki.visitor("acme", "ada@acme.test").await;
        world.sign_in_with(&ada, "acme-labs", "ada@acme.test").await;
        assert_eq!(passed(&wiki.ask(&ada, "").await).0, "acme");
        let other = wiki.ask(&ada, "?team=acme-labs").await;
        assert_eq!(stopped(&other), (403, "wrong_team"));
        assert_eq!(stopped(&wiki.ask(&ada, "?min_role=admin&team=globex").await), (403, "wrong_team"));
        assert_eq!(passed(&wiki.ask(&ada, "?min_role=admin&team=acme").await), ("acme", "admin"));
        assert_eq!(
            other.button("Use a different team"),
            Some(wiki.at("/.teamdoor/sign-in?team=acme-labs&return_to=%2Fpage"))
        );
        assert!(other.body.contains(&format!("<base href=\"{}/\">", world.node.base)), "{}", other.body);
        let policy = other.header("content-security-policy").unwrap();
        assert!(policy.contains(&format!("style-src {0}; ", world.node.base)), "{policy}");
    }

    async fn a_link_of_a_stranger_does_not_change_the_team_of_an_app(db) {
        let world = World::with(db, &TRUSTING).await;
        let wiki = Wiki::new(&world);
        let ada = wiki.visitor("acme", "ada@acme.test").await;
        world.sign_in_with(&ada, "acme-labs", "ada@acme.test").await;
        let (address, before) = (wiki.at("/.teamdoor/sign-in?team=acme-labs&return_to=%2Fpage"), wiki.cookie(&ada));
        for headers in [
            vec![],
            vec![("sec-fetch-site", "cross-site"), ("sec-fetch-user", "?1")],
            vec![("sec-fetch-site", "same-site"), ("sec-fetch-user", "?1")],
            vec![("sec-fetch-site", "none")],
            vec![("sec-fetch-site", "same-origin")],
        ] {
            let answer = wiki.get_with(&ada, &address, &headers).await;
            assert_eq!((answer.status, answer.code()), (409, Some("team_in_use")), "{headers:?}");
            assert_eq!(answer.button("Use a different team"), Some(address.clone()));
            assert!(answer.set_cookies().is_empty());
        }
        assert_eq!(wiki.cookie(&ada), before);
        let clicked = wiki.get_with(&ada, &address, &CLICK).await;
        let arrived = wiki.follow(&ada, clicked).await;
        assert_eq!(arrived.header("location"), Some("/page"), "{}", arrived.body);
        assert_eq!(passed(&wiki.ask(&ada, "").await).0, "acme-labs");
    }

    async fn whoever_is_in_goes_straight_on(db) {
        let world = World::with(db, &TRUSTING).await;
        let wiki = Wiki::new(&world);
        let bob = wiki.visitor("acme", "bob@acme.test").await;
        for query in ["?return_to=%2Fpage", "?return_to=%2Fpage&team=acme"] {
            let answer = wiki.begin(&bob, query).await;
            assert_eq!((answer.status, answer.header("location")), (303, Some("/page")));
            assert!(answer.set_cookies().is_empty());
        }
    }
}
