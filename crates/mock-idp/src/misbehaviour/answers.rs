//! Faults of what the browser carries back, and of the two endpoints behind it.

use super::faults;

faults! {
    /// What the authorization answer can hold wrongly (RFC 6749 §4.1.2, RFC 9207).
    AuthorizeFault {
        Refused {
            /// `access_denied`: the person pressed "Cancel".
            AccessDenied,
            /// `access_denied` with Okta's text for people without the application.
            NotAssigned,
            /// An error whose description holds markup and control characters.
            HostileDescription,
            /// An error with a description of 2 kB.
            LongDescription,
            /// An error code that no specification names.
            UnknownError,
            /// `server_error`.
            ServerError,
            /// A good code and an error together.
            CodeAndError,
            /// `iss` is another issuer's, unannounced.
            OtherIss,
            /// `iss` is announced and missing.
            IssMissing,
            /// The right `iss` and another one.
            IssTwice,
            /// No `state`.
            StateMissing,
            /// A `state` that nobody sent.
            StateOther,
            /// The right `state` and another one.
            StateTwice,
            /// Neither code nor error.
            CodeMissing,
            /// An empty code.
            CodeEmpty,
            /// The right code and another one.
            CodeTwice,
            /// A code that was never given out.
            CodeMadeUp,
        }
        Accepted {
            /// Parameters that nobody knows.
            UnknownParameters,
            /// A code of 1 kB.
            LongCode,
            /// The first person is signed in without being asked, as a malicious provider would.
            ApprovesByItself,
            /// Nobody is asked again, however long ago they signed in: `max_age` is not heard.
            DeafToMaxAge,
        }
    }
}

faults! {
    /// What the token endpoint can answer wrongly (RFC 6749 §5, OpenID Connect Core §3.1.3.3).
    TokenFault {
        Refused {
            /// `invalid_grant`.
            InvalidGrant,
            /// `invalid_client` with status 401.
            InvalidClient,
            /// An error document with status 200.
            ErrorWithStatusOk,
            /// An error whose description holds markup, control characters and 2 kB of text.
            HostileDescription,
            /// No `id_token`.
            IdTokenMissing,
            /// `id_token` is an object.
            IdTokenObject,
            /// No `access_token`.
            AccessTokenMissing,
            /// `token_type` is `mac`.
            TokenTypeOther,
            /// No `token_type`.
            TokenTypeMissing,
        }
        Accepted {
            /// `token_type` in small letters.
            TokenTypeLowercase,
            /// Members that nobody knows.
            UnknownMembers,
            /// No `expires_in`.
            ExpiryMissing,
        }
    }
}

faults! {
    /// How UserInfo can differ from the ID token (OpenID Connect Core §5.3). ID tokens leave claims out
    /// meanwhile, so that it is asked.
    UserInfoFault {
        Refused {
            /// Everything about another person, `sub` too.
            OtherPerson,
            /// Another `sub` over the right claims.
            OtherSubject,
            /// No `sub`.
            SubjectMissing,
            /// `sub` is a number.
            SubjectNumber,
        }
        Accepted {
            /// No email.
            EmailMissing,
        }
        Either {
            /// The ID token has one email, UserInfo another; the names stand here only.
            OtherEmail,
            /// The ID token says nothing of verification, UserInfo denies it.
            EmailNotVerified,
            /// A signed JWT, `application/jwt`.
            Signed,
            /// The access token is refused with 401.
            Unauthorized,
            /// JSON under the name of `text/html`.
            OtherContentType,
        }
    }
}
