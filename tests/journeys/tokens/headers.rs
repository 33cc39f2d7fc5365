//! Whatever comes instead of one good `Authorization: Bearer`: 401, whoever asks, and the token stays good.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use support::{Browser, World, on_both};

use super::{ADA, ask, make, problem, refused, who};

/// Header lines that are no good, as bytes; every capital `T` becomes a good token.
#[rustfmt::skip]
const ODD: &[&[u8]] = &[
    b"Authorization:", b"Authorization: T", b"Authorization: Bearer", b"Authorization: Bearer ", b"Authorization: BearerT",
    b"Authorization: Bearer\tT", b"Authorization: Bearer: T", b"Authorization: Bearer=T", b"Authorization: Bearer,T",
    b"Authorization: Basic T", b"Authorization: Basic VDo=", b"Authorization: Token T", b"Authorization: Digest username=\"T\"",
    b"Authorization: Bearer T T", b"Authorization: Bearer T,", b"Authorization: Bearer T;", b"Authorization: Bearer T\x00",
    b"Authorization: Bearer \"T\"", b"Authorization: Bearer <T>", b"Authorization: Bearer token=T", b"Authorization: Bearer Bearer T",
    b"Authorization: Bearer T, Bearer T", b"Authorization: Bearer T\xff", b"Authorization: Bearer \xc3\xbcT", b"Authorization: B\xc3\xa9arer T",
    b"Authorization: Bearer tdt_", b"Authorization: Bearer tdo_T", b"Authorization: Bearer null", b"Authorization: Bearer undefined", b"Authorization: Bearer *",
    b"Authorization: Bearer T\r\nAuthorization: Bearer T", b"Authorization: Basic x\r\nAuthorization: Bearer T", b"Authorization: Bearer T\r\nauthorization: Basic x",
    b"Proxy-Authorization: Bearer T", b"X-Authorization: Bearer T", b"Cookie: td-session-acme=T", b"Cookie: Authorization=Bearer T",
];

fn status(address: &str, lines: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(address).expect("somebody listens");
    let mut request = b"GET /api/v1/whoami HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n".to_vec();
    request.extend_from_slice(lines);
    request.extend_from_slice(b"\r\n\r\n");
    stream.write_all(&request).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
}

fn with_token(line: &[u8], token: &str) -> Vec<u8> {
    let mut filled = Vec::new();
    for byte in line {
        match byte {
            b'T' => filled.extend_from_slice(token.as_bytes()),
            other => filled.push(*other),
        }
    }
    filled
}

on_both! {
    async fn a_header_that_is_no_good_opens_nothing(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let token = make(&world, &ada, "app", "product").await;
        let address = world.node.base.replace("http://localhost", "127.0.0.1");
        assert!(ODD.len() >= 25);
        for odd in ODD.iter().filter(|odd| !odd.contains(&0)) {
            let lines = with_token(odd, &token.value);
            let (status, answer) = status(&address, &lines);
            let about = String::from_utf8_lossy(odd);
            assert_eq!(status, 401, "{about}: {answer}");
            assert!(answer.contains("\"code\":\"token_invalid\"") && answer.to_lowercase().contains("www-authenticate: bearer"), "{about}: {answer}");
            assert!(!answer.contains(&token.value), "{about}");
        }
        // A header that HTTP itself forbids is refused before anybody asks whose it is.
        let (status, _) = status(&address, &with_token(b"Authorization: Bearer T\x00", &token.value));
        assert_eq!(status, 400);
        assert_eq!(who(&world.node, &token.value).await.status, 200, "nothing of it ended the token");
    }

    async fn the_scheme_may_be_spelled_as_one_likes(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let token = make(&world, &ada, "app", "product").await;
        for scheme in ["Bearer", "bearer", "BEARER", "Bearer "] {
            let header = format!("{scheme} {}", token.value);
            let answer = Browser::default().get_with(&world.at("/api/v1/whoami"), &[("authorization", &header)]).await;
            assert_eq!(answer.status, 200, "{scheme:?}");
        }
    }

    async fn a_mistyped_or_foreign_token_is_nobodys(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let token = make(&world, &ada, "app", "product").await;
        for place in [0, 3, 4, 20, 36, 37, 42] {
            let mut typed = token.value.clone();
            let other = if &typed[place..=place] == "x" { "y" } else { "x" };
            typed.replace_range(place..=place, other);
            assert_eq!(problem(&who(&world.node, &typed).await), refused(401, "token_invalid"), "{place}");
        }
        let session = ada.cookie("td-session-acme").unwrap();
        assert_eq!(who(&world.node, &session).await.status, 401, "a session is no API token");
        ada.set_cookie("td-session-acme", &token.value);
        assert_eq!(ada.get(&world.at("/t/acme")).await.status, 303, "an API token is no session");
    }

    async fn a_token_in_an_address_is_refused_beside_a_good_header_too(db) {
        let world = World::new(db).await;
        let ada = world.sign_in("acme", ADA).await;
        let token = make(&world, &ada, "app", "team:read").await;
        let value = &token.value;
        for query in [format!("access_token={value}"), format!("token={value}"), format!("x=1&y={value}"), "access_token=".to_owned(), "access_token=x".to_owned()] {
            for path in ["/whoami", "/teams/acme/people"] {
                let bare = Browser::default().get(&world.at(&format!("/api/v1{path}?{query}"))).await;
                assert_eq!(problem(&bare), refused(401, "token_invalid"), "{query}");
                let beside = ask(&world.node, "GET", &format!("{path}?{query}"), value, "").await;
                assert_eq!(problem(&beside), refused(401, "token_invalid"), "{query}");
                assert!(!beside.body.contains(value.as_str()));
            }
        }
    }
}
