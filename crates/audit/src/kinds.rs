//! Acts by what they are about, for whoever looks for one of many.

use crate::deeds::Act;

/// What acts are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Coming in and going out.
    SignIns,
    /// Who is in the team, and as what.
    People,
    /// How the team signs in, and who may set it up.
    Settings,
    /// API tokens.
    Tokens,
    /// The products behind the door.
    Apps,
    /// The team itself: how it came about, its letters.
    Team,
}

impl Kind {
    /// Every kind there is.
    pub const ALL: [Self; 6] =
        [Self::SignIns, Self::People, Self::Settings, Self::Tokens, Self::Apps, Self::Team];

    /// The kind's word in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIns => "sign-ins",
            Self::People => "people",
            Self::Settings => "settings",
            Self::Tokens => "tokens",
            Self::Apps => "apps",
            Self::Team => "team",
        }
    }

    /// The kind of this word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The acts of this kind.
    pub fn acts(self) -> impl Iterator<Item = Act> {
        Act::ALL.iter().copied().filter(move |act| act.kind() == self)
    }
}

impl Act {
    /// What the act is about.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::SignedIn
            | Self::SignedOut
            | Self::SessionsEnded
            | Self::SignedOutByIdp
            | Self::RevokedByIdp => Kind::SignIns,
            Self::Promoted | Self::RoleSet | Self::Deactivated | Self::Activated | Self::Erased => {
                Kind::People
            }
            Self::TeamChanged
            | Self::LogoutTested
            | Self::SettingsEdited
            | Self::SettingsDiscarded
            | Self::Rehearsed
            | Self::SettingsLive
            | Self::RolledBack
            | Self::SsoRequired
            | Self::SsoRelaxed
            | Self::SetupLinkMade
            | Self::SetupLinkOpened
            | Self::SetupLinkRevoked
            | Self::NextSecretSet
            | Self::NextSecretDropped
            | Self::ClientSecretSwitched
            | Self::SecretExpirySet
            | Self::BreakGlassMade
            | Self::BreakGlassOpened
            | Self::BreakGlassWrongCode
            | Self::BreakGlassEnded
            | Self::BreakGlassRevoked => Kind::Settings,
            Self::TokenMade
            | Self::TokenRevoked
            | Self::TeamTokenMade
            | Self::TeamTokenRotated
            | Self::TeamTokenRevoked
            | Self::TeamTokenRevealed
            | Self::TokensChosen => Kind::Tokens,
            Self::AppAdded
            | Self::AppChanged
            | Self::AppSecretRotated
            | Self::AppRemoved
            | Self::AppLogoutRefused
            | Self::AppLogoutGivenUp
            | Self::GrantReused
            | Self::KeysRotated => Kind::Apps,
            Self::TeamAdded
            | Self::TeamSuspended
            | Self::TeamResumed
            | Self::TeamRemoved
            | Self::RequestMade
            | Self::RequestConfirmed
            | Self::RequestApproved
            | Self::RequestAsked
            | Self::RequestRejected
            | Self::LetterGivenUp => Kind::Team,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_is_of_one_kind_and_every_kind_has_acts() {
        let counts = Kind::ALL.map(|kind| kind.acts().count());
        assert_eq!(counts.iter().sum::<usize>(), Act::ALL.len());
        assert!(!counts.contains(&0));
        assert_eq!(Kind::ALL.map(|kind| Kind::parse(kind.as_str())), Kind::ALL.map(Some));
        assert_eq!(Kind::parse("people "), None);
    }
}
