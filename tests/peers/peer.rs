//! Peers in processes of their own.

mod logout;
mod mail_down;
mod oidc_provider;
mod proxies;
mod rp_logout;
mod smtp;
