//! One letter on paper: a subject and paragraphs, set as plain text and as HTML, both made from the same words.

use url::Url;

/// The longest name a letter repeats, in characters.
const NAME: usize = 80;

/// What a letter says. Everything in it is plain text of one line; setting it as HTML escapes it.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    pub(crate) subject: String,
    pub(crate) paragraphs: Vec<String>,
    /// What the link is called, and where it leads.
    pub(crate) link: Option<(&'static str, String)>,
    /// Why the reader gets this letter.
    pub(crate) because: String,
    /// Whom to ask, and the words before that.
    pub(crate) support: Option<(&'static str, Url)>,
    pub(crate) product: String,
}

impl Sheet {
    /// The letter as plain text, lines ending in `\n`.
    pub(crate) fn text(&self) -> String {
        let link = self.link.as_ref();
        let link = link.map_or(String::new(), |(label, address)| format!("{label}:\n{address}\n\n"));
        let support = self.support.as_ref();
        let support = support.map_or(String::new(), |(words, address)| format!(" {words} {address}"));
        format!(
            "{}\n\n{link}{}{support}\n\n-- \n{}\n",
            self.paragraphs.join("\n\n"),
            self.because,
            self.product
        )
    }

    /// The letter as an HTML page without pictures, scripts or anything fetched from elsewhere.
    pub(crate) fn html(&self) -> String {
        let link = self.link.as_ref().map_or(String::new(), |(label, address)| {
            format!("<p><a href=\"{}\">{}</a></p>\n", escape(address), escape(label))
        });
        let paragraphs: Vec<String> = self.paragraphs.iter().map(|text| escape(text)).collect();
        let paragraphs = paragraphs.join("</p>\n<p>");
        let support = self.support.as_ref().map_or(String::new(), |(words, address)| {
            let address = escape(address.as_str());
            format!(" {} <a href=\"{address}\">{address}</a>", escape(words))
        });
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\
             <meta name=\"color-scheme\" content=\"light dark\"><title>{subject}</title></head>\n\
             <body style=\"font: 16px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 2rem auto; padding: 0 1rem\">\n\
             <h1 style=\"font-size: 1.25rem\">{subject}</h1>\n<p>{paragraphs}</p>\n\
             {link}<p style=\"font-size: .875rem\">{because}{support}</p>\n\
             <p style=\"font-size: .875rem\">{product}</p>\n</body>\n</html>\n",
            subject = escape(&self.subject),
            because = escape(&self.because),
            product = escape(&self.product),
        )
    }
}

/// `text` as text or attribute value of HTML.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A name as a letter repeats it: one line, at most 80 characters. Names come from identity providers and may
/// hold anything.
pub(crate) fn name(text: &str) -> String {
    let name = one_line(text, NAME);
    if name.is_empty() { "(no name)".to_owned() } else { name }
}

/// `text` on one line of at most `limit` characters: blanks run together, without control characters and
/// without those that turn the direction of writing.
pub(crate) fn one_line(text: &str, limit: usize) -> String {
    // Far more than is kept, so that a megabyte of blanks costs nothing.
    let readable: String = text
        .chars()
        .take(limit.saturating_mul(8))
        .map(|c| if c.is_whitespace() || c.is_control() { ' ' } else { c })
        .filter(|c| !is_invisible(*c))
        .collect();
    let words: Vec<&str> = readable.split(' ').filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    if line.chars().count() <= limit {
        return line;
    }
    let mut short: String = line.chars().take(limit.saturating_sub(3)).collect();
    short.push_str("...");
    short
}

/// Direction marks and overrides, joiners that are never needed between letters, and tag characters.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_one_short_line() {
        assert_eq!(name("Ada Lovelace"), "Ada Lovelace");
        assert_eq!(name("  Ada\r\nBcc: x@y.z\t\u{2028}!  "), "Ada Bcc: x@y.z !");
        assert_eq!(name("Ada\u{202E}adA\u{0}"), "AdaadA");
        assert_eq!(name("\u{200B} \n"), "(no name)");
        assert_eq!(name(&"ü".repeat(81)), format!("{}...", "ü".repeat(77)));
        assert_eq!(name(&"ü".repeat(80)), "ü".repeat(80));
    }

    proptest! {
        #[test]
        fn no_name_breaks_a_line_or_grows(text in "\\PC{0,200}|[\\x00-\\x7f]{0,200}") {
            let name = name(&text);
            prop_assert!(!name.is_empty() && name.chars().count() <= NAME);
            let breaks_lines = |c: char| c.is_control() || ['\u{2028}', '\u{2029}'].contains(&c);
            prop_assert!(!name.contains(breaks_lines));
        }

        #[test]
        fn nothing_escaped_holds_markup(text in "\\PC{0,60}") {
            prop_assert!(!escape(&text).contains(['<', '>', '"', '\'']));
        }
    }
}
