//! The journeys: the real service on a port, a practice identity provider on the wire, a fresh database.

mod bounds;
mod everybody;
mod eyes;
mod headers;
mod killed;
mod main_job;
mod misbehaviours;
mod races;
mod roles;
mod situations;
mod storage;
mod two_nodes;
mod weird;
