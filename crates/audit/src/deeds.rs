//! Deeds: who did what to whom, when.

use diesel::prelude::*;
use storage::schema::audit;
use storage::{StorageError, Tx, each};
use vocabulary::{PersonId, ReferenceId, TeamId};

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody of the team.
    Person(PersonId),
    /// Somebody of the team who came to its settings by break-glass.
    BreakGlass(PersonId),
    /// The bearer of an operator token, by the token's name.
    Operator(String),
    /// An operator in the console, by who they are in the operators' team.
    Console(PersonId),
    /// The bearer of a team's API token, by the token's id.
    TeamToken(String),
    /// Whoever has a setup link, by the link's id.
    SetupLink(String),
    /// Whoever proved to read the mail of a request's contact, by the request's id.
    Contact(String),
    /// The team's identity provider.
    IdentityProvider,
    /// Whoever could run the command on the server.
    CommandLine,
    /// Teamdoor by its own rules.
    Teamdoor,
}

impl Actor {
    /// As the row keeps it: `person:ID`, `break-glass:ID`, `operator:NAME`, `console:ID`, `team-token:ID`, `setup-link:ID`, `contact:ID`,
    /// `identity-provider`, `command-line`, `teamdoor`.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Person(id) => format!("person:{id}"),
            Self::BreakGlass(id) => format!("break-glass:{id}"),
            Self::Operator(name) => format!("operator:{name}"),
            Self::Console(id) => format!("console:{id}"),
            Self::TeamToken(id) => format!("team-token:{id}"),
            Self::SetupLink(id) => format!("setup-link:{id}"),
            Self::Contact(id) => format!("contact:{id}"),
            Self::IdentityProvider => "identity-provider".to_owned(),
            Self::CommandLine => "command-line".to_owned(),
            Self::Teamdoor => "teamdoor".to_owned(),
        }
    }

    /// Reads what [`Self::to_text`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text.split_once(':') {
            Some(("person", id)) => PersonId::parse(id).map_or(Self::Teamdoor, Self::Person),
            Some(("break-glass", id)) => PersonId::parse(id).map_or(Self::Teamdoor, Self::BreakGlass),
            Some(("operator", name)) => Self::Operator(name.to_owned()),
            Some(("console", id)) => PersonId::parse(id).map_or(Self::Teamdoor, Self::Console),
            Some(("team-token", id)) => Self::TeamToken(id.to_owned()),
            Some(("setup-link", id)) => Self::SetupLink(id.to_owned()),
            Some(("contact", id)) => Self::Contact(id.to_owned()),
            _ if text == "identity-provider" => Self::IdentityProvider,
            _ if text == "command-line" => Self::CommandLine,
            _ => Self::Teamdoor,
        }
    }

    /// The same of what somebody typed: none where it names nobody.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Some(Self::parse(text)).filter(|actor| actor.to_text() == text)
    }
}

macro_rules! acts {
    ($($(#[$doc:meta])* $act:ident = $word:literal,)+) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Act { $($(#[$doc])* $act),+ }

        impl Act {
            /// Every act there is.
            pub const ALL: &'static [Self] = &[$(Self::$act),+];

            /// The act's stable word in rows, API and exports.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$act => $word),+ }
            }

            /// The act of this word.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($word => Some(Self::$act),)+ _ => None }
            }
        }
    };
}

acts! {
    /// A team was added to the registry.
    TeamAdded = "team.added",
    /// A team's settings were changed.
    TeamChanged = "team.changed",
    /// A team was closed for the time being.
    TeamSuspended = "team.suspended",
    /// A suspended team was opened again.
    TeamResumed = "team.resumed",
    /// A team was removed for good.
    TeamRemoved = "team.removed",
    /// Signing out at a team's identity provider was tried and came back.
    LogoutTested = "team.logout_tested",
    /// A team's settings were edited; what is live goes on.
    SettingsEdited = "team.settings_edited",
    /// An edit of a team's settings was dropped.
    SettingsDiscarded = "team.settings_discarded",
    /// A sign-in was rehearsed.
    Rehearsed = "team.rehearsed",
    /// Tested settings went live.
    SettingsLive = "team.settings_live",
    /// The settings from before were taken back.
    RolledBack = "team.rolled_back",
    /// The client secret that comes after the current one was set.
    NextSecretSet = "team.next_secret_set",
    /// It was dropped.
    NextSecretDropped = "team.next_secret_dropped",
    /// It took the place of the current one.
    ClientSecretSwitched = "team.client_secret_switched",
    /// It was said until when the client secret is good.
    SecretExpirySet = "team.secret_expiry_set",
    /// Single sign-on was required of everybody of a team.
    SsoRequired = "team.sso_required",
    /// Single sign-on was no longer required.
    SsoRelaxed = "team.sso_relaxed",
    /// A setup link was made.
    SetupLinkMade = "setup_link.made",
    /// A setup link was opened.
    SetupLinkOpened = "setup_link.opened",
    /// A setup link was revoked.
    SetupLinkRevoked = "setup_link.revoked",
    /// An operator asked for break-glass for an admin.
    BreakGlassMade = "break_glass.made",
    /// An admin came to their team's settings by break-glass.
    BreakGlassOpened = "break_glass.opened",
    /// Whoever had the link of break-glass typed a wrong code.
    BreakGlassWrongCode = "break_glass.wrong_code",
    /// Break-glass was over before its time, by its holder or by wrong codes.
    BreakGlassEnded = "break_glass.ended",
    /// An operator revoked break-glass.
    BreakGlassRevoked = "break_glass.revoked",
    /// Somebody signed in.
    SignedIn = "person.signed_in",
    /// Somebody signed out.
    SignedOut = "person.signed_out",
    /// The configured admin was promoted.
    Promoted = "person.promoted",
    /// Somebody's role was changed.
    RoleSet = "person.role_set",
    /// Somebody's access was turned off.
    Deactivated = "person.deactivated",
    /// Somebody's access was turned on again.
    Activated = "person.activated",
    /// All of somebody's sessions were ended.
    SessionsEnded = "person.sessions_ended",
    /// The identity provider told that a session there has ended.
    SignedOutByIdp = "person.signed_out_by_idp",
    /// The identity provider revoked all of somebody's sessions.
    RevokedByIdp = "person.revoked_by_idp",
    /// Somebody was erased.
    Erased = "person.erased",
    /// An operator token was made.
    TokenMade = "token.made",
    /// An operator token was revoked.
    TokenRevoked = "token.revoked",
    /// A team's API token was made.
    TeamTokenMade = "team_token.made",
    /// A team's API token got another value.
    TeamTokenRotated = "team_token.rotated",
    /// A team's API token was revoked.
    TeamTokenRevoked = "team_token.revoked",
    /// The value of a team's API token was read again.
    TeamTokenRevealed = "team_token.revealed",
    /// A team chose whose its API tokens are and whether values may be read again.
    TokensChosen = "team.tokens_chosen",
    /// An app was registered.
    AppAdded = "app.added",
    /// An app was changed.
    AppChanged = "app.changed",
    /// An app got another secret.
    AppSecretRotated = "app.secret_rotated",
    /// An app was removed.
    AppRemoved = "app.removed",
    /// An app did not want to hear that a session ended.
    AppLogoutRefused = "app.logout_refused",
    /// An app could not be told that a session ended.
    AppLogoutGivenUp = "app.logout_given_up",
    /// A code or refresh token that had been used was used again; what came of its grant ended.
    GrantReused = "grant.reused",
    /// The next keys that sign tokens were published.
    KeysRotated = "keys.rotated",
    /// An operator made a request for a team.
    RequestMade = "request.made",
    /// The contact of a request proved the address.
    RequestConfirmed = "request.confirmed",
    /// A request was approved; its team was added.
    RequestApproved = "request.approved",
    /// The contact of a request was asked something.
    RequestAsked = "request.asked",
    /// A request was rejected.
    RequestRejected = "request.rejected",
    /// A letter could not be delivered and was given up.
    LetterGivenUp = "letter.given_up",
}

/// A deed about to be recorded.
#[derive(Clone, Debug)]
pub struct Deed<'a> {
    /// The team it belongs to; none for the operator's own matters.
    pub team: Option<&'a TeamId>,
    /// Who did it.
    pub actor: &'a Actor,
    /// What was done.
    pub act: Act,
    /// To whom.
    pub target: Option<&'a PersonId>,
    /// What else is worth knowing; no names, no emails, no secrets.
    pub detail: serde_json::Value,
    /// The reference id of the attempt it belongs to.
    pub reference: Option<&'a ReferenceId>,
}

/// Records a deed in the transaction that does it.
pub fn record(tx: &mut Tx<'_>, deed: &Deed<'_>) -> Result<(), StorageError> {
    let row = (
        audit::team_id.eq(deed.team.map(TeamId::as_str)),
        audit::actor.eq(deed.actor.to_text()),
        audit::act.eq(deed.act.as_str()),
        audit::target.eq(deed.target.map(PersonId::as_str)),
        audit::detail.eq(deed.detail.to_string()),
        audit::reference.eq(deed.reference.map(ReferenceId::as_str)),
        audit::at.eq(tx.now().millis()),
    );
    each!(&mut **tx, c => diesel::insert_into(audit::table).values(row).execute(c))?;
    Ok(())
}
