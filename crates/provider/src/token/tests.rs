//! Codes and refresh tokens: what they are worth, once.

mod codes;
mod places;
mod refreshing;
