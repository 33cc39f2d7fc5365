//! What people see: view models in, accessible HTML out. One folder per journey, the templates in twin folders
//! beside them, all words in [`words`], one stylesheet of our own and no script.
//! Pages know nothing of storage or HTTP: they are told everything, the present moment too.

mod assets;
mod door;
mod face;
mod moment;
mod page;
mod team;
pub mod words;

pub use assets::{ACCENT_ADDRESS, ICON, STYLESHEET, icon_address, stylesheet_address};
pub use door::{
    AtIdp, Button, CorporateSso, Ended, Failure, FieldProblem, Kind, Login, RememberedTeam, SignedOut,
};
pub use face::{Face, accent_stylesheet};
pub use team::{
    Act, Activity, ActivityRow, Dashboard, Erase, House, Notice, Pager, PersonRow, RoleButton, StepDown,
    SwitcherTeam, Tab, Team, Undo,
};
