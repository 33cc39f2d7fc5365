//! Letters about how a team is connected.

use super::{Reader, Words, because};

pub(super) fn setup_link(team: &str, days: u64) -> Words {
    Words {
        subject: format!("Set up single sign-on for {team}"),
        paragraphs: vec![
            format!(
                "With this link you connect {team} to your identity provider. It takes about ten minutes and an \
                 administrator's access there: you copy a few addresses into it and paste three values from it."
            ),
            format!(
                "The link can be used for {days} days and as often as you like until single sign-on is on. Whoever \
                 has it can set up {team}, so pass it on to your administrator alone."
            ),
        ],
        because: format!("You get this letter because you were named as the contact of {team}."),
    }
}

pub(super) fn break_glass(team: &str, minutes: u64) -> Words {
    Words {
        subject: format!("Come to the sign-in settings of {team}"),
        paragraphs: vec![
            format!(
                "The operator lets you change how {team} signs in, without signing in yourself. The link asks for a \
                 code, which the operator tells you: nobody else will ask you for it."
            ),
            format!(
                "The link can be used for {minutes} minutes, and opens the sign-in settings alone. If you did not ask \
                 for it, leave it, and tell the operator."
            ),
        ],
        because: because(team, Reader::Admin),
    }
}

pub(super) fn break_glass_made(team: &str, person: &str) -> Words {
    Words {
        subject: format!("{person} was let to the sign-in settings of {team}"),
        paragraphs: vec![
            format!(
                "The operator let {person} come to the sign-in settings of {team} without signing in (break-glass), \
                 for half an hour. What is changed there stands in the team's activity."
            ),
            "If nobody of you asked for it, tell the operator.".to_owned(),
        ],
        because: because(team, Reader::Admin),
    }
}

pub(super) fn sso_on(team: &str) -> Words {
    Words {
        subject: format!("Single sign-on for {team} is on"),
        paragraphs: vec![
            format!("People of {team} can sign in through your identity provider from now on."),
            "Your email was named as the team's admin: sign in once, and you are an admin.".to_owned(),
        ],
        because: format!("You get this letter because you were named as the admin of {team}."),
    }
}

pub(super) fn settings_live(team: &str, by: &str) -> Words {
    Words {
        subject: format!("New sign-in settings for {team} are in use"),
        paragraphs: vec![
            format!(
                "{team} signs in by other settings from now on. They passed a test sign-in. If something is wrong, an \
                 admin can go back to the ones from before with one click."
            ),
            format!("Changed by: {by}."),
        ],
        because: because(team, Reader::Admin),
    }
}

pub(super) fn rolled_back(team: &str, by: &str) -> Words {
    Words {
        subject: format!("The sign-in settings of {team} went back"),
        paragraphs: vec![
            format!("{team} signs in by the settings from before again."),
            format!("Changed by: {by}."),
        ],
        because: because(team, Reader::Admin),
    }
}

pub(super) fn sso_policy(team: &str, required: bool, by: &str) -> Words {
    let (subject, story) = if required {
        (
            format!("{team} requires single sign-on"),
            format!(
                "From now on everybody of {team} signs in through your identity provider; other ways are closed."
            ),
        )
    } else {
        (
            format!("{team} no longer requires single sign-on"),
            format!("People of {team} may sign in in other ways again, where the product has them."),
        )
    };
    Words {
        subject,
        paragraphs: vec![story, format!("Changed by: {by}.")],
        because: because(team, Reader::Admin),
    }
}
