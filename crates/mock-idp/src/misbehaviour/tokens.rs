//! Faults of the ID token.

use super::faults;

faults! {
    /// What can be wrong with an ID token's header, signature and form (RFC 7515, RFC 8725).
    SignatureFault {
        Refused {
            /// `alg` is `none`, no signature.
            AlgNone,
            /// `alg` is `None`, no signature.
            AlgNoneCapital,
            /// `alg` is `NONE`, no signature.
            AlgNoneUpper,
            /// `alg` is `nOnE`, no signature.
            AlgNoneMixed,
            /// `alg` is `none` over a good signature.
            AlgNoneSigned,
            /// No `alg`.
            AlgMissing,
            /// An empty `alg`.
            AlgEmpty,
            /// `alg` is a list.
            AlgList,
            /// `alg` names another algorithm than the one that signed.
            AlgOther,
            /// HS256 with the public key, as its PEM file, for a secret.
            Hs256WithPublicKey,
            /// HS256 with the client secret.
            Hs256WithClientSecret,
            /// A stranger's key signs and stands in the header as `jwk`.
            EmbeddedKey,
            /// A stranger's key signs and is to be fetched from `jku`.
            KeySetAddress,
            /// A stranger's key signs and is to be fetched from `x5u`.
            CertificateAddress,
            /// `crit` names an extension that nobody knows.
            Critical,
            /// A `kid` of 10 kB.
            KidLong,
            /// `kid` is an object.
            KidObject,
            /// A `kid` that is not in the key set; the key is.
            KidUnknown,
            /// `kid` walks through folders.
            KidPath,
            /// Several keys are published, none of them signed, and there is no `kid`.
            KidMissingNoneFits,
            /// A stranger's key signs under the good key's `kid`.
            StrangerSigns,
            /// ES256 with a signature of zeros.
            ZeroSignature,
            /// One bit of the signature flipped.
            SignatureBitFlipped,
            /// One bit of the claims flipped after signing.
            PayloadBitFlipped,
            /// No signature.
            SignatureMissing,
            /// Half of a signature.
            SignatureHalf,
            /// `zip` in the header and bytes for claims.
            Compressed,
            /// Two parts.
            TwoParts,
            /// Five parts, as an encrypted token has.
            FiveParts,
            /// An empty text.
            Empty,
            /// Not Base64.
            NotBase64,
            /// Base64 with padding.
            Padded,
            /// The header is not JSON.
            HeaderNotJson,
            /// The claims are a list.
            PayloadList,
            /// A megabyte of claims, well signed.
            Enormous,
        }
        Accepted {
            /// No `kid`, one key published.
            KidMissing,
            /// No `kid`, several keys published, one of them signed.
            KidMissingSeveralKeys,
            /// No `typ`.
            TypMissing,
            /// Header members that nobody knows and nobody calls critical.
            UnknownMembers,
        }
        Either {
            /// `typ` is that of a logout token.
            TypLogout,
        }
    }
}

faults! {
    /// What an ID token can claim wrongly (OpenID Connect Core §2 and §3.1.3.7).
    ClaimsFault {
        Refused {
            /// `iss` is another issuer.
            IssOther,
            /// `iss` has a slash at its end.
            IssWithSlash,
            /// No `iss`.
            IssMissing,
            /// `aud` is another client.
            AudOther,
            /// `aud` is an empty list.
            AudEmpty,
            /// No `aud`.
            AudMissing,
            /// `aud` is an object.
            AudObject,
            /// Several audiences and no `azp`.
            AudSeveralWithoutAzp,
            /// Several audiences and `azp` is another client.
            AudSeveralAzpOther,
            /// One audience and `azp` is another client.
            AzpOther,
            /// `nonce` of another attempt.
            NonceOther,
            /// No `nonce`.
            NonceMissing,
            /// An empty `nonce`.
            NonceEmpty,
            /// No `sub`.
            SubMissing,
            /// An empty `sub`.
            SubEmpty,
            /// A `sub` of 256 characters.
            SubLong,
            /// `sub` is a number.
            SubNumber,
            /// `sub` outside ASCII.
            SubNotAscii,
            /// `sub` is null.
            SubNull,
            /// `at_hash` of another access token.
            AtHashOther,
        }
        Accepted {
            /// `aud` is a list of one.
            AudList,
            /// `azp` names this client.
            AzpOurs,
            /// A `sub` of 255 characters.
            SubLongest,
            /// No `at_hash`.
            AtHashMissing,
            /// Claims that nobody knows, of every type.
            UnknownClaims,
        }
        Either {
            /// Several audiences and `azp` is this client; the interoperability profile asks for one alone.
            AudSeveralAzpOurs,
            /// `sub` stands twice in the JSON.
            SubTwice,
        }
    }
}

faults! {
    /// What an ID token's times can say wrongly. Clocks may differ by 60 s, and never by more than 120 s.
    TimesFault {
        Refused {
            /// `exp` 125 s ago.
            Expired,
            /// No `exp`.
            ExpMissing,
            /// `exp` is text.
            ExpText,
            /// `exp` is negative.
            ExpNegative,
            /// `iat` in 125 s.
            IatAhead,
            /// `iat` in a year.
            IatFarAhead,
            /// No `iat`.
            IatMissing,
            /// `iat` is text.
            IatText,
            /// `nbf` in 125 s.
            NbfAhead,
            /// `nbf` is text.
            NbfText,
            /// The provider's clock is 125 s ahead.
            ClockAhead,
        }
        Accepted {
            /// `exp` 50 s ago.
            ExpiredWithinLeeway,
            /// `iat` and `nbf` in 50 s.
            AheadWithinLeeway,
            /// The provider's clock is 50 s behind.
            ClockBehindWithinLeeway,
            /// `nbf` now.
            NbfNow,
        }
        Either {
            /// `iat` ten hours ago, `exp` still to come.
            IatHoursAgo,
            /// `exp` and `iat` with fractions of a second (RFC 7519 §2 allows them).
            Fractions,
            /// `exp` beyond every calendar.
            ExpEndless,
        }
    }
}

faults! {
    /// What ID token and UserInfo can both say about the person. The sign-in goes on, except where an email
    /// is needed; an unreadable email counts as none.
    ProfileFault {
        Accepted {
            /// No email.
            EmailMissing,
            /// `email` is a list.
            EmailList,
            /// `email` is a number.
            EmailNumber,
            /// `email` is an object.
            EmailObject,
            /// `email` of 10 kB.
            EmailLong,
            /// `email` with line breaks and a mail header behind them.
            EmailLineBreaks,
            /// An empty `email`.
            EmailEmpty,
            /// `email` in full-width letters.
            EmailFullWidth,
            /// `email` in capitals.
            EmailCapitals,
            /// `email_verified` is false.
            EmailNotVerified,
            /// `email_verified` is the text "true".
            EmailVerifiedText,
            /// `email_verified` is the text "false".
            EmailNotVerifiedText,
            /// No `email_verified`.
            EmailVerifiedMissing,
            /// No names.
            NamesMissing,
            /// Names are numbers and lists.
            NamesOtherTypes,
            /// Markup, quotes and control characters in the names.
            NamesHostile,
            /// A name of 10 kB.
            NameLong,
            /// `groups` is one text.
            GroupsText,
            /// `groups` are objects with `name`.
            GroupsObjects,
            /// `groups` are numbers and nulls.
            GroupsOtherTypes,
        }
    }
}
