//! The role service: membership (person, role, active, version), promotion, toggle, the last admin.
//!
//! Owns the table `memberships`. The invariants: every decision is made inside the transaction that acts on
//! it, under the team's lock; a team never loses its last active admin by an act of ours; what a caller saw
//! of somebody is checked by version before it is changed.

mod admit;
mod authority;
mod change;
mod colleagues;
mod letters;
mod membership;
mod present;

pub use admit::{Promotion, admit, promote_if_due};
pub use authority::{Admin, Authority, Operator, admin, admin_by_token, operator};
pub use change::{Changed, Clerk, Expected, RoleError, decide, erase, set, set_active};
pub use colleagues::{Colleague, Filter, colleague, colleagues, count, names};
pub use letters::{admins, name_of};
pub use membership::{Membership, erase_team, find};
pub use present::{has_admin_since, present_admins};
