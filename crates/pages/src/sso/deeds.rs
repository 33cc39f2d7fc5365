//! What can be done with the settings now, and where something can't, why.

/// Whether something can be done now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Available {
    /// Yes.
    Yes,
    /// No, and why, as a sentence: see the reasons in [`crate::words::sso`].
    No(String),
}

/// The deeds of the page's end.
#[derive(Clone, Debug)]
pub struct SsoDeeds {
    /// `test`: rehearse a sign-in.
    pub test: Available,
    /// `enable`: take the pending version live.
    pub enable: Available,
    /// `require` or, where SSO is required, `relax`. None where the page does not show it.
    pub require: Option<Available>,
    /// `rollback`: back to the version that was live before. None where the page does not show it.
    pub rollback: Option<Available>,
}

impl Available {
    /// A refusal with this reason.
    #[must_use]
    pub fn not(reason: &str) -> Self {
        Self::No(reason.to_owned())
    }

    pub(crate) fn is_yes(&self) -> bool {
        *self == Self::Yes
    }

    pub(crate) fn why_not(&self) -> Option<&str> {
        match self {
            Self::Yes => None,
            Self::No(reason) => Some(reason),
        }
    }
}
