//! How long the stages of an attempt took.

use serde::{Deserialize, Serialize};

/// How long the stages of an attempt took, in milliseconds; a stage it did not come to has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Timings {
    /// From leaving for the identity provider to coming back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub away: Option<u64>,
    /// The token endpoint's answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<u64>,
    /// `UserInfo`'s answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo: Option<u64>,
    /// From coming back to being refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whole: Option<u64>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_stage_that_was_not_reached_is_not_told() {
        let timings = Timings { away: Some(5_210), whole: Some(12), ..Timings::default() };
        let told = json!(timings);
        assert_eq!(told, json!({"away": 5_210, "whole": 12}));
        assert_eq!(serde_json::from_value::<Timings>(told).unwrap(), timings);
        assert_eq!(serde_json::from_str::<Timings>("{}").unwrap(), Timings::default());
    }
}
