//! The page for everything that did not work: one sentence, what to do, a reference id.

use askama::Template;
use vocabulary::ReferenceId;

use crate::page::html;
use crate::words::failures::Telling;
use crate::{Face, assets, words};

/// A failure, told to a person.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The stable code, for `<meta name="error-code">`.
    pub code: &'static str,
    /// The heading.
    pub title: String,
    /// One sentence for the person.
    pub sentence: String,
    /// Where to go from here, the best first.
    pub buttons: Vec<Button>,
    /// What the identity provider's administrator should know, without "For your administrator:".
    pub admin_note: Option<String>,
    /// What finds this failure again.
    pub reference: ReferenceId,
    /// Whether the page says that the team's admin can look the reference up.
    pub lookup_hint: bool,
}

/// A way on: a link that looks like a button.
#[derive(Clone, Debug)]
pub struct Button {
    /// What stands on it.
    pub label: String,
    /// Where it leads, by GET.
    pub address: String,
    /// How much it stands out.
    pub kind: Kind,
}

/// How much a button stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The one to press.
    Primary,
    /// Another possibility.
    Secondary,
}

#[derive(Template)]
#[template(path = "door/failure.html")]
struct Html<'a> {
    face: &'a Face,
    page: &'a Failure,
}

impl Failure {
    /// A failure page with these words, no button yet and no hint at the team's admin.
    #[must_use]
    pub fn new(code: &'static str, telling: Telling, reference: ReferenceId) -> Self {
        Self {
            code,
            title: telling.title,
            sentence: telling.sentence,
            buttons: Vec::new(),
            admin_note: telling.admin_note,
            reference,
            lookup_hint: false,
        }
    }

    /// The same with one more way on; the first is the primary one.
    #[must_use]
    pub fn with_button(mut self, label: &str, address: impl Into<String>) -> Self {
        let kind = if self.buttons.is_empty() { Kind::Primary } else { Kind::Secondary };
        self.buttons.push(Button { label: label.to_owned(), address: address.into(), kind });
        self
    }

    /// The same, saying that the team's admin can look the reference up.
    #[must_use]
    pub fn with_lookup_hint(mut self) -> Self {
        self.lookup_hint = true;
        self
    }

    /// The page as HTML.
    #[must_use]
    pub fn render(&self, face: &Face) -> String {
        html(&Html { face, page: self })
    }
}

impl Button {
    fn class(&self) -> &'static str {
        match self.kind {
            Kind::Primary => "button primary",
            Kind::Secondary => "button",
        }
    }
}
