//! Redirect URIs that are not quite an app's own: nobody is sent anywhere, whatever else is right or wrong.

use support::{Browser, Product, World, on_both};

const HOSTILE: &[&str] = &[
    "https://wiki.test/back/",
    "https://wiki.test/back?",
    "https://wiki.test/back?x=1",
    "https://wiki.test/back#",
    "https://wiki.test/back#x",
    "https://wiki.test/Back",
    "https://wiki.test/bac",
    "https://wiki.test/back/../back",
    "https://wiki.test/./back",
    "https://wiki.test//back",
    "https://wiki.test/%62ack",
    "https://wiki.test/back%00",
    "https://wiki.test/back%0d%0aLocation:%20https://evil.test",
    "https://wiki.test/back\r\nLocation: https://evil.test",
    "https://wiki.test/back\0",
    "https://wiki.test/back ",
    " https://wiki.test/back",
    "\thttps://wiki.test/back",
    "HTTPS://wiki.test/back",
    "https://WIKI.test/back",
    "https://wiki.test./back",
    "https://wiki.test:443/back",
    "https://wiki.test:8443/back",
    "https://ｗiki.test/back",
    "https://wіki.test/back",
    "https://wiki.test@evil.test/back",
    "https://wiki.test%40evil.test/back",
    "https://evil.test\\@wiki.test/back",
    "https://wiki.test\\.evil.test/back",
    "https://wiki.test.evil.test/back",
    "https://evil.test/https://wiki.test/back",
    "https://evil.test?https://wiki.test/back",
    "https://evil.test#https://wiki.test/back",
    "https:wiki.test/back",
    "https:/wiki.test/back",
    "https:///wiki.test/back",
    "http://wiki.test/back",
    "//wiki.test/back",
    "\\\\wiki.test/back",
    "/back",
    "back",
    "javascript:alert(1)//wiki.test/back",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "com.example.wiki:/back",
    "https://other.test/back",
    "https://wiki.test/.teamdoor/arrive",
    "null",
    "*",
    "https://*.test/back",
    "https://wiki.test/back https://evil.test/",
    "https://wiki.test/back,https://evil.test/",
];

on_both! {
    async fn nobody_is_sent_to_an_address_that_is_not_an_apps_own(db) {
        let world = World::new(db).await;
        let wiki = Product::add(&world, "Wiki", |_| ());
        Product::add(&world, "Other", |_| ());
        let ada = world.sign_in("acme", "ada@acme.test").await;
        for uri in HOSTILE {
            for more in [("state", "x"), ("response_type", "token"), ("prompt", "none"), ("request", "x")] {
                for who in [&ada, &Browser::default()] {
                    let answer = who.get(&wiki.request(&[("redirect_uri", uri), more])).await;
                    assert_eq!(answer.location(), None, "{uri:?} {more:?}");
                    assert_eq!((answer.status, answer.code()), (400, Some("redirect_uri_mismatch")), "{uri:?}");
                    assert!(!answer.body.contains("<script>alert"), "{uri:?}");
                }
            }
        }
        // The two of a doubled one are no better than one.
        for other in ["https://wiki.test/back", "https://evil.test/"] {
            let twice = format!("{}&redirect_uri={other}", wiki.request(&[]));
            assert_eq!(ada.get(&twice).await.code(), Some("redirect_uri_mismatch"));
        }
        assert_eq!(wiki.told(&ada.get(&wiki.request(&[])).await)["iss"], world.node.base, "and its own is");
    }
}
