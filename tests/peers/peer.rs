//! Peers in processes of their own.

mod logout;
mod oidc_provider;
mod proxies;
mod rp_logout;
mod smtp;
