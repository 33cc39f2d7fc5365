//! The practice provider on the wire: a browser, a Relying Party's client, and nothing shared with it.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod flow;
#[cfg(test)]
mod likenesses;
#[cfg(test)]
mod support;
