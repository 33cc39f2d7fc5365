//! The switchboard: everything a practice provider can do wrong, or unusually but rightly. Each line says
//! what it does; its verdict says what a correct Relying Party does about it. Several kinds can be switched
//! on at once, one of each kind.

mod answers;
mod tokens;
mod transport;

pub use answers::{AuthorizeFault, TokenFault, UserInfoFault};
pub use tokens::{ClaimsFault, ProfileFault, SignatureFault, TimesFault};
pub use transport::{DiscoveryFault, Endpoint, KeysFault, WireFault};

/// What a correct Relying Party, its caches empty, does when it meets a misbehaviour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody is signed in.
    Refused,
    /// The person is signed in.
    Accepted,
    /// Both are right; what matters is that the answer is calm and the identity is nobody else's.
    Either,
}

/// An enum of faults, each with its verdict, and the list of all of them.
macro_rules! faults {
    ($(#[$about:meta])* $name:ident { $($verdict:ident { $($(#[doc = $line:literal])+ $fault:ident),* $(,)? })* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($($(#[doc = $line])+ $fault,)*)* }

        impl $name {
            /// Every fault of this kind.
            pub const ALL: &[Self] = &[$($(Self::$fault,)*)*];

            /// What a correct Relying Party does.
            #[must_use]
            pub const fn verdict(self) -> $crate::misbehaviour::Verdict {
                match self { $($(Self::$fault => $crate::misbehaviour::Verdict::$verdict,)*)* }
            }
        }
    };
}
use faults;

/// Something a provider does wrong, or unusually.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Misbehaviour {
    /// An endpoint answers as no endpoint should, or does not.
    Wire(Endpoint, WireFault),
    /// The metadata says something else.
    Discovery(DiscoveryFault),
    /// The key set holds something else.
    Keys(KeysFault),
    /// The answer that the browser carries back differs.
    Authorize(AuthorizeFault),
    /// The token endpoint answers something else.
    Token(TokenFault),
    /// The ID token's header, signature or form differs.
    Signature(SignatureFault),
    /// The ID token's claims about issuer, audience and subject differ.
    Claims(ClaimsFault),
    /// The ID token's times differ.
    Times(TimesFault),
    /// What ID token and UserInfo both say about the person differs.
    Profile(ProfileFault),
    /// UserInfo differs from the ID token.
    UserInfo(UserInfoFault),
}

impl Misbehaviour {
    /// Every misbehaviour there is, for tables.
    pub fn all() -> impl Iterator<Item = Self> {
        let wire = Endpoint::ALL
            .iter()
            .flat_map(|endpoint| WireFault::ALL.iter().map(|fault| Self::Wire(*endpoint, *fault)));
        wire.chain(DiscoveryFault::ALL.iter().copied().map(Self::Discovery))
            .chain(KeysFault::ALL.iter().copied().map(Self::Keys))
            .chain(AuthorizeFault::ALL.iter().copied().map(Self::Authorize))
            .chain(TokenFault::ALL.iter().copied().map(Self::Token))
            .chain(SignatureFault::ALL.iter().copied().map(Self::Signature))
            .chain(ClaimsFault::ALL.iter().copied().map(Self::Claims))
            .chain(TimesFault::ALL.iter().copied().map(Self::Times))
            .chain(ProfileFault::ALL.iter().copied().map(Self::Profile))
            .chain(UserInfoFault::ALL.iter().copied().map(Self::UserInfo))
    }

    /// What a correct Relying Party does, when this alone is switched on and its caches are empty.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Wire(Endpoint::UserInfo, _) => Verdict::Either,
            Self::Wire(Endpoint::Discovery | Endpoint::Keys | Endpoint::Token, fault) => fault.verdict(),
            Self::Discovery(fault) => fault.verdict(),
            Self::Keys(fault) => fault.verdict(),
            Self::Authorize(fault) => fault.verdict(),
            Self::Token(fault) => fault.verdict(),
            Self::Signature(fault) => fault.verdict(),
            Self::Claims(fault) => fault.verdict(),
            Self::Times(fault) => fault.verdict(),
            Self::Profile(fault) => fault.verdict(),
            Self::UserInfo(fault) => fault.verdict(),
        }
    }
}

/// What is switched on at one issuer.
#[derive(Clone, Copy, Default)]
pub(crate) struct Faults {
    wire: Option<(Endpoint, WireFault)>,
    pub(crate) discovery: Option<DiscoveryFault>,
    pub(crate) keys: Option<KeysFault>,
    pub(crate) authorize: Option<AuthorizeFault>,
    pub(crate) token: Option<TokenFault>,
    pub(crate) signature: Option<SignatureFault>,
    pub(crate) claims: Option<ClaimsFault>,
    pub(crate) times: Option<TimesFault>,
    pub(crate) profile: Option<ProfileFault>,
    pub(crate) user_info: Option<UserInfoFault>,
}

impl Faults {
    pub(crate) const fn switch_on(&mut self, misbehaviour: Misbehaviour) {
        match misbehaviour {
            Misbehaviour::Wire(endpoint, fault) => self.wire = Some((endpoint, fault)),
            Misbehaviour::Discovery(fault) => self.discovery = Some(fault),
            Misbehaviour::Keys(fault) => self.keys = Some(fault),
            Misbehaviour::Authorize(fault) => self.authorize = Some(fault),
            Misbehaviour::Token(fault) => self.token = Some(fault),
            Misbehaviour::Signature(fault) => self.signature = Some(fault),
            Misbehaviour::Claims(fault) => self.claims = Some(fault),
            Misbehaviour::Times(fault) => self.times = Some(fault),
            Misbehaviour::Profile(fault) => self.profile = Some(fault),
            Misbehaviour::UserInfo(fault) => self.user_info = Some(fault),
        }
    }

    pub(crate) fn on_the_wire(&self, at: Endpoint) -> Option<WireFault> {
        self.wire.filter(|(endpoint, _)| *endpoint == at).map(|(_, fault)| fault)
    }

    /// What is wrong with UserInfo shows only when it is asked for, so the ID token leaves something out.
    pub(crate) fn spoil_user_info(&self) -> bool {
        self.on_the_wire(Endpoint::UserInfo).is_some() || self.user_info.is_some()
    }
}

macro_rules! into_misbehaviour {
    ($($fault:ident => $kind:ident),*) => {
        $(impl From<$fault> for Misbehaviour {
            fn from(fault: $fault) -> Self {
                Self::$kind(fault)
            }
        })*
    };
}
into_misbehaviour!(
    DiscoveryFault => Discovery, KeysFault => Keys, AuthorizeFault => Authorize, TokenFault => Token,
    SignatureFault => Signature, ClaimsFault => Claims, TimesFault => Times, ProfileFault => Profile,
    UserInfoFault => UserInfo
);
