//! API tokens of teams and of operators: made, shown once, kept as hashes, recognised without the database once
//! warm.
//!
//! Owns the tables `tokens` (the operators') and `team_tokens`. The invariants: a value is nowhere but with whoever
//! was shown it, unless the team chose to keep it, sealed; a token that was revoked opens nothing on any node within a
//! second; a team's token is good for that team alone and never for more than its maker may now; a personal one ends
//! with its person's access.

mod limits;
mod operators;
mod recognise;
mod scope;
pub mod team;

pub use limits::Limits;
pub use operators::{OperatorToken, TokenError, add_operator_token, list, revoke};
pub use recognise::{Bearer, TeamBearer, Tokens};
pub use scope::Scope;

/// The name somebody gave a token; none when it is empty, over 60 letters, or has letters that cannot be read.
fn named(text: &str) -> Option<String> {
    let name = text.trim();
    let readable = |c: char| c.is_alphanumeric() || "-._ @".contains(c);
    let fits = (1..=60).contains(&name.chars().count()) && name.chars().all(readable);
    fits.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_name_can_be_read() {
        assert_eq!(named(" deploy 2 ").as_deref(), Some("deploy 2"));
        assert_eq!(named(&"ü".repeat(60)), Some("ü".repeat(60)));
        for odd in ["", "   ", "a\nb", "a\u{202e}b", "<b>", &"x".repeat(61)] {
            assert_eq!(named(odd), None, "{odd:?}");
        }
    }
}
