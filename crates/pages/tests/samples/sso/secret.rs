//! The settings page with a client secret that nears its end.

use pages::words::sso as say;
use pages::{Available, SecretField, SecretProblem, SecretSet, SsoNextSecret, SsoSecret, SsoSettings};

use super::{NOW, ago, not, open, own, reference, rehearsed};

/// Open, its secret expiring and the next one waiting.
pub(super) fn waits() -> SsoSettings {
    let mut page = SsoSettings { rehearsal: None, ..open() };
    page.secret = Some(SsoSecret {
        expires: Some(NOW.plus(std::time::Duration::from_hours(24 * 40))),
        next: Some(SsoNextSecret {
            key: own("gR4nM0xT7bQe2VwY"),
            set: SecretSet { at: ago(60 * 26), by: Some(own("Ada")) },
            expires: Some(NOW.plus(std::time::Duration::from_hours(24 * 365))),
            tested: None,
            use_now: not(say::NEEDS_NEXT_TEST),
        }),
        ..page.secret.unwrap_or_default()
    });
    page
}

/// The same, the next one tested.
pub(super) fn tested() -> SsoSettings {
    let mut page = waits();
    if let Some(secret) = &mut page.secret {
        secret.rehearsal = Some(rehearsed());
        if let Some(next) = &mut secret.next {
            (next.tested, next.use_now) = (Some(ago(3)), Available::Yes);
        }
    }
    page
}

/// A form of the secret that came back.
pub(super) fn problem() -> SsoSettings {
    let mut page = open();
    page.rehearsal = None;
    page.secret = Some(SsoSecret {
        expires: Some(ago(60 * 24 * 2)),
        problem: Some(SecretProblem {
            code: "client_secret_is_current",
            reference: reference(),
            fields: vec![
                (SecretField::Next, own(say::NEXT_SECRET_IS_CURRENT)),
                (SecretField::NextExpires, own(say::EXPIRES_WRONG)),
            ],
            expires: None,
            next_expires: own("2025-05-03"),
        }),
        ..page.secret.unwrap_or_default()
    });
    page
}
