//! A practice OpenID Provider: several issuers in one process, a person chooser instead of passwords, a
//! dashboard of tiles as Okta has one, and a switchboard of misbehaviours. For the demo and the tests only;
//! nothing here belongs in front of real people. It keeps everything in memory and owns no tables.

mod authorization;
mod backchannel;
mod bodies;
mod claims;
mod config;
mod endpoints;
mod id_token;
mod issuer;
mod keys;
mod likeness;
mod misbehaviour;
mod pages;
mod parameters;
mod provider;
mod server;
mod shelf;
mod weak_keys;

pub use config::{Algorithm, Client, Config, IdTokens, IssParameter, IssuerConfig, Likeness, Person, Tile};
pub use issuer::Counts;
pub use misbehaviour::{
    AuthorizeFault, ClaimsFault, DiscoveryFault, Endpoint, KeysFault, Misbehaviour, ProfileFault,
    SignatureFault, TimesFault, TokenFault, UserInfoFault, Verdict, WireFault,
};
pub use server::{LogoutOf, MockIdp, start};
