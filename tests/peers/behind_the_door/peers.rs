//! A product that others' code makes of us what it can: signs in with every check on, then asks all that we offer.

use serde_json::{Value, json};
use support::{Browser, TestDatabase, World};

use super::product::{Client, go, registered};
use crate::browser::one_more_node;
use crate::program::{Program, two_free_ports};

/// What a product may ask.
pub(super) struct Asks {
    /// Introspection, which is for clients that prove who they are.
    introspection: bool,
}

impl Asks {
    pub(super) const ALL: Self = Self { introspection: true };
    pub(super) const OF_A_PUBLIC_CLIENT: Self = Self { introspection: false };
}

/// A product at work, and the service before it.
pub(super) struct Peer {
    world: World,
    issuer: String,
    base: String,
    client_id: String,
    _product: Program,
    _service: Program,
}

impl Peer {
    /// Registers the product with these words besides, and starts it; it is told `more` besides.
    pub(super) async fn stand(
        db: &TestDatabase,
        start: impl FnOnce(&Value) -> Program,
        words: &[&str],
        more: Value,
    ) -> Self {
        let (world, ports) = (World::new(db).await, two_free_ports());
        let (service, issuer) = one_more_node(&world, ports, &[]);
        let base = format!("http://localhost:{}", ports + 1);
        let mut all = vec![
            "app".to_owned(),
            "add".to_owned(),
            "--name=Orders".to_owned(),
            format!("--redirect-uri={base}/callback"),
            format!("--post-logout-redirect-uri={base}/signed-out"),
        ];
        all.extend(words.iter().map(|word| (*word).to_owned()));
        let Client { id, secret } = registered(&world, &issuer, &all);
        let mut told =
            json!({ "issuer": issuer, "port": ports + 1, "client_id": id, "client_secret": secret });
        told["algorithm"] = json!(if words.contains(&"--id-token-alg=ES256") { "ES256" } else { "RS256" });
        for (name, value) in more.as_object().expect("an object") {
            told[name] = value.clone();
        }
        let product = start(&told);
        product.line("ready").expect("a product");
        Self { world, issuer, base, client_id: id, _product: product, _service: service }
    }

    /// Signs Ada in through the product, which asks all it may, and out again.
    pub(super) async fn meet(self, asks: &Asks) {
        let ada = Browser::default();
        let page = go(&ada, &format!("{}/login?team_id=acme", self.base), "ada@acme.test").await;
        assert_eq!(page.status, 200, "{}", page.body);
        let saw = page.json();
        let who =
            [("name", "Ada Lovelace"), ("email", "ada@acme.test"), ("team_id", "acme"), ("role", "admin")];
        for (name, value) in who {
            assert_eq!(saw["claims"][name], value, "{saw:#}");
            assert_eq!(saw["userinfo"][name], value, "{saw:#}");
        }
        assert_eq!(saw["claims"]["iss"], self.issuer.as_str());
        for told in ["userinfo", "refreshed"] {
            assert_eq!(saw[told]["sub"], saw["claims"]["sub"], "{saw:#}");
        }
        assert_eq!(saw["rotated"], true, "{saw:#}");
        if asks.introspection {
            let said = &saw["introspected"];
            assert_eq!(
                (&said["active"], &said["team_id"], &said["role"]),
                (&json!(true), &json!("acme"), &json!("admin"))
            );
            assert_eq!(said["client_id"], self.client_id.as_str(), "{saw:#}");
        }
        assert_eq!((&saw["revoked"], &saw["lives"]), (&json!(401), &json!(200)), "{saw:#}");
        // A refresh token or a code that comes again is refused, and ends what came of it.
        assert_eq!((&saw["reused"], &saw["family"]), (&json!("invalid_grant"), &json!(401)), "{saw:#}");
        assert_eq!(saw["code"], "invalid_grant", "{saw:#}");

        let out = ada.open(saw["end_session"].as_str().expect("a way out")).await;
        assert_eq!(out.url.as_str(), format!("{}/signed-out?state=back", self.base), "{}", out.body);
        assert_eq!(self.world.sessions_of("acme"), 0);
    }
}
