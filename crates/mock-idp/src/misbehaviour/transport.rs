//! Faults of the endpoints that a Relying Party's own client asks.

use super::faults;

/// An endpoint that a Relying Party asks by itself, without the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// `/.well-known/openid-configuration`
    Discovery,
    /// The key set.
    Keys,
    /// The token endpoint; it takes the code before it misbehaves.
    Token,
    /// UserInfo; ID tokens are thin meanwhile, so that it is asked.
    UserInfo,
}

impl Endpoint {
    /// All four.
    pub const ALL: &[Self] = &[Self::Discovery, Self::Keys, Self::Token, Self::UserInfo];
}

faults! {
    /// What any endpoint can do instead of answering well (`MockIdp::set_delay` says how slow slow is).
    WireFault {
        Refused {
            /// Status 500.
            Down,
            /// Status 503 with `Retry-After`.
            Unavailable,
            /// Status 429 with `Retry-After`.
            TooManyRequests,
            /// The right answer, too late.
            Slow,
            /// The right answer's first byte, then one byte a second.
            Drip,
            /// A sign-in page in HTML with status 200.
            Html,
            /// Status 200 and no body.
            Empty,
            /// JSON that ends in the middle.
            Truncated,
            /// JSON that is not an object.
            NotAnObject,
            /// Fifty thousand arrays inside each other.
            Deep,
            /// A gigabyte, made as it is read.
            Huge,
            /// A small gzip stream that unpacks to a gigabyte.
            GzipBomb,
            /// A 302 to an address that counts who follows (`Counts::elsewhere`).
            Redirect,
            /// A 307, which would carry the body, secret and code along.
            RedirectKeepingBody,
            /// The connection breaks in the middle of the body.
            Broken,
        }
    }
}

faults! {
    /// What the metadata can say wrongly (OpenID Connect Discovery §3).
    DiscoveryFault {
        Refused {
            /// `issuer` names another issuer.
            OtherIssuer,
            /// `issuer` has a slash at its end that the configured one has not.
            IssuerWithSlash,
            /// `issuer` differs in one capital letter.
            IssuerInCapitals,
            /// No `issuer`.
            IssuerMissing,
            /// `token_endpoint` in a private network.
            PrivateTokenEndpoint,
            /// `jwks_uri` at a cloud's metadata service.
            MetadataServiceKeys,
            /// `token_endpoint` at 127.0.0.1 written as one number.
            LoopbackInDisguise,
            /// `token_endpoint` with user and password in it.
            CredentialsInEndpoint,
            /// `token_endpoint` with a fragment.
            FragmentInEndpoint,
            /// `token_endpoint` is a `file:` address.
            FileEndpoint,
            /// `authorization_endpoint` is a `javascript:` address.
            ScriptEndpoint,
            /// No `jwks_uri`.
            KeysMissing,
            /// No `token_endpoint`.
            TokenEndpointMissing,
            /// No `authorization_endpoint`.
            AuthorizationEndpointMissing,
            /// Only HS256 and `none` for ID tokens.
            NoUsableAlgorithm,
            /// Lists and addresses are numbers.
            WrongTypes,
        }
        Accepted {
            /// Members that nobody knows, of every type.
            UnknownMembers,
            /// Only the members that Discovery §3 requires.
            OnlyTheRequired,
        }
    }
}

faults! {
    /// What the key set can hold wrongly (RFC 7517). Meant for a Relying Party that has not cached it yet.
    KeysFault {
        Refused {
            /// No key at all.
            NoKeys,
            /// 150 strange keys before the good one.
            TooManyKeys,
            /// Another key under the `kid` of the good one.
            OtherKeyOfSameKid,
            /// The good key is for encryption only.
            EncryptionOnly,
            /// The good key is published for another algorithm.
            OtherAlgorithm,
            /// A symmetric key is published, and ID tokens are signed with it by HS256.
            Symmetric,
            /// A 512-bit RSA key, which does sign.
            Rsa512,
            /// A 1024-bit RSA key, which does sign.
            Rsa1024,
            /// The signing key's point does not lie on P-256.
            OffCurve,
            /// Every member of the good key is there but its modulus or point.
            Incomplete,
        }
        Accepted {
            /// Malformed members of every type beside the good key.
            MalformedBeside,
            /// Keys of unknown types and curves beside the good key.
            UnknownTypesBeside,
            /// The good key without `use` and `alg`.
            WithoutUseAndAlgorithm,
        }
    }
}
