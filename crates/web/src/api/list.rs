//! Lists by pages: `?limit=` rows beyond `?after=`, and where the next page begins.

use serde::Serialize;
use utoipa::ToSchema;

use crate::api::parameters::Parameters;
use crate::api::problem::Fault;

/// How many rows a page has unless said otherwise, and at most.
const USUAL: u16 = 50;
const MOST: u16 = 200;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct List<T> {
    /// The rows.
    items: Vec<T>,
    /// What to send as `after` for the next page; null on the last one.
    next: Option<String>,
}

/// Which page is asked for, its cursor read as `C`.
#[derive(Debug)]
pub(crate) struct Paging<C> {
    limit: u16,
    /// The last row of the page before.
    pub(crate) after: Option<C>,
}

impl<C> Paging<C> {
    /// Reads `limit` and `after`.
    pub(crate) fn of(parameters: &Parameters, cursor: impl FnOnce(&str) -> Option<C>) -> Result<Self, Fault> {
        let limit = |text: &str| text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
        Ok(Self {
            limit: parameters.get("limit", "a number from 1 to 200", limit)?.unwrap_or(USUAL),
            after: parameters.get("after", "the “next” of the page before", cursor)?,
        })
    }

    /// How many rows to fetch: one more than are shown, which tells whether there is another page.
    pub(crate) fn rows(&self) -> i64 {
        i64::from(self.limit).saturating_add(1)
    }

    /// The page made of the rows fetched, each shown by `show`; `cursor` tells where a row stands.
    pub(crate) fn page<R, T>(
        &self,
        rows: &[R],
        cursor: impl Fn(&R) -> String,
        show: impl Fn(&R) -> T,
    ) -> List<T> {
        let shown = rows.get(..usize::from(self.limit));
        let next = shown.filter(|shown| shown.len() < rows.len()).and_then(<[R]>::last).map(cursor);
        List { items: shown.unwrap_or(rows).iter().map(show).collect(), next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_without_a_gap_and_end() {
        let all: Vec<u8> = (1..=6).collect();
        let mut seen = Vec::new();
        let mut after = None;
        let mut pages = 0;
        loop {
            let paging = Paging { limit: 3, after };
            let beyond = all.iter().copied().filter(|n| paging.after.is_none_or(|after| *n > after));
            let rows: Vec<u8> = beyond.take(usize::try_from(paging.rows()).unwrap()).collect();
            let page = paging.page(&rows, u8::to_string, |n| *n);
            seen.extend(page.items);
            pages += 1;
            match page.next {
                Some(next) => after = Some(next.parse().unwrap()),
                None => break,
            }
        }
        assert_eq!((seen, pages), (all, 2));
    }
}
