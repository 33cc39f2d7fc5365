//! The stage: a deployment of its own, for trying things out. A tile says by `use_stage` that it belongs there.

use url::Url;

/// What `use_stage` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// Nothing, `false`, `0` or `no`: production.
    #[default]
    Production,
    /// `true`, `1` or `yes`: the stage.
    Stage,
    /// Anything else, such as a variable that Okta did not fill in, or two values that differ.
    Unclear,
}

/// Where a launch is to be served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// By us.
    Here,
    /// By the stage at this address.
    At(Url),
    /// Nobody knows.
    Nowhere,
}

impl Stage {
    pub(super) fn parse(pairs: &[(String, String)]) -> Self {
        let said = pairs.iter().filter(|(key, _)| key == "use_stage").map(|(_, value)| Self::of(value));
        said.reduce(|one, two| if one == two { one } else { Self::Unclear }).unwrap_or_default()
    }

    fn of(value: &str) -> Self {
        match value {
            "" | "false" | "0" | "no" => Self::Production,
            "true" | "1" | "yes" => Self::Stage,
            _ => Self::Unclear,
        }
    }

    /// Where the launch belongs, when stage tiles go to `stage` and we are at `public_url`. The stage is its own
    /// stage, so that nobody is sent in circles.
    #[must_use]
    pub fn place(self, stage: Option<&Url>, public_url: &Url) -> Place {
        match (self, stage) {
            (Self::Production, _) => Place::Here,
            (Self::Stage, Some(stage)) if stage.origin() == public_url.origin() => Place::Here,
            (Self::Stage, Some(stage)) => Place::At(stage.clone()),
            (Self::Stage, None) | (Self::Unclear, _) => Place::Nowhere,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(values: &[&str]) -> Stage {
        let pairs: Vec<_> =
            values.iter().map(|value| ("use_stage".to_owned(), (*value).to_owned())).collect();
        Stage::parse(&pairs)
    }

    #[test]
    fn use_stage_is_read_to_the_letter() {
        for production in ["", "false", "0", "no"] {
            assert_eq!(parse(&[production]), Stage::Production, "{production}");
        }
        for stage in ["true", "1", "yes"] {
            assert_eq!(parse(&[stage]), Stage::Stage, "{stage}");
        }
        for unclear in ["TRUE", "True", " true", "on", "2", "{app.use_stage}", "null", "FALSE"] {
            assert_eq!(parse(&[unclear]), Stage::Unclear, "{unclear}");
        }
        assert_eq!((parse(&[]), parse(&["true", "1"])), (Stage::Production, Stage::Stage));
        assert_eq!(parse(&["true", "false"]), Stage::Unclear);
    }

    #[test]
    fn the_stage_is_its_own_stage() {
        let [ours, stage] =
            ["https://sso.example", "https://stage.example"].map(|url| Url::parse(url).unwrap());
        assert_eq!(Stage::Stage.place(Some(&stage), &ours), Place::At(stage.clone()));
        assert_eq!(Stage::Stage.place(Some(&stage), &stage), Place::Here);
        assert_eq!(Stage::Stage.place(None, &ours), Place::Nowhere);
        assert_eq!(Stage::Unclear.place(Some(&stage), &ours), Place::Nowhere);
        assert_eq!(Stage::Production.place(Some(&stage), &ours), Place::Here);
    }
}
