//! Every word on every page, in one place. Constants where nothing varies, functions where a name stands inside.

pub mod acts;
pub mod apps;
pub mod console;
pub mod failures;
pub mod find_team;
pub mod forward_auth;
pub mod oauth2;
pub mod request;
pub mod sso;
pub mod tokens;
pub mod traces;

/// The language of everything below, for `<html lang>`.
pub const LANG: &str = "en";
/// Stands before the title of a page that says something went wrong.
pub const ERROR: &str = "Error:";
/// Stands where a moment is missing.
pub const NO_TIME: &str = "–";
/// Title of the page of last resort.
pub const BARE_TITLE: &str = "This page could not be shown";
/// Sentence of the page of last resort.
pub const BARE_SENTENCE: &str = "Go back and try again.";

// The frame of every page
pub(crate) const SKIP: &str = "Skip to content";
pub(crate) const STAGE: &str = "Stage";
pub(crate) const PRIVACY: &str = "Privacy";
pub(crate) const TROUBLE: &str = "Trouble signing in?";
pub(crate) const REFERENCE: &str = "Reference";
pub(crate) const LOOKUP: &str = "Your team's admin can look it up.";
pub(crate) const FOR_ADMIN: &str = "For your administrator:";
pub(crate) const OTHER_WAYS: &str = "Other ways to sign in";
pub(crate) const YOU: &str = "You";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const ADMIN: &str = "Admin";
pub(crate) const MEMBER: &str = "Member";

pub(crate) fn stage_banner(product: &str) -> String {
    format!("This is the stage of {product}, for trying things out.")
}

pub(crate) fn support(product: &str) -> String {
    format!("{product} support")
}

// Signing in
/// The way in by Team ID.
pub const CORPORATE_SSO: &str = "Corporate SSO";
pub(crate) const SIGN_IN: &str = "Sign in";
pub(crate) const WELCOME: &str = "Use the account your company gave you.";
pub(crate) const WELCOME_BACK: &str = "Welcome back.";
pub(crate) const LAST_USED: &str = "Last used on this browser";
pub(crate) const DIFFERENT_TEAM: &str = "Use a different team";
pub(crate) const ANOTHER_TEAM_ID: &str = "Corporate SSO with another Team ID";
pub(crate) const FORGET: &str = "Forget";
pub(crate) const CORPORATE_SSO_LEAD: &str = "Sign in with your company's account.";
pub(crate) const CORPORATE_SSO_LEAD_BY_TILE: &str = "The tile you pressed doesn't say which team to open.";
pub(crate) const TEAM_ID: &str = "Team ID";
pub(crate) const TEAM_ID_HINT: &str =
    "Usually your Okta subdomain, for example acme or acme-research. Ask your administrator if unsure.";
pub(crate) const SSO_LOGIN: &str = "SSO Login";

pub(crate) fn sign_in_to(name: &str) -> String {
    format!("Sign in to {name}")
}

pub(crate) fn continue_to(team: &str) -> String {
    format!("Continue to {team}")
}

// Beside the field Team ID
/// Nothing was typed.
pub const TEAM_ID_EMPTY: &str = "Enter your Team ID.";
/// Characters that no Team ID has.
pub const TEAM_ID_INVALID: &str =
    "Team IDs use lowercase letters, digits and single dashes, for example acme-research.";
/// An email address of no domain we know.
pub const TEAM_ID_EMAIL: &str = "That looks like an email address. Enter your Team ID instead, the short name your company chose, for example acme.";

/// Unknown, draft, suspended and removed teams: one text for all.
#[must_use]
pub fn team_unknown(typed: &str) -> String {
    format!("We can't find an active team called {typed}. Check the spelling or ask your administrator.")
}

/// The hint when an address was pasted and its Team ID read out of it.
#[must_use]
pub fn read_from_address(team_id: &str) -> String {
    format!("We read {team_id} from the address you pasted.")
}

// Signed out
/// The name for an identity provider that has none.
pub const YOUR_IDP: &str = "your company's sign-in service";

pub(crate) fn signed_out_of(team: &str) -> String {
    format!("You are signed out of {team}")
}

pub(crate) fn ended_this_team(team: &str) -> String {
    format!("Your session with {team} in this browser has ended. In other browsers nothing has changed.")
}

pub(crate) fn ended_this_browser() -> String {
    "Every team you had open in this browser is signed out. In other browsers nothing has changed.".to_owned()
}

pub(crate) fn ended_everywhere(team: &str) -> String {
    format!("Your sessions with {team} have ended in every browser.")
}

pub(crate) fn ended_everywhere_and_this_browser(team: &str) -> String {
    format!(
        "Your sessions with {team} have ended in every browser, and so has every other team's in this one."
    )
}

pub(crate) fn ended_before(team: &str) -> String {
    format!("You signed out of {team} in this browser, so nothing signs you in again by itself.")
}

pub(crate) fn ended_nothing(team: &str) -> String {
    format!(
        "This browser had no session with {team}, so nothing had to end. In other browsers nothing has changed."
    )
}

pub(crate) const STILL_OPEN: &str = "Still open in this browser:";

pub(crate) fn perhaps_signed_in_at(idp: &str) -> String {
    format!("You may still be signed in at {idp}.")
}

pub(crate) const PERHAPS_SIGNED_IN_AT_SEVERAL: &str =
    "You may still be signed in at your companies' sign-in services.";

pub(crate) fn not_asked(idp: &str) -> String {
    format!("We could not sign you out at {idp}, so you may still be signed in there.")
}

pub(crate) fn ended_at(idp: &str) -> String {
    format!("According to {idp}, your session there has ended too.")
}

pub(crate) const PERHAPS_AT_OTHERS: &str =
    "You may still be signed in at the sign-in services of your other teams.";

pub(crate) fn sign_in_again(team: &str) -> String {
    format!("Sign in to {team} again")
}

// The house
pub(crate) const APPS: &str = "Apps";
pub(crate) const TEAM: &str = "Team";
pub(crate) const ACTIVITY: &str = "Activity";
pub(crate) const SIGN_OUT: &str = "Sign out";
pub(crate) const MORE_SIGN_OUT: &str = "More ways to sign out";
pub(crate) const SIGN_OUT_EVERYWHERE: &str = "Sign out in every browser";
pub(crate) const SIGN_OUT_BROWSER: &str = "Sign out of all teams here";
pub(crate) const UNDO: &str = "Undo";
pub(crate) const SWITCH_TEAM: &str = "Switch team";
pub(crate) const ANOTHER_TEAM: &str = "Sign in to another team";

pub(crate) fn sign_out_at(idp: &str) -> String {
    format!("Also sign out at {idp}")
}

pub(crate) fn try_sign_out_at(idp: &str) -> String {
    format!("Try signing out at {idp} too")
}

pub(crate) const TRY_SIGN_OUT_NOTE: &str = "Once it has worked, everybody in the team is offered it.";

pub(crate) fn signed_in_as(name: &str) -> String {
    format!("Signed in as {name}")
}

// Dashboard
pub(crate) const NO_APPS: &str = "No apps here yet";
pub(crate) const YOUR_PLACE: &str = "Your place in the team";
pub(crate) const SIGNED_IN_AS: &str = "Signed in as";
pub(crate) const EMAIL: &str = "Email";
pub(crate) const ROLE: &str = "Role";
pub(crate) const SEND_LINK: &str = "Bring your colleagues";

pub(crate) fn no_apps_lead(product: &str, team: &str) -> String {
    format!("You are signed in. As soon as {product} gives {team} an app, it appears here as a tile.")
}

pub(crate) fn member_means(product: &str) -> String {
    format!("You use {product}. Your team's admins manage people.")
}

pub(crate) const ADMIN_MEANS: &str = "You also manage people and their roles, on the Team page.";

pub(crate) fn send_link_lead(team: &str) -> String {
    format!("Send them this link. It signs them in to {team}, without asking for the Team ID.")
}

// People
pub(crate) const PERSON: &str = "Person";
pub(crate) const COMES_IN_BY: &str = "Comes in by";
pub(crate) const LAST_SIGN_IN: &str = "Last sign-in";
pub(crate) const CHANGE: &str = "Change";
pub(crate) const TIMES_IN_UTC: &str = "Times are in UTC.";
pub(crate) const NEVER: &str = "never";
pub(crate) const TURNED_OFF: &str = "Turned off";
pub(crate) const MAKE_ADMIN: &str = "Make admin";
pub(crate) const MAKE_MEMBER: &str = "Make member";
pub(crate) const STEP_DOWN: &str = "Step down…";
pub(crate) const MORE: &str = "More";
pub(crate) const ACT_SIGN_OUT: &str = "Sign out everywhere";
pub(crate) const ACT_DEACTIVATE: &str = "Turn off access";
pub(crate) const ACT_ACTIVATE: &str = "Turn access on";
pub(crate) const ACT_ERASE: &str = "Erase…";
pub(crate) const SEARCH_LABEL: &str = "Name or email";
pub(crate) const SEARCH: &str = "Search";
pub(crate) const SHOW_EVERYONE: &str = "Show everyone";
pub(crate) const NOBODY_YET: &str = "No one has signed in yet";
pub(crate) const NOBODY_YET_LEAD: &str = "Send them this link.";
pub(crate) const PREVIOUS: &str = "Previous";
pub(crate) const NEXT: &str = "Next";
pub(crate) const PAGES: &str = "Pages";

pub(crate) fn team_lead_admin(team: &str) -> String {
    format!("Everyone who has come in to {team}. Admins manage people and their roles.")
}

pub(crate) fn team_lead_member(team: &str) -> String {
    format!("Everyone who has come in to {team}. Ask an admin when a role should change.")
}

pub(crate) fn people(total: u64) -> String {
    match total {
        1 => "1 person".to_owned(),
        many => format!("{many} people"),
    }
}

pub(crate) fn found(total: u64, search: &str) -> String {
    format!("{} for “{search}”", people(total))
}

pub(crate) fn no_match(search: &str) -> String {
    format!("No one matches “{search}”")
}

/// Why the last admin's button is disabled, and what to do.
#[must_use]
pub fn last_admin(team: &str) -> String {
    format!("{team} needs at least one admin. Make someone else an admin first.")
}

pub(crate) fn managed_by(group: &str) -> String {
    format!("Managed by the group “{group}”")
}

/// The message after a role changed.
#[must_use]
pub fn now_admin(name: &str) -> String {
    format!("{name} is now an admin.")
}

/// The message after a role changed.
#[must_use]
pub fn now_member(name: &str) -> String {
    format!("{name} is now a member.")
}

/// The message after someone stepped down.
pub const YOU_STEPPED_DOWN: &str = "You are now a member.";

/// The message after someone was deactivated.
#[must_use]
pub fn now_off(name: &str) -> String {
    format!("{name}'s access is turned off.")
}

/// The message after someone was activated again.
#[must_use]
pub fn now_on(name: &str) -> String {
    format!("{name}'s access is turned on.")
}

/// The message after all of someone's sessions ended.
#[must_use]
pub fn now_signed_out(name: &str) -> String {
    format!("{name} is signed out everywhere.")
}

/// The message after someone was erased.
#[must_use]
pub fn now_erased(name: &str) -> String {
    format!("{name} is erased.")
}

// Stepping down
pub(crate) const STEP_DOWN_TITLE: &str = "Step down as admin?";
pub(crate) const STEP_DOWN_YES: &str = "Step down";

pub(crate) fn step_down_lead(team: &str) -> String {
    format!(
        "You become a member of {team} and can no longer manage people. Only another admin can make you an admin again."
    )
}

// Erasing
pub(crate) const ERASE_YES: &str = "Erase for good";
pub(crate) const ERASE_LEAD: &str =
    "Their name, email and role are deleted, and they are signed out everywhere. This cannot be undone.";
/// The typed Team ID was another one.
pub const ERASE_TYPED_WRONG: &str = "That is not this team's ID. Nothing was erased.";

pub(crate) fn erase_title(name: &str) -> String {
    format!("Erase {name}?")
}

pub(crate) fn erase_again(team: &str) -> String {
    format!("If they sign in to {team} again, they start as a new person.")
}

pub(crate) fn type_to_confirm(team_id: &str) -> String {
    format!("Type the Team ID {team_id} to confirm")
}

// Activity
pub(crate) const WHEN: &str = "When";
pub(crate) const WHO: &str = "Who";
pub(crate) const WHAT: &str = "What";
pub(crate) const LATEST_FIRST: &str = "Latest first";
pub(crate) const NO_ACTIVITY: &str = "Nothing has happened yet";
pub(crate) const NO_ACTIVITY_LEAD: &str =
    "Sign-ins, changes of roles and everything else that matters will stand here.";

pub(crate) fn activity_lead(team: &str) -> String {
    format!("What happened in {team}, and who did it.")
}

// Time
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(crate) fn today_at(clock: &str) -> String {
    format!("today, {clock}")
}

pub(crate) fn yesterday_at(clock: &str) -> String {
    format!("yesterday, {clock}")
}

pub(crate) const TODAY: &str = "today";
pub(crate) const YESTERDAY: &str = "yesterday";

pub(crate) fn on_day(day: i8, month: i8) -> String {
    format!("on {day} {}", month_name(month))
}

pub(crate) fn on_day_of_year(day: i8, month: i8, year: i16) -> String {
    format!("on {}", day_of_year(day, month, year))
}

pub(crate) fn day_at(day: i8, month: i8, clock: &str) -> String {
    format!("{day} {}, {clock}", month_name(month))
}

pub(crate) fn day_of_year(day: i8, month: i8, year: i16) -> String {
    format!("{day} {} {year}", month_name(month))
}

fn month_name(month: i8) -> &'static str {
    let index = usize::try_from(month.saturating_sub(1)).unwrap_or(0);
    MONTHS.get(index).copied().unwrap_or(NO_TIME)
}

/// Somebody whose name is not at hand.
pub const SOMEBODY: &str = "The person";
/// Somebody of whom only the record is left.
pub const SOMEBODY_ERASED: &str = "Someone who was erased";
/// Whoever runs the service.
pub const THE_OPERATOR: &str = "The operator";
/// Whoever asked for the team.
pub const THE_CONTACT: &str = "Whoever asked for the team";
/// The team's identity provider.
pub const THEIR_IDP: &str = "Your company's sign-in service";
/// The service by its own rules; the vendor's customers know no name for it.
pub const BY_ITSELF: &str = "Automatic";
