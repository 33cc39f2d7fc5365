//! The journeys: the real service on a port, a practice identity provider on the wire, a fresh database.

mod eyes;
mod main_job;
mod races;
mod storage;
