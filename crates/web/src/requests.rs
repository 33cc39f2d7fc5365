//! `/request`: a company asks for a team, and its contact proves the address.

pub(crate) mod confirm;
pub(crate) mod form;
pub(crate) mod sent;
mod wrong;

pub(crate) use wrong::in_words;
