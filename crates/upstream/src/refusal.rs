//! What the provider means when it answers the authorization request with an error (RFC 6749 §4.1.2.1).

/// A refusal in words of ours; the provider's own text stands in the trace only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The person exists but was not given this app.
    NotAssigned,
    /// The person, or a policy, stopped the sign-in.
    Cancelled,
    /// The provider needs the person to sign in or answer something there first.
    LoginRequired,
    /// The provider is overloaded or down.
    Unavailable,
    /// Anything else: our request or the provider's settings are wrong.
    Other,
}

/// Parts of known texts, lowercase, that say "not assigned" (Okta, Entra, Google, `OneLogin`).
const NOT_ASSIGNED: [&str; 4] = [
    "not assigned to the client application",
    "aadsts50105",
    "not assigned to a role for the application",
    "user does not have access to this app",
];

impl Refusal {
    /// Reads `error` and `error_description` of an authorization response.
    #[must_use]
    pub fn of(error: &str, description: Option<&str>) -> Self {
        let text: String = description.unwrap_or_default().chars().take(1000).collect();
        let text = text.to_ascii_lowercase();
        if NOT_ASSIGNED.iter().any(|known| text.contains(known)) {
            return Self::NotAssigned;
        }
        match error {
            "access_denied" => Self::Cancelled,
            "login_required" | "interaction_required" | "consent_required" | "account_selection_required" => {
                Self::LoginRequired
            }
            "temporarily_unavailable" | "server_error" => Self::Unavailable,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_texts_become_our_words() {
        let table = [
            ("access_denied", Some("User is not assigned to the client application."), Refusal::NotAssigned),
            ("access_denied", Some("Resource owner denied the request."), Refusal::Cancelled),
            ("access_denied", None, Refusal::Cancelled),
            ("login_required", None, Refusal::LoginRequired),
            ("server_error", Some("AADSTS50105: The signed in user …"), Refusal::NotAssigned),
            ("temporarily_unavailable", None, Refusal::Unavailable),
            ("invalid_scope", None, Refusal::Other),
            ("", None, Refusal::Other),
        ];
        for (error, description, expected) in table {
            assert_eq!(Refusal::of(error, description), expected, "{error} {description:?}");
        }
    }
}
