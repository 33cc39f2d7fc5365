//! The operators' console: who sits there, for how long, and what they see and do.

mod teams;

use support::{Answer, Browser, World};

/// The console's first page, as Olga, an admin of the operators' team.
pub async fn olga(world: &World) -> (Browser, Answer) {
    let olga = world.sign_in("operators", "olga@operator.test").await;
    let page = olga.get(&world.at("/operator")).await;
    assert_eq!((page.status, page.heading()), (200, "Teams"));
    (olga, page)
}
