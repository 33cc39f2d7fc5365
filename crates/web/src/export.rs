//! The record as lines of JSON, a row on each: fetched as fast as they are read, so that no export is ever in memory
//! as a whole.

use std::fmt::Display;
use std::future::Future;
use std::io;

use actix_web::http::Method;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use audit::Entry;
use futures_util::stream;
use serde_json::Value;

/// How many rows are in memory at a time, twice.
pub(crate) const AT_A_TIME: i64 = 500;

/// Some rows of an export.
pub(crate) struct Lot {
    lines: Bytes,
    next: Option<i64>,
}

impl Lot {
    /// Rows that were found when [`AT_A_TIME`] were asked for.
    pub(crate) fn new(entries: &[Entry], row: impl Fn(&Entry) -> Value) -> Self {
        let lines = entries.iter().map(|entry| row(entry).to_string() + "\n");
        let is_full = i64::try_from(entries.len()).unwrap_or(i64::MAX) >= AT_A_TIME;
        let next = entries.last().filter(|_| is_full).map(|last| last.n);
        Self { lines: Bytes::from(lines.collect::<String>()), next }
    }
}

/// Sends `first` and what `more` finds beyond the row of a number. No connection to the database is held while the
/// lines travel. Trouble after the first rows breaks the answer off, so that nobody takes it for the whole.
pub(crate) fn lines<E, M, F>(
    request: &HttpRequest,
    mut response: HttpResponseBuilder,
    first: Lot,
    more: M,
) -> HttpResponse
where
    E: Display + 'static,
    M: Fn(i64) -> F + Clone + 'static,
    F: Future<Output = Result<Lot, E>> + 'static,
{
    response.content_type("application/x-ndjson");
    if request.method() == Method::HEAD {
        return response.finish();
    }
    response.streaming(stream::try_unfold(Some(first), move |lot| {
        let more = more.clone();
        async move {
            let Some(lot) = lot else { return Ok::<_, io::Error>(None) };
            let next = match lot.next {
                Some(last) => Some(more(last).await.map_err(|error| io::Error::other(error.to_string()))?),
                None => None,
            };
            Ok(Some((lot.lines, next)))
        }
    }))
}
