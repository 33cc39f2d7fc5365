//! The words of all connections' health.

pub(crate) const LEAD: &str =
    "How people come in, team by team, those in trouble first. Counts begin anew when settings change.";
pub(crate) const NONE: &str = "No team has a connection yet";
pub(crate) const NONE_LEAD: &str =
    "Once a team has one, it stands here with what people's sign-ins say of it.";
pub(crate) const CAPTION: &str = "The unwell first";
pub(crate) const HEALTH: &str = "Health";
pub(crate) const COUNTS: &str = "Sign-ins";
pub(crate) const LAST_GOOD: &str = "Last good";
pub(crate) const LAST_BAD: &str = "Last bad";
pub(crate) const NEVER: &str = "never";
pub(crate) const WELL: &str = "Well";
pub(crate) const QUIET: &str = "Quiet";
pub(crate) const NOBODY_COMES_BACK: &str = "Nobody comes back";
pub(crate) const FAILING: &str = "Failing";
pub(crate) const UNREACHABLE: &str = "Unreachable";

pub(crate) fn counts(started: i64, returned: i64, finished: i64, refused: i64) -> String {
    format!("{started} started, {returned} returned, {finished} came in, {refused} refused")
}
