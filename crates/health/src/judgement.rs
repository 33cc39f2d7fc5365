//! What the counts mean: the one place where health is judged.

use serde::Serialize;
use vocabulary::Timestamp;

use crate::row::Row;

/// So many left and nobody came back: no coincidence any more.
const NOBODY: i64 = 5;
/// So many bad sign-ins after the last good one are no coincidence either.
const SEVERAL: i64 = 3;

/// How a connection fares, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// People come in.
    Well,
    /// Nobody has come in with these settings yet, and nothing speaks against it.
    Quiet,
    /// People are sent to the identity provider and none comes back.
    NobodyComesBack,
    /// Several sign-ins ended otherwise since the last good one.
    Failing,
    /// The identity provider did not answer several times and is not asked for a while.
    Unreachable,
}

impl Judgement {
    pub(crate) fn of(row: &Row, now: Timestamp) -> Self {
        // People may come in on remembered metadata while its address is down: that is no trouble of theirs.
        if row.bad_in_a_row > 0 && row.unreachable_until > Some(now.millis()) {
            Self::Unreachable
        } else if row.bad_in_a_row >= SEVERAL {
            Self::Failing
        } else if row.started >= NOBODY && row.returned() == 0 {
            Self::NobodyComesBack
        } else if row.finished == 0 {
            Self::Quiet
        } else {
            Self::Well
        }
    }

    /// The word, as JSON has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Quiet => "quiet",
            Self::NobodyComesBack => "nobody_comes_back",
            Self::Failing => "failing",
            Self::Unreachable => "unreachable",
        }
    }

    /// Whether somebody should look at it.
    #[must_use]
    pub const fn is_unwell(self) -> bool {
        match self {
            Self::Well | Self::Quiet => false,
            Self::NobodyComesBack | Self::Failing | Self::Unreachable => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000);

    fn judged(edit: impl FnOnce(&mut Row)) -> Judgement {
        let mut row = Row::default();
        edit(&mut row);
        Judgement::of(&row, NOW)
    }

    #[test]
    fn each_judgement_has_its_own_signs() {
        assert_eq!(judged(|_| ()), Judgement::Quiet);
        assert_eq!(judged(|row| row.started = 4), Judgement::Quiet);
        assert_eq!(judged(|row| row.started = 5), Judgement::NobodyComesBack);
        assert_eq!(judged(|row| (row.started, row.refused) = (5, 1)), Judgement::Quiet);
        assert_eq!(judged(|row| (row.finished, row.bad_in_a_row) = (9, 2)), Judgement::Well);
        assert_eq!(judged(|row| (row.finished, row.bad_in_a_row) = (9, 3)), Judgement::Failing);
        assert_eq!(judged(|row| (row.started, row.bad_in_a_row) = (9, 3)), Judgement::Failing);
        let until = |until, bad| judged(|row| (row.unreachable_until, row.bad_in_a_row) = (Some(until), bad));
        assert_eq!(until(1_001, 1), Judgement::Unreachable);
        assert_eq!(until(1_001, 0), Judgement::Quiet, "people come in all the same");
        assert_eq!(until(1_000, 1), Judgement::Quiet, "it may be asked again");
    }
}
