//! The files every page asks for, and their addresses. A file's address holds a digest of its content, so that
//! a browser may keep it for ever and still never shows an old one.

use std::sync::LazyLock;

/// The one stylesheet, light and dark.
pub const STYLESHEET: &str = include_str!("../style.css");

/// The icon of the browser's tab, an SVG.
pub const ICON: &str = include_str!("../icon.svg");

/// Where the vendor's accent colour is expected, when [`crate::accent_stylesheet`] gives one.
pub const ACCENT_ADDRESS: &str = "/assets/accent.css";

static STYLESHEET_ADDRESS: LazyLock<String> =
    LazyLock::new(|| format!("/assets/style-{:016x}.css", digest(STYLESHEET)));
static ICON_ADDRESS: LazyLock<String> = LazyLock::new(|| format!("/assets/icon-{:016x}.svg", digest(ICON)));

/// The address at which pages expect [`STYLESHEET`], `/assets/style-<digest>.css`.
#[must_use]
pub fn stylesheet_address() -> &'static str {
    &STYLESHEET_ADDRESS
}

/// The address at which pages expect [`ICON`], `/assets/icon-<digest>.svg`.
#[must_use]
pub fn icon_address() -> &'static str {
    &ICON_ADDRESS
}

/// FNV-1a, 64 bits: tells versions of our own files apart; nothing secret hangs on it.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |state, byte| {
        (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_fnv_1a() {
        assert_eq!(digest(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(digest("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(digest("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn addresses_carry_their_contents_digest() {
        assert_eq!(stylesheet_address(), format!("/assets/style-{:016x}.css", digest(STYLESHEET)));
        assert_eq!(icon_address(), format!("/assets/icon-{:016x}.svg", digest(ICON)));
    }
}
