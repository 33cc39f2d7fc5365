//! The words by which an app's options are said.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name { $($(#[$word_doc])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// Every word there is.
            pub const WORDS: &[&str] = &[$($word),+];

            /// Reads one of the words.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($word => Some(Self::$variant),)+ _ => None }
            }

            /// The word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

words! {
    /// Whether an app must use PKCE (RFC 7636). Where it comes with a challenge, the challenge counts in any case.
    Pkce {
        /// It must.
        #[default]
        Required = "required",
        /// It need not: an exception for clients that cannot.
        Optional = "optional",
    }
}
words! {
    /// What kind of access tokens an app gets.
    AccessTokens {
        /// Opaque ones, which end the moment anything they stand on ends.
        #[default]
        Opaque = "opaque",
        /// Signed ones (RFC 9068), which anybody can read and which live out their five minutes.
        Jwt = "jwt",
    }
}
words! {
    /// Where people of a team find an app.
    Place {
        /// As a tile on the dashboard.
        #[default]
        Tile = "tile",
        /// As the team's billing, `/t/{team_id}/billing`.
        Billing = "billing",
        /// Nowhere: it is opened from elsewhere.
        Hidden = "hidden",
    }
}
