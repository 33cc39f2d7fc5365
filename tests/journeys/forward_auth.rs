//! A proxy asks who is there: on our own host by the session, on an app's host by a cookie that was handed over once.

mod ends;
mod handed_over;
mod hostile;
mod own_host;
mod sign_out;
mod teams;
mod wiki;

use support::Answer;

/// The headers that say who is there.
const IDENTITY: [&str; 5] = ["x-auth-team", "x-auth-role", "x-auth-subject", "x-auth-email", "x-auth-name"];
/// Believes what this machine says of forwarded requests.
const TRUSTING: [(&str, &str); 1] = [("SERVER__TRUSTED_PROXIES", r#"["127.0.0.0/8"]"#)];
/// What a browser says of a click on a page of the same host.
const CLICK: [(&str, &str); 2] = [("sec-fetch-site", "same-origin"), ("sec-fetch-user", "?1")];

/// Team and role of whom an answer lets pass. The headers are all there, each once.
fn passed(answer: &Answer) -> (&str, &str) {
    assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{}", answer.body);
    told(answer);
    (answer.header("x-auth-team").unwrap(), answer.header("x-auth-role").unwrap())
}

/// The stable code of an answer that lets nobody pass and says of nobody who they are.
fn stopped(answer: &Answer) -> (u16, &str) {
    told(answer);
    assert!(IDENTITY.iter().all(|name| answer.header(name) == Some("")), "{:?}", answer.headers);
    (answer.status, answer.code().unwrap_or_default())
}

/// What holds for every answer to a proxy.
fn told(answer: &Answer) {
    for name in IDENTITY {
        assert_eq!(answer.headers.get_all(name).iter().count(), 1, "{name} of {}", answer.status);
    }
    assert!(answer.set_cookies().is_empty(), "no sub-request sets or renews a cookie");
}
