//! The life of a client secret in the API: until when it is good, and the next one, which a request puts into use.

use actix_web::{HttpRequest, HttpResponse, web};
use onboarding::{Hand, SettingsError};
use roles::{Authority, Operator};
use serde::{Deserialize, Deserializer};
use storage::Tx;
use teams::{Registrar, Tenant};
use vocabulary::{ClientSecret, TeamId, Timestamp};

use crate::api::bearer::Manager;
use crate::api::body::{Change, field};
use crate::api::database::team;
use crate::api::openapi::TeamShown;
use crate::api::problem::{Fault, Problem};
use crate::api::settings;
use crate::app::App;

/// What is said of a secret's life.
pub(crate) struct LifeChange {
    expires_at: Change<Timestamp>,
    next: Change<ClientSecret>,
    next_expires_at: Option<Timestamp>,
}

impl LifeChange {
    /// Reads the three fields.
    pub(crate) fn read(
        expires_at: Change<String>,
        next: Change<ClientSecret>,
        next_expires_at: Option<&str>,
    ) -> Result<Self, Fault> {
        let moment = |name: &str, text: &str| {
            Timestamp::parse(text).ok_or_else(|| field(name, "a moment such as 2027-05-03T09:12:00Z"))
        };
        let next_expires = "next_client_secret_expires_at";
        if next_expires_at.is_some() && !matches!(next, Change::Set(_)) {
            return Err(field(next_expires, "said together with next_client_secret"));
        }
        Ok(Self {
            expires_at: expires_at.read(|text| moment("client_secret_expires_at", &text))?,
            next,
            next_expires_at: next_expires_at.map(|text| moment(next_expires, text)).transpose()?,
        })
    }

    /// Makes it so, and gives the team as it stands then.
    pub(crate) fn make(
        self,
        tx: &mut Tx<'_>,
        app: &App,
        operator: &Operator,
        team_id: &TeamId,
    ) -> Result<Tenant, Fault> {
        let hand = Hand::Authority(Authority::Operator(operator));
        let deps = &app.door;
        let registrar = Registrar { keys: &deps.keys, chance: &*deps.chance, plain_http: app.plain_http };
        let day = |tx: &mut Tx<'_>, at| onboarding::set_secret_expiry(tx, hand, team_id, at);
        match self.expires_at {
            Change::Keep => {}
            Change::Clear => day(tx, None)?,
            Change::Set(at) => day(tx, Some(at))?,
        }
        match self.next {
            Change::Keep => {}
            Change::Clear => onboarding::drop_next_secret(tx, hand, team_id, None)?,
            Change::Set(secret) => {
                onboarding::set_next_secret(tx, &registrar, hand, team_id, &secret, self.next_expires_at)?;
            }
        }
        team(tx, team_id)
    }
}

/// The next client secret, or null to drop it; no error repeats it.
pub(crate) fn next_secret<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Change<ClientSecret>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(Change::Clear);
    };
    let none = || serde::de::Error::custom("next_client_secret is empty, a mask or too long");
    ClientSecret::parse(&text).map(Change::Set).ok_or_else(none)
}

/// Puts the next client secret into use
///
/// By itself it takes over in the first sign-in for which the provider rejects the current one. An operator may put one
/// into use that was not tested.
#[utoipa::path(post, path = "/api/v1/teams/{team_id}/use-next-secret", security(("operator_token" = []), ("team_token" = ["team:admin"])), tag = "Teams", params(("team_id" = String, Path)), responses(
    (status = 200, description = "The team as it stands now", body = TeamShown, headers(("ETag", description = "For If-Match"))),
    Problem,
))]
pub(crate) async fn use_next_secret(
    app: web::Data<App>,
    caller: Manager,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    settings::act(&app, caller, &request, |tx, clerk, hand, team| -> Result<Tenant, SettingsError> {
        onboarding::use_next_secret(tx, clerk, hand, team, None)
    })
    .await
}
