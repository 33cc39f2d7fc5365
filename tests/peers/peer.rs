//! Peers in processes of their own.

mod oidc_provider;
mod smtp;
