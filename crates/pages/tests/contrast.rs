//! Contrast of every pair of colours that meet on a page, read from the stylesheets themselves (WCAG 2.2).

#![expect(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

use std::collections::HashMap;

use pages::{Deployment, Face, STYLESHEET, accent_stylesheet};
use proptest::prelude::*;

const READABLE: f64 = 4.5;
const VISIBLE: f64 = 3.0;

type Tokens = HashMap<String, String>;

/// The custom properties of both themes, `sheets` in the order a browser applies them.
fn themes(sheets: &[&str]) -> [(&'static str, Tokens); 2] {
    let (mut light, mut dark) = (Tokens::new(), Tokens::new());
    for sheet in sheets {
        let mut roots = sheet.split(":root {").skip(1).map(|rest| tokens(rest.split('}').next().unwrap()));
        light.extend(roots.next().unwrap());
        dark.extend(roots.next().unwrap());
    }
    [("light", light), ("dark", dark)]
}

fn tokens(block: &str) -> Tokens {
    let colours = block.split(';').filter_map(|line| line.split_once(':'));
    colours
        .filter(|(_, value)| value.trim().starts_with('#'))
        .map(|(name, value)| (name.trim().trim_start_matches("--").to_owned(), value.trim().to_owned()))
        .collect()
}

fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let part = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(one: &str, two: &str) -> f64 {
    let (one, two) = (luminance(one), luminance(two));
    (one.max(two) + 0.05) / (one.min(two) + 0.05)
}

fn check(theme: &str, tokens: &Tokens, front: &str, back: &str, least: f64) -> Result<(), String> {
    let ratio = contrast(&tokens[front], &tokens[back]);
    if ratio >= least {
        Ok(())
    } else {
        Err(format!("{theme}: --{front} on --{back} is {ratio:.2}, not {least}"))
    }
}

#[test]
fn the_measure_is_right() {
    assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
    assert!((contrast("#777777", "#ffffff") - 4.48).abs() < 0.01);
}

#[test]
fn words_are_readable_in_both_themes() {
    for (theme, tokens) in themes(&[STYLESHEET]) {
        for front in ["text", "quiet", "link", "bad"] {
            for back in ["ground", "surface", "sunken"] {
                check(theme, &tokens, front, back, READABLE).unwrap();
            }
        }
        for (front, back) in
            [("accent-text", "accent"), ("good", "good-ground"), ("warn", "warn-ground"), ("bad-text", "bad")]
        {
            check(theme, &tokens, front, back, READABLE).unwrap();
        }
        for back in ["ground", "surface", "sunken"] {
            check(theme, &tokens, "field", back, VISIBLE).unwrap();
        }
    }
}

proptest! {
    #[test]
    fn any_accent_is_readable(colour in "#[0-9a-fA-F]{6}") {
        let face = Face {
            product_name: "Ledger".to_owned(),
            logo: None,
            accent: Some(colour.clone()),
            home_url: String::new(),
            support_url: None,
            privacy_url: None,
            deployment: Deployment::Production,
        };
        let sheet = accent_stylesheet(&face).unwrap();
        for (theme, tokens) in themes(&[STYLESHEET, &sheet]) {
            for back in ["ground", "surface", "sunken"] {
                prop_assert_eq!(check(theme, &tokens, "link", back, READABLE), Ok(()));
            }
            prop_assert_eq!(check(theme, &tokens, "accent-text", "accent", READABLE), Ok(()));
        }
        let [(_, light), _] = themes(&[STYLESHEET, &sheet]);
        prop_assert_eq!(&light["accent"], &colour.to_ascii_lowercase());
    }

    #[test]
    fn anything_else_is_no_accent(text in "\\PC{0,10}") {
        let is_colour = text.len() == 7 && text.starts_with('#')
            && text.bytes().skip(1).all(|byte| byte.is_ascii_hexdigit());
        let face = Face {
            product_name: String::new(),
            logo: None,
            accent: Some(text),
            home_url: String::new(),
            support_url: None,
            privacy_url: None,
            deployment: Deployment::Production,
        };
        prop_assert_eq!(accent_stylesheet(&face).is_some(), is_colour);
    }
}
