//! Letters to a team's admins about whether people can sign in.

use vocabulary::Timestamp;

use super::{Reader, Words, because};

/// Why people can't sign in to a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInTrouble {
    /// So many in a row were refused.
    Refused {
        /// How many.
        in_a_row: i64,
        /// Why the last one was, in a sentence.
        cause: &'static str,
    },
    /// They leave for the identity provider and stay there.
    NobodyComesBack,
    /// The identity provider says nothing.
    Unreachable,
}

pub(super) fn fail(
    team: &str,
    trouble: &SignInTrouble,
    last_good: Option<Timestamp>,
    reference: Option<&str>,
) -> Words {
    let (subject, what) = match trouble {
        SignInTrouble::Refused { in_a_row, cause } => (
            format!("Sign-ins to {team} are refused"),
            format!("The last {in_a_row} sign-ins to {team} were refused. The last one: {cause}"),
        ),
        SignInTrouble::NobodyComesBack => (
            format!("People can't sign in to {team}"),
            format!(
                "People who want to sign in to {team} are sent to your identity provider, and none comes back. Check \
                 that the redirect URI there is letter by letter the one on the settings page, and that people are \
                 assigned to the app."
            ),
        ),
        SignInTrouble::Unreachable => (
            format!("People can't sign in to {team}"),
            format!(
                "Your identity provider does not answer, so nobody can sign in to {team} at the moment. It is asked \
                 again by itself."
            ),
        ),
    };
    let since = match last_good {
        Some(at) => format!("Somebody last came in on {}. Whoever is signed in stays so.", minute(at)),
        None => "Nobody has come in yet.".to_owned(),
    };
    let look_up = reference.map(|reference| {
        format!("The settings page tells what happened and what to do; the reference of the last one is {reference}.")
    });
    Words {
        subject,
        paragraphs: [what, since].into_iter().chain(look_up).collect(),
        because: because(team, Reader::Admin),
    }
}

pub(super) fn work(team: &str) -> Words {
    Words {
        subject: format!("People can sign in to {team} again"),
        paragraphs: vec![format!("Somebody has come in to {team} again. There is nothing more to do.")],
        because: because(team, Reader::Admin),
    }
}

/// `2026-05-03 at 09:12 UTC`
fn minute(at: Timestamp) -> String {
    let told = at.to_string();
    let (day, clock) = told.split_once('T').unwrap_or((&told, ""));
    format!("{day} at {} UTC", clock.get(..5).unwrap_or_default())
}
