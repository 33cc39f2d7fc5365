//! Sums up what the test binaries report, line by line as they speak.

/// What was seen so far.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
    pub ignored: u64,
    pub filtered_out: u64,
    /// A binary began (`running 3 tests`) and has not given its result.
    under_way: bool,
}

impl Tally {
    /// Reads one line of a test binary's output.
    pub fn read(&mut self, line: &str) {
        if line.starts_with("running ") && (line.ends_with(" tests") || line.ends_with(" test")) {
            self.close();
            self.under_way = true;
        }
        let Some(result) = line.strip_prefix("test result: ") else {
            return;
        };
        self.under_way = false;
        self.passed += number_before(result, " passed");
        self.failed += number_before(result, " failed");
        self.ignored += number_before(result, " ignored");
        self.filtered_out += number_before(result, " filtered out");
    }

    /// No more lines come: a binary that began and gave no result died, which is one failure.
    pub fn close(&mut self) {
        if self.under_way {
            self.failed += 1;
            self.under_way = false;
        }
    }
}

/// The 12 in `ok. 12 passed; 0 failed`, for ` passed`; 0 when the word is not there.
fn number_before(text: &str, word: &str) -> u64 {
    let before = text.split(word).next().filter(|before| before.len() < text.len());
    before.and_then(|before| before.rsplit(' ').next()?.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Tally;

    fn tally(lines: &[&str]) -> Tally {
        let mut tally = Tally::default();
        for line in lines {
            tally.read(line);
        }
        tally.close();
        tally
    }

    #[test]
    fn the_results_of_all_binaries_are_added() {
        let tally = tally(&[
            "running 3 tests",
            "test a ... ok",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.01s",
            "running 1 test",
            "test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 measured; 4 filtered out; finished in 1.0s",
        ]);
        assert_eq!(tally, Tally { passed: 13, failed: 2, ignored: 1, filtered_out: 11, under_way: false });
    }

    #[test]
    fn a_binary_that_dies_without_a_result_counts_as_failed() {
        assert_eq!(tally(&["running 3 tests", "test a ... ok"]).failed, 1);
        let in_the_middle = ["running 3 tests", "running 1 test", "test result: ok. 1 passed; 0 failed"];
        assert_eq!((tally(&in_the_middle).passed, tally(&in_the_middle).failed), (1, 1));
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(tally(&["test running ... ok", "  test result: ok. 3 passed", ""]), Tally::default());
    }
}
