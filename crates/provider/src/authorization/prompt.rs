//! What an app wants asked of the person (`prompt`).

/// The `prompt` parameter (`OpenID` Connect Core §3.1.2.1). There is nothing to consent to: an operator did, once,
/// when the app was registered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prompt {
    /// What is needed.
    #[default]
    Usual,
    /// Nothing: either it goes without a page, or it fails.
    None,
    /// To sign in again.
    Login,
    /// Which of their teams.
    SelectAccount,
    /// Which of their teams, and to sign in again there.
    SelectAccountAndLogin,
}

/// A `prompt` that cannot be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Contradiction;

impl Prompt {
    /// Reads words with blanks between them. What nobody here can be asked is nothing that needs asking.
    pub(crate) fn parse(text: &str) -> Result<Self, Contradiction> {
        let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
        let has = |word| words.contains(&word);
        match (has("none"), has("select_account"), has("login")) {
            (true, _, _) if words.iter().any(|word| *word != "none") => Err(Contradiction),
            (true, _, _) => Ok(Self::None),
            (false, true, true) => Ok(Self::SelectAccountAndLogin),
            (false, true, false) => Ok(Self::SelectAccount),
            (false, false, true) => Ok(Self::Login),
            (false, false, false) => Ok(Self::Usual),
        }
    }

    /// The words; none for the usual.
    pub(crate) const fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Usual => None,
            Self::None => Some("none"),
            Self::Login => Some("login"),
            Self::SelectAccount => Some("select_account"),
            Self::SelectAccountAndLogin => Some("select_account login"),
        }
    }

    /// Whether no page may be shown.
    #[must_use]
    pub const fn is_silent(self) -> bool {
        matches!(self, Self::None)
    }

    /// Whether the person is to choose a team, even where there is one choice.
    #[must_use]
    pub const fn asks_which_team(self) -> bool {
        matches!(self, Self::SelectAccount | Self::SelectAccountAndLogin)
    }

    /// Whether the person is to sign in again.
    #[must_use]
    pub const fn asks_to_sign_in(self) -> bool {
        matches!(self, Self::Login | Self::SelectAccountAndLogin)
    }

    /// The same once a team was chosen.
    pub(crate) const fn with_team_chosen(self) -> Self {
        match self {
            Self::SelectAccount => Self::Usual,
            Self::SelectAccountAndLogin => Self::Login,
            Self::Usual | Self::None | Self::Login => self,
        }
    }
}
