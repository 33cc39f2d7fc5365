//! Letters: their texts, the outbox they wait in, and the worker that sends them by SMTP or into a folder.
//!
//! Owns the table `outbox`. The invariant: a letter is written in the transaction of the deed it tells of, and
//! leaves the outbox only when a post office took it or when its loss was put on record.

mod allowance;
mod carrier;
mod desk;
mod letter;
mod outbox;
mod request;
mod sheet;
#[cfg(test)]
mod support;
mod worker;

pub use carrier::{Carrier, CarrierError, Smtp};
pub use desk::{Desk, DeskError};
pub use letter::{Letter, Occasion, Reader, SignInTrouble};
pub use outbox::{Queue, queue, waiting};
pub use worker::{Delivered, GivenUp, Worker};
