//! Seals client secrets and sign-in attempts, authenticates short messages, and mints and hashes opaque
//! tokens. The invariant: what was sealed for one purpose and team never opens for another, and a token is
//! kept as its SHA-256 alone.

mod chance;
mod key;
mod ring;
mod token;

pub use chance::{SystemChance, random_token};
pub use key::{KeyError, NamedKey};
pub use ring::{KeyRing, KeyRingError, Label, Mac, OpenError, Purpose};
pub use token::{OpaqueToken, TokenHash, TokenPrefix, hash_token};
