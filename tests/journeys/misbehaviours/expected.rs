//! What docs/reference/http.md makes of each misbehaviour: in, or refused with which status, code and stage.

use mock_idp::{
    AuthorizeFault, ClaimsFault, DiscoveryFault, Endpoint, KeysFault, Misbehaviour, SignatureFault,
    TimesFault, TokenFault, UserInfoFault, Verdict, WireFault,
};

/// How a sign-in ends.
pub(super) enum Expected {
    /// With a session.
    SignedIn,
    /// With a page.
    Refused {
        /// Its status.
        status: u16,
        /// Its code, which is the trace's cause too.
        code: &'static str,
        /// The trace's stage.
        stage: &'static str,
        /// Where its reference id leads.
        kept: Kept,
    },
}

/// Where a reference id leads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// To the team's refused sign-ins.
    WithTheTeam,
    /// To the log alone: whoever sends junk writes no rows.
    InTheLog,
}

const fn refused(status: u16, code: &'static str, stage: &'static str) -> Expected {
    Expected::Refused { status, code, stage, kept: Kept::WithTheTeam }
}

const fn junk(code: &'static str) -> Expected {
    Expected::Refused { status: 400, code, stage: "", kept: Kept::InTheLog }
}

const PROTOCOL: Expected = refused(502, "idp_protocol", "outbound");
const UNREACHABLE: Expected = refused(503, "idp_unreachable", "outbound");
const ID_TOKEN: Expected = refused(502, "id_token_invalid", "id_token");

/// What must come of a misbehaviour.
pub(super) fn expected(row: Misbehaviour) -> Expected {
    if row.verdict() == Verdict::Accepted {
        return Expected::SignedIn;
    }
    match row {
        Misbehaviour::Wire(
            Endpoint::Discovery | Endpoint::Keys | Endpoint::Token | Endpoint::UserInfo,
            fault,
        ) => wire(fault),
        Misbehaviour::Discovery(fault) => discovery(fault),
        Misbehaviour::Keys(fault) => keys(fault),
        Misbehaviour::Authorize(fault) => authorize(fault),
        Misbehaviour::Token(fault) => token(fault),
        Misbehaviour::UserInfo(fault) => user_info(fault),
        // Longer than any answer may be, it is not even read as a token.
        Misbehaviour::Signature(SignatureFault::Enormous) => PROTOCOL,
        Misbehaviour::Claims(ClaimsFault::AudSeveralAzpOurs | ClaimsFault::SubTwice)
        | Misbehaviour::Times(TimesFault::IatHoursAgo | TimesFault::Fractions)
        | Misbehaviour::Profile(_) => Expected::SignedIn,
        Misbehaviour::Signature(_) | Misbehaviour::Claims(_) | Misbehaviour::Times(_) => ID_TOKEN,
    }
}

const fn wire(fault: WireFault) -> Expected {
    match fault {
        WireFault::Down | WireFault::Unavailable | WireFault::TooManyRequests | WireFault::Broken => {
            UNREACHABLE
        }
        WireFault::Slow | WireFault::Drip => refused(504, "idp_timeout", "outbound"),
        WireFault::Html
        | WireFault::Empty
        | WireFault::Truncated
        | WireFault::NotAnObject
        | WireFault::Deep
        | WireFault::Huge
        | WireFault::GzipBomb
        | WireFault::Redirect
        | WireFault::RedirectKeepingBody => PROTOCOL,
    }
}

const fn discovery(fault: DiscoveryFault) -> Expected {
    match fault {
        DiscoveryFault::OtherIssuer | DiscoveryFault::IssuerWithSlash | DiscoveryFault::IssuerInCapitals => {
            refused(502, "idp_issuer_mismatch", "metadata")
        }
        DiscoveryFault::PrivateTokenEndpoint
        | DiscoveryFault::MetadataServiceKeys
        | DiscoveryFault::CredentialsInEndpoint
        | DiscoveryFault::FragmentInEndpoint
        | DiscoveryFault::FileEndpoint
        | DiscoveryFault::ScriptEndpoint => refused(502, "issuer_forbidden_network", "outbound"),
        DiscoveryFault::IssuerMissing
        | DiscoveryFault::KeysMissing
        | DiscoveryFault::TokenEndpointMissing
        | DiscoveryFault::AuthorizationEndpointMissing
        | DiscoveryFault::NoUsableAlgorithm
        | DiscoveryFault::WrongTypes => PROTOCOL,
        // The operator of the world allows this very network, however its addresses are written.
        DiscoveryFault::LoopbackInDisguise
        | DiscoveryFault::UnknownMembers
        | DiscoveryFault::OnlyTheRequired => Expected::SignedIn,
    }
}

const fn keys(fault: KeysFault) -> Expected {
    match fault {
        // No usable key at all: the set broke the protocol.
        KeysFault::NoKeys
        | KeysFault::TooManyKeys
        | KeysFault::EncryptionOnly
        | KeysFault::Symmetric
        | KeysFault::Rsa512
        | KeysFault::Rsa1024
        | KeysFault::OffCurve
        | KeysFault::Incomplete => PROTOCOL,
        KeysFault::OtherKeyOfSameKid | KeysFault::OtherAlgorithm => ID_TOKEN,
        KeysFault::MalformedBeside | KeysFault::UnknownTypesBeside | KeysFault::WithoutUseAndAlgorithm => {
            Expected::SignedIn
        }
    }
}

const fn authorize(fault: AuthorizeFault) -> Expected {
    match fault {
        AuthorizeFault::AccessDenied
        | AuthorizeFault::HostileDescription
        | AuthorizeFault::LongDescription
        | AuthorizeFault::CodeAndError => refused(403, "idp_refused", "authorization"),
        AuthorizeFault::UnknownError => refused(403, "idp_refused", "request"),
        AuthorizeFault::NotAssigned => refused(403, "idp_not_assigned", "authorization"),
        AuthorizeFault::ServerError => refused(503, "idp_unreachable", "authorization"),
        AuthorizeFault::OtherIss | AuthorizeFault::IssMissing => {
            refused(400, "issuer_param_mismatch", "authorization")
        }
        AuthorizeFault::StateMissing => junk("state_missing"),
        AuthorizeFault::IssTwice
        | AuthorizeFault::StateOther
        | AuthorizeFault::StateTwice
        | AuthorizeFault::CodeMissing
        | AuthorizeFault::CodeEmpty
        | AuthorizeFault::CodeTwice => junk("state_unknown"),
        AuthorizeFault::CodeMadeUp => refused(400, "code_rejected", "token"),
        AuthorizeFault::UnknownParameters
        | AuthorizeFault::LongCode
        | AuthorizeFault::ApprovesByItself
        | AuthorizeFault::DeafToMaxAge => Expected::SignedIn,
    }
}

const fn token(fault: TokenFault) -> Expected {
    match fault {
        TokenFault::InvalidGrant => refused(400, "code_rejected", "token"),
        TokenFault::InvalidClient => refused(502, "idp_client_rejected", "token"),
        TokenFault::ErrorWithStatusOk
        | TokenFault::HostileDescription
        | TokenFault::IdTokenMissing
        | TokenFault::IdTokenObject
        | TokenFault::AccessTokenMissing
        | TokenFault::TokenTypeOther
        | TokenFault::TokenTypeMissing => PROTOCOL,
        TokenFault::TokenTypeLowercase | TokenFault::UnknownMembers | TokenFault::ExpiryMissing => {
            Expected::SignedIn
        }
    }
}

const fn user_info(fault: UserInfoFault) -> Expected {
    match fault {
        UserInfoFault::OtherPerson
        | UserInfoFault::OtherSubject
        | UserInfoFault::SubjectMissing
        | UserInfoFault::SubjectNumber => refused(502, "userinfo_subject_mismatch", "userinfo"),
        UserInfoFault::Signed | UserInfoFault::Unauthorized => PROTOCOL,
        UserInfoFault::EmailMissing
        | UserInfoFault::OtherEmail
        | UserInfoFault::EmailNotVerified
        | UserInfoFault::OtherContentType => Expected::SignedIn,
    }
}
