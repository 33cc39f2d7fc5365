//! The journeys: the real service on a port, a practice identity provider on the wire, a fresh database.

mod bounds;
mod everybody;
mod eyes;
mod from_outside;
mod headers;
mod health;
mod killed;
mod launches;
mod main_job;
mod misbehaviours;
mod other_providers;
mod races;
mod roles;
mod signing_out;
mod situations;
mod storage;
mod tokens;
mod two_nodes;
mod upstream_trouble;
mod weird;
