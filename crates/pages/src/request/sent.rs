//! `/request/sent`: a letter is on its way.

use askama::Template;

use crate::page::html;
use crate::words::request as say;
use crate::{Face, assets, words};

/// The page after the form.
#[derive(Clone, Debug, Default)]
pub struct RequestSent {
    /// What is worth a second thought.
    pub remarks: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "request/sent.html")]
struct Html<'a> {
    face: &'a Face,
    page: &'a RequestSent,
}

impl RequestSent {
    /// The page as HTML.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, page: self })
    }
}
