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
    /// Our own address, where the page is shown on somebody else's: everything it names is meant there.
    pub base: Option<String>,
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
            base: None,
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

    /// The same, for the host of an app: stylesheet and links lead to `base`, our own address.
    #[must_use]
    pub fn based(mut self, base: impl Into<String>) -> Self {
        self.base = Some(base.into());
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

#[cfg(test)]
mod tests {
    use vocabulary::{Chance, ReferenceId};

    use super::*;
    use crate::Deployment;

    struct Same;
    impl Chance for Same {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    #[test]
    fn on_somebody_elses_host_all_a_page_names_is_meant_on_ours() {
        let face = Face {
            product_name: "Ledger".to_owned(),
            logo: None,
            accent: None,
            home_url: "/".to_owned(),
            support_url: None,
            privacy_url: None,
            deployment: Deployment::Production,
        };
        let page =
            Failure::new("host_unknown", words::forward_auth::host_unknown(), ReferenceId::random(&Same));
        assert!(!page.clone().render(&face).contains("<base"));
        let html = page.based("https://sso.example/?a=\"").render(&face);
        let base = html.find("<base href=\"https://sso.example/?a=&#34;\">").unwrap();
        assert!(base < html.find("<link").unwrap(), "it counts for what comes after it");
    }
}
