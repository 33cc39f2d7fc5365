//! Writes every page into a folder, with stylesheet and icon, to be looked at:
//! `cargo run -p pages --example gallery -- FOLDER [#rrggbb]`.

#[path = "../tests/samples/mod.rs"]
#[expect(clippy::unwrap_used, reason = "the tests' samples")]
mod samples;

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| "gallery".to_owned()));
    let mut face = samples::face();
    face.accent = arguments.next();
    fs::create_dir_all(&folder)?;
    let relative = |address: &str| address.trim_start_matches('/').replace('/', "-");
    fs::write(folder.join(relative(pages::stylesheet_address())), pages::STYLESHEET)?;
    fs::write(folder.join(relative(pages::icon_address())), pages::ICON)?;
    fs::write(
        folder.join(relative(pages::ACCENT_ADDRESS)),
        pages::accent_stylesheet(&face).unwrap_or_default(),
    )?;
    for (name, page) in samples::all(&face) {
        fs::write(folder.join(format!("{name}.html")), page.replace("\"/assets/", "\"assets-"))?;
    }
    Ok(())
}
