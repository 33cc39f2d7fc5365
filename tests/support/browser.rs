//! A browser without a window: keeps cookies by name and path, follows no redirect by itself.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Method, redirect};
use url::{Url, form_urlencoded};

use crate::canary;

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Where it came from.
    pub url: Url,
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body as text.
    pub body: String,
}

impl Answer {
    /// No answer of anybody tells a client secret.
    fn assert_silent(&self) {
        let head = || {
            self.headers.values().filter_map(|value| canary::find(&String::from_utf8_lossy(value.as_bytes())))
        };
        let found = canary::find(&self.body).or_else(|| head().next());
        assert!(found.is_none(), "a client secret stands in the answer of {}: {found:?}", self.url);
    }

    /// Where it sends the browser, as a whole address.
    #[must_use]
    pub fn location(&self) -> Option<Url> {
        let location = self.headers.get(LOCATION)?.to_str().ok()?;
        self.url.join(location).ok()
    }

    /// The stable code of an error page.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.between("<meta name=\"error-code\" content=\"", "\"")
    }

    /// The value of the first hidden field of this name.
    #[must_use]
    pub fn hidden(&self, name: &str) -> Option<String> {
        self.between(&format!("name=\"{name}\" value=\""), "\"").map(unescape)
    }

    /// The row of a person on the team page, by what stands in it.
    #[must_use]
    pub fn row(&self, holding: &str) -> Option<&str> {
        let rows = self.body.split("<tr id=\"").skip(1);
        rows.map(|row| row.split("</tbody>").next().unwrap_or(row)).find(|row| row.contains(holding))
    }

    /// What stands between two texts for the first time.
    #[must_use]
    pub fn between(&self, before: &str, after: &str) -> Option<&str> {
        between(&self.body, before, after)
    }

    /// The heading of the page.
    #[must_use]
    pub fn heading(&self) -> &str {
        self.between("<h1>", "</h1>").unwrap_or_default()
    }

    /// What the page says first below its heading, or beside the field: the sentence for the person.
    #[must_use]
    pub fn sentence(&self) -> String {
        let beside = self.between("role=\"alert\">", "</p>");
        unescape(beside.or_else(|| self.between("</h1><p>", "</p>")).unwrap_or_default())
    }

    /// The reference id, which every error page shows.
    #[must_use]
    pub fn reference(&self) -> Option<&str> {
        self.between("Reference <code>", "</code>")
    }

    /// Where the button with this label leads.
    #[must_use]
    pub fn button(&self, label: &str) -> Option<String> {
        let (before, _) = self.body.split_once(&format!(">{label}</a>"))?;
        let (_, address) = before.rsplit_once("href=\"")?;
        Some(unescape(address.strip_suffix('"')?))
    }

    /// A header's value as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Every `Set-Cookie` line.
    #[must_use]
    pub fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all(SET_COOKIE).iter().filter_map(|line| line.to_str().ok()).collect()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is not JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// What stands between two texts for the first time.
#[must_use]
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let start = text.find(before)? + before.len();
    let rest = &text[start..];
    Some(&rest[..rest.find(after)?])
}

fn unescape(text: &str) -> String {
    text.replace("&#38;", "&")
        .replace("&amp;", "&")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
}

/// A browser; each has cookies of its own.
#[derive(Debug)]
pub struct Browser {
    client: reqwest::Client,
    /// By host and name. Cookies ignore ports, so all programs of one host share them.
    jar: RefCell<BTreeMap<(String, String), (String, String)>>,
}

/// Where the service stands, and what a cookie is about that is asked for by its name alone.
const HERE: &str = "localhost";

/// Every name is this machine.
#[derive(Debug)]
struct ThisMachine;

impl Resolve for ThisMachine {
    fn resolve(&self, _name: Name) -> Resolving {
        let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Box::pin(async move { Ok::<Addrs, _>(Box::new(std::iter::once(here))) })
    }
}

impl Default for Browser {
    fn default() -> Self {
        let client = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .tls_certs_only([])
            .no_proxy()
            .dns_resolver(Arc::new(ThisMachine))
            .build()
            .expect("an HTTP client");
        Self { client, jar: RefCell::default() }
    }
}

impl Browser {
    /// GET.
    pub async fn get(&self, url: &str) -> Answer {
        self.send(Method::GET, url, &[], None).await
    }

    /// GET with headers.
    pub async fn get_with(&self, url: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(Method::GET, url, headers, None).await
    }

    /// POST of a form.
    pub async fn post(&self, url: &str, form: &[(&str, &str)]) -> Answer {
        self.post_with(url, form, &[]).await
    }

    /// POST of a form with headers.
    pub async fn post_with(&self, url: &str, form: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
        all.extend_from_slice(headers);
        self.send(Method::POST, url, &all, Some(body)).await
    }

    /// Any request, once; cookies go along and are kept.
    ///
    /// # Panics
    /// When nobody answers.
    pub async fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Answer {
        let url = Url::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
        let mut request = self.client.request(method, url.clone());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let host = url.host_str().expect("a host").to_owned();
        let cookies = self.cookies_for(&host, url.path());
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await.unwrap_or_else(|error| panic!("{url}: {error:?}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        headers
            .get_all(SET_COOKIE)
            .iter()
            .for_each(|line| self.keep(&host, line.to_str().expect("a cookie of ASCII")));
        let body = response.text().await.expect("a body");
        let answer = Answer { url, status, headers, body };
        answer.assert_silent();
        answer
    }

    /// Follows redirects by GET until a page comes.
    ///
    /// # Panics
    /// After ten redirects.
    pub async fn follow(&self, mut answer: Answer) -> Answer {
        for _ in 0..10 {
            match answer.location() {
                Some(next) => answer = self.get(next.as_str()).await,
                None => return answer,
            }
        }
        panic!("going in circles at {}", answer.url);
    }

    /// GET, following redirects until a page comes.
    pub async fn open(&self, url: &str) -> Answer {
        let first = self.get(url).await;
        self.follow(first).await
    }

    /// On the practice provider's chooser, says who is signing in; the answer is its redirect to the callback.
    ///
    /// # Panics
    /// When the page is not the chooser.
    pub async fn choose(&self, chooser: &Answer, email: &str) -> Answer {
        let request = chooser.hidden("request").unwrap_or_else(|| panic!("no chooser: {}", chooser.body));
        let (issuer, _) = chooser.url.as_str().split_once("/authorize").expect("an authorization page");
        self.post(&format!("{issuer}/choose"), &[("request", &request), ("person", email)]).await
    }

    /// The value of a cookie.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookie_of(HERE, name)
    }

    /// The value of a cookie of another host.
    #[must_use]
    pub fn cookie_of(&self, host: &str, name: &str) -> Option<String> {
        self.jar.borrow().get(&(host.to_owned(), name.to_owned())).map(|(value, _)| value.clone())
    }

    /// The names of all cookies.
    #[must_use]
    pub fn cookie_names(&self) -> Vec<String> {
        self.cookie_names_of(HERE)
    }

    /// The names of all cookies of another host.
    #[must_use]
    pub fn cookie_names_of(&self, host: &str) -> Vec<String> {
        let jar = self.jar.borrow();
        jar.keys().filter(|(of, _)| of == host).map(|(_, name)| name.clone()).collect()
    }

    /// Puts a cookie into the jar.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.set_cookie_of(HERE, name, value);
    }

    /// Puts a cookie of another host into the jar.
    pub fn set_cookie_of(&self, host: &str, name: &str, value: &str) {
        let kept = (value.to_owned(), "/".to_owned());
        self.jar.borrow_mut().insert((host.to_owned(), name.to_owned()), kept);
    }

    /// Forgets cookies whose name begins so, of every host.
    pub fn drop_cookies(&self, beginning: &str) {
        self.jar.borrow_mut().retain(|(_, name), _| !name.starts_with(beginning));
    }

    fn cookies_for(&self, host: &str, path: &str) -> String {
        let jar = self.jar.borrow();
        let fitting =
            jar.iter().filter(|((of, _), (_, under))| of == host && path.starts_with(under.as_str()));
        fitting.map(|((_, name), (value, _))| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keep(&self, host: &str, line: &str) {
        let mut parts = line.split(';').map(str::trim);
        let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).expect("a cookie");
        let attributes: Vec<&str> = parts.collect();
        let path = attributes.iter().find_map(|part| part.strip_prefix("Path=")).unwrap_or("/").to_owned();
        let (mut jar, key) = (self.jar.borrow_mut(), (host.to_owned(), name.to_owned()));
        if attributes.contains(&"Max-Age=0") {
            jar.remove(&key);
        } else {
            jar.insert(key, (value.to_owned(), path));
        }
    }
}
