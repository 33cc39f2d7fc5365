//! What a failure page says: a title, one sentence for the person and, where the cure lies with the identity
//! provider's administrator, a line for them. Named after the stable codes; `team` is the team's name.

/// The words of one failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// The heading.
    pub title: String,
    /// One sentence for the person: what happened and what to do.
    pub sentence: String,
    /// What the identity provider's administrator should know or do.
    pub admin_note: Option<String>,
}

impl Telling {
    pub(crate) fn new(title: &str, sentence: impl Into<String>) -> Self {
        Self { title: title.to_owned(), sentence: sentence.into(), admin_note: None }
    }

    /// The same, with a line for the administrator.
    #[must_use]
    pub fn for_admin(mut self, note: impl Into<String>) -> Self {
        self.admin_note = Some(note.into());
        self
    }
}

/// Label: the same again.
pub const TRY_AGAIN: &str = "Try again";
/// Label: a new attempt that keeps where the person was going.
pub const START_AGAIN: &str = "Start again";
/// Label: sign in as somebody else at the identity provider.
pub const USE_ANOTHER_ACCOUNT: &str = "Use another account";
/// Label: back to the team page.
pub const BACK_TO_TEAM: &str = "Back to the team";
/// Label: to the team this browser opens by default, else to the sign-in page.
pub const TO_START: &str = "Go to the start page";
/// Label: to the sign-in page.
pub const TO_SIGN_IN: &str = "Go to sign-in";

/// `rate_limited`
#[must_use]
pub fn rate_limited() -> Telling {
    Telling::new("Too many tries", "Wait a minute, then try again.")
}

/// `team_unknown`, reached by an address instead of the Team ID page.
#[must_use]
pub fn team_unknown(team_id: &str) -> Telling {
    Telling::new("We can't find this team", super::team_unknown(team_id))
}

/// `state_missing`, `state_unknown`, `state_expired`, `state_used`: one text.
#[must_use]
pub fn stale_link() -> Telling {
    Telling::new("Please start again", "This sign-in link has expired or was already used.")
}

/// `attempt_cookie_missing`
#[must_use]
pub fn attempt_cookie_missing() -> Telling {
    Telling::new(
        "Please start again",
        "Your browser didn't keep the sign-in cookie. Allow cookies for this site and finish in the browser you began in.",
    )
}

/// `session_cookie_missing`
#[must_use]
pub fn session_cookie_missing() -> Telling {
    Telling::new(
        "Your browser didn't keep you signed in",
        "You signed in a moment ago and your browser didn't keep the cookie of your session. Allow cookies for this site, then try again.",
    )
}

/// `attempt_team_mismatch`, `issuer_param_mismatch`
#[must_use]
pub fn wrong_answer() -> Telling {
    Telling::new("Please start again", "This answer belongs to a different sign-in. Nobody was signed in.")
}

/// `settings_changed`
#[must_use]
pub fn settings_changed(team: &str) -> Telling {
    Telling::new(
        "Please start again",
        format!("The sign-in settings of {team} changed while you were signing in."),
    )
}

/// `code_rejected`
#[must_use]
pub fn code_rejected(team: &str) -> Telling {
    Telling::new(
        "Please start again",
        format!(
            "{team}'s sign-in service no longer accepts this sign-in. It took too long or was used already."
        ),
    )
}

/// `idp_refused`
#[must_use]
pub fn idp_refused() -> Telling {
    Telling::new("Sign-in was cancelled", "Sign-in was cancelled. Nobody was signed in.")
}

/// `idp_refused`, when the request itself was at fault.
#[must_use]
pub fn idp_refused_other(team: &str) -> Telling {
    Telling::new(
        "Sign-in was refused",
        format!("{team}'s sign-in service refused this sign-in. Try again, or ask your administrator."),
    )
    .for_admin("The provider's own words stand beside this reference in the team's sign-ins.")
}

/// `idp_not_assigned`
#[must_use]
pub fn idp_not_assigned() -> Telling {
    Telling::new(
        "You don't have access yet",
        "Your company hasn't given you access to this app yet. Ask your Okta administrator to assign it to you.",
    )
    .for_admin("Okta answered that the person is not assigned to the app. Assign the person or one of their groups.")
}

/// `idp_unreachable`
#[must_use]
pub fn idp_unreachable(team: &str) -> Telling {
    Telling::new(
        "Sign-in isn't available right now",
        format!("{team}'s sign-in service isn't answering. Try again in a minute."),
    )
}

/// `idp_timeout`
#[must_use]
pub fn idp_timeout(team: &str) -> Telling {
    Telling::new(
        "Sign-in isn't available right now",
        format!("{team}'s sign-in service took too long to answer. Try again in a minute."),
    )
}

/// `idp_issuer_mismatch`
#[must_use]
pub fn idp_issuer_mismatch(team: &str) -> Telling {
    Telling::new(
        "Sign-in isn't set up right",
        format!("SSO for {team} is misconfigured. Ask your administrator to check the sign-in settings."),
    )
    .for_admin("The issuer in the provider's metadata is not the one in the team's settings.")
}

/// `idp_client_rejected`
#[must_use]
pub fn idp_client_rejected(team: &str) -> Telling {
    Telling::new(
        "Sign-in isn't set up right",
        format!("{team}'s sign-in service doesn't accept this app's credentials. Ask your administrator to check them."),
    )
    .for_admin("Okta rejected the client secret (expired or rotated?)")
}

/// `id_token_invalid`, `idp_protocol`, `userinfo_subject_mismatch`: the reason is in the trace alone.
#[must_use]
pub fn unverified(team: &str) -> Telling {
    Telling::new(
        "We couldn't verify this sign-in",
        format!("We couldn't verify the answer from {team}'s sign-in service."),
    )
}

/// `email_missing`
#[must_use]
pub fn email_missing(team: &str) -> Telling {
    Telling::new(
        "We need your email address",
        format!("{team}'s sign-in service didn't tell us your email address, and {team} needs one. Ask your administrator."),
    )
    .for_admin("Release the email claim to this app.")
}

/// `email_domain`; `allowed` as `@acme.com` or several, joined.
#[must_use]
pub fn email_domain(team: &str, allowed: &str, email: &str) -> Telling {
    Telling::new(
        "This account can't come in",
        format!("{team} only allows {allowed} addresses; you signed in as {email}."),
    )
}

/// `email_domain`, when nobody vouches for the email.
#[must_use]
pub fn email_not_trusted(team: &str) -> Telling {
    Telling::new(
        "This account can't come in",
        format!("{team} lets people in by their email address, and your sign-in service doesn't confirm yours. Ask your administrator."),
    )
    .for_admin("The provider sends email_verified as false. If it speaks for its addresses anyway, the team's email trust can be set to issuer.")
}

/// `email_domain`, when the account belongs to another organisation of a shared provider.
#[must_use]
pub fn other_organisation(team: &str) -> Telling {
    Telling::new(
        "This account can't come in",
        format!("You signed in with an account of another organisation. Use your {team} account."),
    )
}

/// `account_deactivated`
#[must_use]
pub fn account_deactivated(team: &str) -> Telling {
    Telling::new(
        "Your access is turned off",
        format!("Your access to {team} has been turned off. Ask a team admin if you need it back."),
    )
}

/// `idp_session_ended`
#[must_use]
pub fn idp_session_ended(team: &str) -> Telling {
    Telling::new(
        "You were signed out meanwhile",
        format!(
            "{team}'s sign-in service ended this sign-in before it was finished. Start again to sign in."
        ),
    )
}

/// `team_unknown` at a launch.
#[must_use]
pub fn launch_team_unknown(team_id: &str) -> Telling {
    Telling::new(
        "We don't know this team",
        format!(
            "This app tile points to a team we don't know ({team_id}). Your Okta administrator should check the Team ID in the app's settings."
        ),
    )
}

/// `launch_team_id_spelling`
#[must_use]
pub fn launch_team_id_spelling(said: &str, meant: &str) -> Telling {
    Telling::new(
        "This tile needs a correction",
        format!("Your Okta app says {said}. Your administrator must enter {meant}."),
    )
    .for_admin(format!("In the app's settings, write the Team ID exactly as {meant}."))
}

/// `launch_issuer_mismatch`
#[must_use]
pub fn launch_issuer_mismatch(team_id: &str) -> Telling {
    Telling::new(
        "This tile doesn't fit",
        format!("This tile comes from a different sign-in service than team {team_id} uses."),
    )
    .for_admin("Compare the issuer on the app's tab Sign On with the one you gave to your vendor. They can register a second address.")
}

/// `launch_issuer_mismatch`, when a tile without a team names two issuers.
#[must_use]
pub fn launch_issuer_doubled() -> Telling {
    Telling::new(
        "This tile doesn't fit",
        "This tile names two sign-in services, so we can't tell which is yours.",
    )
    .for_admin("The initiate login URI must not carry iss; the identity provider adds it.")
}

/// `team_unknown`, when a tile without a team belongs to no open team.
#[must_use]
pub fn launch_of_nobody() -> Telling {
    Telling::new(
        "We don't know this team",
        "This app tile comes from a sign-in service that no team here uses. Sign in with your Team ID, or ask your administrator.",
    )
    .for_admin("Write the Team ID into the app's initiate login URI (…/t/TEAM_ID/launch), or ask your vendor to register this issuer for your team.")
}

/// `launch_id_token_refused`
#[must_use]
pub fn launch_id_token_refused() -> Telling {
    Telling::new(
        "This tile needs a correction",
        "Your Okta app is set to 'Send ID Token directly to app'. Ask your administrator to choose 'Redirect to app to initiate login'.",
    )
    .for_admin("In the app's general settings, under Login flow, choose Redirect to app to initiate login (OIDC Compliant).")
}

/// `stage_not_configured`
#[must_use]
pub fn stage_not_configured() -> Telling {
    Telling::new(
        "There is no stage here",
        "This tile asks for the stage, a place for trying things out, and there is none.",
    )
    .for_admin("In the app's settings, Use Stage must be empty or false; true is for a vendor who told you of a stage, and no other value means anything.")
}

/// `launch_loop`
#[must_use]
pub fn launch_loop() -> Telling {
    Telling::new(
        "You are going in circles",
        "You came here three times within half a minute and no session was kept. Allow cookies for this site, wait half a minute, then try again.",
    )
}

/// `not_admin`, for a change of roles.
#[must_use]
pub fn not_admin_roles() -> Telling {
    Telling::new("That needs an admin", "Only team admins can change roles.")
}

/// `last_admin`
#[must_use]
pub fn last_admin(team: &str) -> Telling {
    Telling::new("Nothing was changed", super::last_admin(team))
}

/// `version_conflict`; `fresh` is how things stand now, as a sentence.
#[must_use]
pub fn version_conflict(fresh: &str) -> Telling {
    Telling::new("Someone was faster", format!("This was changed a moment ago. {fresh}"))
}

/// How things stand now, for [`version_conflict`].
#[must_use]
pub fn stands_as(name: &str, role: vocabulary::Role) -> String {
    match role {
        vocabulary::Role::Admin => super::now_admin(name),
        vocabulary::Role::Member => super::now_member(name),
    }
}

/// `csrf`
#[must_use]
pub fn csrf() -> Telling {
    Telling::new(
        "Please try again",
        "This form was open too long or came from another page. Nothing was changed.",
    )
}

/// `session_required`
#[must_use]
pub fn session_required(team: &str) -> Telling {
    Telling::new("You are not signed in", format!("Sign in to {team} first. Nothing was changed."))
}

/// A form whose fields could not be read.
#[must_use]
pub fn form_invalid() -> Telling {
    Telling::new("Please try again", "We couldn't read this form. Nothing was changed.")
}

/// An address that leads nowhere, or to somebody else's.
#[must_use]
pub fn not_found() -> Telling {
    Telling::new("There is nothing here", "Check the address, or go back to where you came from.")
}

/// `method_not_allowed`
#[must_use]
pub fn method_not_allowed() -> Telling {
    Telling::new("That can't be done here", "This address doesn't take that kind of request.")
}

/// `database_unavailable`
#[must_use]
pub fn database_unavailable() -> Telling {
    Telling::new("We have a problem of our own", "This isn't your fault. Try again in a minute.")
}
