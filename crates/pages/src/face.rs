//! The vendor's face on every page: name, logo, accent colour, addresses. The accent arrives as a second
//! stylesheet, because the pages' Content-Security-Policy forbids styles inside them.

/// Who the product belongs to and where it lives; the same on every page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// The product people sign in to, e.g. `Ledger`.
    pub product_name: String,
    /// The address of the vendor's logo; without one a small door is drawn.
    pub logo: Option<String>,
    /// The accent colour, `#rrggbb`; anything else counts as none.
    pub accent: Option<String>,
    /// The product's home, behind its name.
    pub home_url: String,
    /// Where people find help.
    pub support_url: Option<String>,
    /// The privacy notice.
    pub privacy_url: Option<String>,
    /// Whether every page says that this is the stage.
    pub deployment: Deployment,
}

/// What a deployment is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deployment {
    /// Real work.
    #[default]
    Production,
    /// Trying things out.
    Stage,
}

impl Face {
    /// Whether anything stands at the foot of a page.
    pub(crate) const fn has_foot(&self) -> bool {
        self.support_url.is_some() || self.privacy_url.is_some()
    }

    pub(crate) fn is_stage(&self) -> bool {
        self.deployment == Deployment::Stage
    }

    /// Whether pages ask for the second stylesheet.
    pub(crate) fn has_accent(&self) -> bool {
        self.colour().is_some()
    }

    fn colour(&self) -> Option<Colour> {
        Colour::parse(self.accent.as_deref()?)
    }
}

/// The content of [`crate::ACCENT_ADDRESS`]: the accent as given for buttons, with black or white words on it,
/// and a shade of it that is readable (4.5:1) for links and focus rings on each theme's grounds.
#[must_use]
pub fn accent_stylesheet(face: &Face) -> Option<String> {
    let accent = face.colour()?;
    let light = accent.moved_until_readable(LIGHT_GROUND, BLACK);
    let dark = accent.moved_until_readable(DARK_SURFACE, WHITE);
    Some(format!(
        ":root {{ --accent: {accent}; --accent-text: {}; --link: {light}; }}\n\
         @media (prefers-color-scheme: dark) {{\n  \
         :root {{ --accent: {dark}; --accent-text: {}; --link: {dark}; }}\n}}\n",
        accent.words(),
        dark.words(),
    ))
}

const BLACK: Colour = Colour([0, 0, 0]);
const WHITE: Colour = Colour([255, 255, 255]);
/// `--ground` of the light theme, the darkest ground a link stands on there.
const LIGHT_GROUND: Colour = Colour([0xf4, 0xf3, 0xf0]);
/// `--surface` of the dark theme, the lightest ground a link stands on there.
const DARK_SURFACE: Colour = Colour([0x1c, 0x1e, 0x21]);
/// WCAG 2.2 §1.4.3 asks 4.5; the rest is room for rounding.
const READABLE: f64 = 4.6;

/// A colour in sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Colour([u8; 3]);

impl Colour {
    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// Relative luminance, 0 to 1 (WCAG 2.2, definitions).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let part = f64::from(channel) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Contrast ratio, 1 to 21 (WCAG 2.2, definitions).
    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// Black or white, whichever reads better here; the better one always reaches 4.58:1.
    fn words(self) -> Self {
        if self.contrast(WHITE) >= self.contrast(BLACK) { WHITE } else { BLACK }
    }

    /// The nearest shade on the way to `end` that is readable on `ground`.
    fn moved_until_readable(self, ground: Self, end: Self) -> Self {
        (0..=20)
            .map(|step| self.mixed(end, step))
            .find(|shade| shade.contrast(ground) >= READABLE)
            .unwrap_or(end)
    }

    /// `twentieths` of the way from here to `end`.
    fn mixed(self, end: Self, twentieths: u16) -> Self {
        let [red, green, blue] = self.0;
        let [to_red, to_green, to_blue] = end.0;
        let mix = |from: u8, to: u8| {
            let sum = u16::from(from) * (20 - twentieths) + u16::from(to) * twentieths;
            u8::try_from(sum / 20).unwrap_or(u8::MAX)
        };
        Self([mix(red, to_red), mix(green, to_green), mix(blue, to_blue)])
    }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}
