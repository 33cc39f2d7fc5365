//! The practice provider's tiles beside each team's own: what a tile can say, rightly and wrongly. Each tells on
//! itself what it does.

use mock_idp::Tile;
use url::form_urlencoded;

/// Issuer's path, label, address without its query, more of the query, what it does. PRODUCT is the sample product.
const TILES: [(&str, &str, &str, &str, &str); 8] = [
    (
        "acme",
        "Ledger · the product itself",
        "/t/acme/launch",
        "target_link_uri=PRODUCT/",
        "Opens Ledger, the product behind the door, as somebody of acme (target_link_uri).",
    ),
    (
        "acme",
        "Ledger · people of Acme",
        "/t/acme/launch",
        "target_link_uri=/t/acme/team",
        "Opens acme, and there the page Team (target_link_uri).",
    ),
    (
        "acme",
        "Ledger · no team in the address",
        "/launch",
        "",
        "Two teams have this issuer, so the Team ID is asked for: acme or acme-labs, no other is taken.",
    ),
    (
        "acme",
        "Ledger · stage",
        "/t/acme/launch",
        "use_stage=true",
        "Asks for the stage. This demo has none, and a page says so.",
    ),
    (
        "acme",
        "Ledger · misspelt team",
        "/t/ACME/launch",
        "",
        "Writes ACME instead of acme. A page tells the administrator what to correct.",
    ),
    (
        "acme",
        "Ledger · unknown team",
        "/t/acmee/launch",
        "",
        "Points to acmee, which does not exist. A page says where the mistake is.",
    ),
    (
        "acme",
        "Ledger · somebody else's team",
        "/t/globex/launch",
        "",
        "Points to globex, which uses another issuer. The tile is refused.",
    ),
    (
        "globex",
        "Ledger · no team in the address",
        "/launch",
        "",
        "One team alone has this issuer: opens globex at once.",
    ),
];

/// The further tiles at the issuer of this path, which is called `issuer`; Teamdoor is at `base`, the sample product
/// at `product`.
#[must_use]
pub fn demo_tiles(path: &str, base: &str, issuer: &str, product: &str) -> Vec<Tile> {
    let here = TILES.iter().filter(|(of, ..)| *of == path);
    let tile = |(_, label, address, more, note): &(&str, &str, &str, &str, &str)| {
        let more = more.replace("PRODUCT", product);
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("iss", issuer).extend_pairs(form_urlencoded::parse(more.as_bytes()));
        let address = format!("{base}{address}?{}", query.finish());
        Tile { label: (*label).to_owned(), note: (*note).to_owned(), address }
    };
    here.map(tile).collect()
}
