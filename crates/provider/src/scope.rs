//! What an app asks to know (`scope`).

use std::fmt;

/// One scope that means something here (`OpenID` Connect Core §5.4, §11). Any other is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// `openid`: that it is `OpenID` Connect at all.
    OpenId,
    /// `profile`: the names.
    Profile,
    /// `email`: the email and whether it is verified.
    Email,
    /// `offline_access`: to go on when the session has ended.
    OfflineAccess,
}

impl Scope {
    const ALL: [Self; 4] = [Self::OpenId, Self::Profile, Self::Email, Self::OfflineAccess];

    const fn as_str(self) -> &'static str {
        match self {
            Self::OpenId => "openid",
            Self::Profile => "profile",
            Self::Email => "email",
            Self::OfflineAccess => "offline_access",
        }
    }
}

/// The scopes of a request, a grant or a token: each once, always in the same order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AppScopes(Vec<Scope>);

impl AppScopes {
    /// Reads scopes with blanks between them; unknown ones are ignored (`OpenID` Connect Core §3.1.2.1).
    pub(crate) fn parse(text: &str) -> Self {
        let said = |scope: &Scope| text.split(' ').any(|word| word == scope.as_str());
        Self(Scope::ALL.into_iter().filter(said).collect())
    }

    /// Reads scopes none of which may go beyond `granted` (RFC 6749 §6); none when one does.
    pub(crate) fn parse_within(text: &str, granted: &Self) -> Option<Self> {
        let asked = |word: &str| granted.0.iter().any(|scope| scope.as_str() == word);
        text.split(' ').filter(|word| !word.is_empty()).all(asked).then(|| Self::parse(text))
    }

    pub(crate) fn has(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }
}

impl fmt::Display for AppScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.0.iter().map(|scope| scope.as_str()).collect();
        f.write_str(&words.join(" "))
    }
}
