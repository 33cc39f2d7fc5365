//! The configuration that stands in a guide.

use std::fmt;
use std::path::Path;

use super::Addresses;

/// Stands before the block that is run.
const MARK: &str = "<!-- the test runs this -->";

/// A configuration on its way from the guide to the proxy.
pub struct Block(String);

/// The marked block of a guide, with the addresses of the test.
pub fn block(guide: &str, addresses: &Addresses) -> Block {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let text = std::fs::read_to_string(root.join(guide)).expect("a guide");
    let (_, rest) = text.split_once(MARK).unwrap_or_else(|| panic!("no marked block in {guide}"));
    let lines = rest.lines().skip_while(|line| !line.trim_start().starts_with("```")).skip(1);
    let lines: Vec<&str> = lines.take_while(|line| !line.trim_start().starts_with("```")).collect();
    Block(lines.join("\n"))
        .said("127.0.0.1:8080", &addresses.product)
        .said("127.0.0.1:3000", &addresses.teamdoor)
}

impl Block {
    /// With something else where the guide says `here`.
    pub fn said(self, here: &str, instead: &str) -> Self {
        assert!(self.0.contains(here), "the guide does not say {here:?}");
        Self(self.0.replace(here, instead))
    }

    /// Without the lines that begin so.
    pub fn without(self, beginning: &str) -> Self {
        let is_kept = |line: &&str| !line.trim_start().starts_with(beginning);
        let kept: Vec<&str> = self.0.lines().filter(is_kept).collect();
        assert!(kept.len() < self.0.lines().count(), "the guide does not say {beginning:?}");
        Self(kept.join("\n"))
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
