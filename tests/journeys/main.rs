//! The journeys: the real service on a port, a practice identity provider on the wire, a fresh database.

mod everybody;
mod eyes;
mod main_job;
mod races;
mod storage;
mod two_nodes;
