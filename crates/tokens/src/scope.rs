//! What a team's token opens.

use serde::{Serialize, Serializer};

/// What a team's token opens. None of them changes a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The product's own API, which asks us whose token it is. Here it opens `whoami` alone.
    Product,
    /// Reading the team's things.
    TeamRead,
    /// Reading and changing them.
    TeamAdmin,
}

impl Scope {
    /// All of them, the usual one first.
    pub const ALL: [Self; 3] = [Self::Product, Self::TeamRead, Self::TeamAdmin];

    /// `product`, `team:read` or `team:admin`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::TeamRead => "team:read",
            Self::TeamAdmin => "team:admin",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }

    /// Whether it is for admins alone: made, seen, revoked by them, and good as long as its maker is one.
    #[must_use]
    pub const fn is_for_admins(self) -> bool {
        match self {
            Self::Product => false,
            Self::TeamRead | Self::TeamAdmin => true,
        }
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_reads_as_it_is_written_and_nothing_else_is_one() {
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.as_str()), Some(scope));
        }
        for odd in ["", "Product", "team:write", "product team:admin", "operator"] {
            assert_eq!(Scope::parse(odd), None, "{odd}");
        }
    }
}
