//! What is pasted at the identity provider: every address, named as its screens name them.

use crate::words::sso as say;

/// Whose screens the words of the page name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Provider {
    /// Okta, also where nothing is known yet.
    #[default]
    Okta,
    /// Microsoft Entra ID.
    Entra,
    /// Google.
    Google,
    /// Any other.
    Other,
}

/// The team's addresses, whole ones; each provider has fields for some of them.
#[derive(Clone, Debug)]
pub struct SsoAddresses {
    /// Where sign-ins come back: `…/t/{team_id}/callback`, or the connection's own.
    pub callback: String,
    /// Where a tile leads: `…/t/{team_id}/launch`.
    pub launch: String,
    /// Where signing out ends: `…/t/{team_id}/signed-out`.
    pub signed_out: String,
    /// Where logout tokens go: `…/t/{team_id}/backchannel_logout`.
    pub backchannel_logout: String,
    /// Where Universal Logout goes: `…/t/{team_id}/revoke`.
    pub revoke: String,
}

/// An address as a read-only field.
pub(super) struct Address<'a> {
    pub id: &'static str,
    pub label: &'static str,
    pub hint: Option<&'static str>,
    pub value: &'a str,
}

impl Provider {
    /// Its name, as it stands in a sentence.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Okta => say::OKTA,
            Self::Entra => say::ENTRA,
            Self::Google => say::GOOGLE,
            Self::Other => say::YOUR_PROVIDER,
        }
    }

    /// The same where a sentence begins.
    pub(crate) const fn begins(self) -> &'static str {
        match self {
            Self::Okta | Self::Entra | Self::Google => self.name(),
            Self::Other => say::YOUR_PROVIDER_BEGINS,
        }
    }
}

impl SsoAddresses {
    pub(super) fn at(&self, provider: Provider) -> Vec<Address<'_>> {
        let address = |id, (label, hint), value| Address { id, label, hint, value };
        let callback = address("callback", say::callback(provider), &self.callback);
        let launch = |said| address("launch", said, &self.launch);
        let signed_out = |said| address("signed_out", said, &self.signed_out);
        let backchannel = address("backchannel_logout", say::BACKCHANNEL_LOGOUT, &self.backchannel_logout);
        match provider {
            Provider::Okta => vec![
                callback,
                launch(say::OKTA_LAUNCH),
                signed_out(say::OKTA_SIGNED_OUT),
                backchannel,
                address("revoke", say::UNIVERSAL_LOGOUT, &self.revoke),
            ],
            Provider::Entra => {
                vec![callback, signed_out(say::ENTRA_SIGNED_OUT), launch(say::ENTRA_LAUNCH)]
            }
            Provider::Google => vec![callback],
            Provider::Other => {
                vec![callback, launch(say::OTHER_LAUNCH), signed_out(say::OTHER_SIGNED_OUT), backchannel]
            }
        }
    }
}
