//! Ledger before a practice provider: what it does when all is well, and what it refuses.

#[cfg(test)]
mod coming;
#[cfg(test)]
mod ending;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod support;
