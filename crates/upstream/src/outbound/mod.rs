//! The one HTTP client that speaks to identity providers: guarded addresses, no redirects, no proxy of the
//! environment, no decompression, no retries, and an end to every answer in bytes and seconds.

mod guard;
mod networks;

use std::time::Duration;

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER,
};
use reqwest::{Certificate, Client, ClientBuilder, Proxy, RequestBuilder, redirect, retry};
use serde::de::DeserializeOwned;

pub use guard::ForbiddenAddress;
pub(crate) use guard::{Guard, Vetted};

use crate::options::{Options, OptionsError};
use crate::trouble::{Endpoint, Remark, Trouble};

/// No answer is read beyond this many bytes.
const MOST_BYTES: usize = 256 * 1024;

/// The client and its guard.
pub(crate) struct Outbound {
    client: Client,
    pub(crate) guard: Guard,
}

impl Outbound {
    pub(crate) fn new(options: &Options) -> Result<Self, OptionsError> {
        let guard = Guard::new(options);
        let mut builder = strict(options)?.dns_resolver(guard.clone());
        if let Some(proxy) = &options.proxy {
            if !matches!(proxy.scheme(), "http" | "https") {
                return Err(OptionsError::Proxy);
            }
            builder = builder.proxy(Proxy::all(proxy.clone()).map_err(|_unusable| OptionsError::Proxy)?);
        }
        let client = builder.build().map_err(OptionsError::Tls)?;
        Ok(Self { client, guard })
    }

    /// Asks for JSON.
    pub(crate) async fn get(&self, at: Endpoint, address: &Vetted) -> Result<Answer, Trouble> {
        self.send(at, self.client.get(address.url().clone())).await
    }

    /// Asks for JSON with an access token (RFC 6750 §2.1).
    pub(crate) async fn get_with_token(
        &self,
        at: Endpoint,
        address: &Vetted,
        access_token: &str,
    ) -> Result<Answer, Trouble> {
        let request = self.client.get(address.url().clone());
        self.send(at, authorized(at, request, &format!("Bearer {access_token}"))?).await
    }

    /// Posts a form, with an `Authorization` header if there is one.
    pub(crate) async fn post(
        &self,
        at: Endpoint,
        address: &Vetted,
        form: String,
        authorization: Option<&str>,
    ) -> Result<Answer, Trouble> {
        let request = self
            .client
            .post(address.url().clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form);
        match authorization {
            Some(value) => self.send(at, authorized(at, request, value)?).await,
            None => self.send(at, request).await,
        }
    }

    async fn send(&self, at: Endpoint, request: RequestBuilder) -> Result<Answer, Trouble> {
        let mut response = request
            .header(ACCEPT, "application/json")
            .send()
            .await
            .map_err(|error| trouble_of(at, &error))?;
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let mut answer = Answer {
            at,
            status: response.status().as_u16(),
            content_type: header(CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase(),
            fresh_for: fresh_for(header(CACHE_CONTROL).unwrap_or_default()),
            retry_after: header(RETRY_AFTER).and_then(|value| value.parse().ok()).map(Duration::from_secs),
            body: Vec::new(),
        };
        while let Some(chunk) = response.chunk().await.map_err(|error| trouble_of(at, &error))? {
            if answer.body.len() + chunk.len() > MOST_BYTES {
                return Err(Trouble::protocol(at, "the answer is longer than 256 KiB"));
            }
            answer.body.extend_from_slice(&chunk);
        }
        Ok(answer)
    }
}

/// A client that follows nothing, takes nothing from the environment and ends everything in time. Roots of trust are
/// the system's, beside those of `ca_pem`.
pub(crate) fn strict(options: &Options) -> Result<ClientBuilder, OptionsError> {
    let builder = Client::builder()
        .user_agent("Teamdoor")
        .default_headers(HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("identity"))]))
        .redirect(redirect::Policy::none())
        .referer(false)
        .retry(retry::never())
        .no_proxy()
        .connect_timeout(options.timeouts.connect)
        .timeout(options.timeouts.total)
        .pool_max_idle_per_host(16)
        // Shorter than what servers usually wait: a connection closed under a request that carries a code costs a
        // sign-in.
        .pool_idle_timeout(Duration::from_secs(20));
    let Some(pem) = &options.ca_pem else { return Ok(builder) };
    let authorities = Certificate::from_pem_bundle(pem).unwrap_or_default();
    if authorities.is_empty() {
        return Err(OptionsError::Authorities);
    }
    Ok(builder.tls_certs_merge(authorities))
}

fn authorized(at: Endpoint, request: RequestBuilder, value: &str) -> Result<RequestBuilder, Trouble> {
    let mut header = HeaderValue::from_str(value).map_err(|_characters| {
        Trouble::protocol(at, "a credential has characters that no header can carry")
    })?;
    header.set_sensitive(true);
    Ok(request.header(AUTHORIZATION, header))
}

/// What a provider answered.
pub(crate) struct Answer {
    at: Endpoint,
    pub(crate) status: u16,
    /// Lowercase, parameters included.
    pub(crate) content_type: String,
    /// How long the answer may be kept.
    pub(crate) fresh_for: Duration,
    retry_after: Option<Duration>,
    body: Vec<u8>,
}

impl Answer {
    /// The answer if it is a 200; otherwise what its status means.
    pub(crate) fn ok(self) -> Result<Self, Trouble> {
        match self.status {
            200 => Ok(self),
            _ => Err(self.failure()),
        }
    }

    /// What another status than 200 means, whatever the body says.
    pub(crate) fn failure(&self) -> Trouble {
        let detail = match self.status {
            300..=399 => format!("it answered {}; redirects are not followed", self.status),
            _ => format!("it answered {}", self.status),
        };
        let detail = Remark::new(&detail);
        if self.status == 429 || self.status >= 500 {
            let asked = self.retry_after.unwrap_or(crate::trouble::RETRY_AFTER);
            let retry_after = asked.clamp(Duration::from_secs(1), Duration::from_mins(5));
            return Trouble::Unreachable { at: self.at, detail, retry_after };
        }
        Trouble::Protocol { at: self.at, detail }
    }

    /// The body as JSON. Its `Content-Type` is not asked for: providers err there, and what is not JSON does
    /// not read as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Trouble> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let what = match error.classify() {
                // The library's own text would repeat the value, which may be a token.
                serde_json::error::Category::Data => {
                    format!("a field is missing or of the wrong type, at line {}", error.line())
                }
                serde_json::error::Category::Io
                | serde_json::error::Category::Syntax
                | serde_json::error::Category::Eof => "the answer is not JSON".to_owned(),
            };
            Trouble::protocol(self.at, &what)
        })
    }
}

#[cfg(test)]
impl Answer {
    pub(crate) fn of_body(at: Endpoint, body: &str) -> Self {
        let body = body.as_bytes().to_vec();
        Self {
            at,
            status: 200,
            content_type: String::new(),
            fresh_for: fresh_for(""),
            retry_after: None,
            body,
        }
    }
}

/// How long metadata and keys stay fresh (RFC 9111 §5.2.2): `max-age` within five minutes and a day, one
/// hour when nothing is said.
fn fresh_for(cache_control: &str) -> Duration {
    const LEAST: Duration = Duration::from_mins(5);
    const MOST: Duration = Duration::from_hours(24);
    let directives = || cache_control.split(',').map(|part| part.trim().to_ascii_lowercase());
    if directives().any(|directive| directive == "no-store" || directive.starts_with("no-cache")) {
        return LEAST;
    }
    let max_age = directives().find_map(|directive| {
        directive.strip_prefix("max-age=")?.trim_matches('"').parse().ok().map(Duration::from_secs)
    });
    max_age.unwrap_or(Duration::from_hours(1)).clamp(LEAST, MOST)
}

/// What a failed connection means. Of its chain only the innermost cause is told: the others repeat the address.
fn trouble_of(at: Endpoint, error: &reqwest::Error) -> Trouble {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    if let Some(why) = innermost.downcast_ref::<ForbiddenAddress>() {
        let address = error.url().map(ToString::to_string).unwrap_or_default();
        return Trouble::Forbidden { address: Remark::new(&address), why: *why };
    }
    if error.is_timeout() {
        return Trouble::TimedOut { at };
    }
    Trouble::unreachable(at, &innermost.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn freshness_stays_within_five_minutes_and_a_day() {
        let table = [
            ("", 3600),
            ("max-age=7200", 7200),
            ("public, Max-Age=\"600\"", 600),
            ("max-age=0", 300),
            ("no-store, max-age=7200", 300),
            ("no-cache", 300),
            ("max-age=99999999", 86_400),
            ("max-age=-5", 3600),
            ("max-age=99999999999999999999999", 3600),
        ];
        for (header, seconds) in table {
            assert_eq!(fresh_for(header), Duration::from_secs(seconds), "{header}");
        }
    }

    proptest! {
        #[test]
        fn no_header_makes_anything_fresh_for_ever(header in "\\PC{0,40}|(max-age=[0-9]{0,30}[, ]?){0,3}") {
            let fresh = fresh_for(&header);
            prop_assert!(fresh >= Duration::from_mins(5) && fresh <= Duration::from_hours(24));
        }
    }

    #[test]
    fn wrong_certificates_and_proxies_stop_the_start() {
        let authorities = Options { ca_pem: Some(b"no pem".to_vec()), ..Options::default() };
        assert!(matches!(Outbound::new(&authorities), Err(OptionsError::Authorities)));
        let proxy = Options { proxy: Some("ftp://proxy.test".parse().unwrap()), ..Options::default() };
        assert!(matches!(Outbound::new(&proxy), Err(OptionsError::Proxy)));
        assert!(Outbound::new(&Options::default()).is_ok());
    }
}
