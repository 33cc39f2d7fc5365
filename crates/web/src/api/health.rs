//! `/api/v1/teams/{team_id}/health`: how a team's connection fares, with a judgement and its remedy; of all teams
//! at `/api/v1/health`.

use ::health::Place;
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::ToSchema;

use crate::api::bearer::{Caller, Reader};
use crate::api::database::read;
use crate::api::list::{List, Paging};
use crate::api::parameters::Parameters;
use crate::api::problem::{Fault, Problem};
use crate::api::team_in;
use crate::app::App;

/// How a team's connection fares.
// `health` writes this JSON; a test compares the two.
#[derive(ToSchema)]
#[schema(as = Health)]
#[expect(dead_code, reason = "described here, written in `health`")]
pub(crate) struct HealthShown {
    /// Whose connection.
    #[schema(example = "acme")]
    team_id: String,
    /// `well`, `quiet`, `nobody_comes_back`, `failing` or `unreachable`.
    #[schema(example = "nobody_comes_back")]
    judgement: String,
    /// The same in a sentence.
    message: String,
    /// What to do; null when there is nothing to do.
    #[schema(required)]
    remedy: Option<String>,
    /// When the first sign-in began that is counted; null when none is. A change of the settings starts anew.
    #[schema(required, format = DateTime)]
    counted_since: Option<String>,
    /// How many people were sent to the identity provider.
    #[schema(example = 12)]
    started: i64,
    /// How many of them came back.
    #[schema(example = 0)]
    returned: i64,
    /// How many of those came in.
    finished: i64,
    /// How many of those did not.
    refused: i64,
    /// The last good sign-in, with whatever settings.
    #[schema(required, format = DateTime)]
    last_good_at: Option<String>,
    /// The last one that ended otherwise.
    #[schema(required)]
    last_bad: Option<LastBadShown>,
    /// When the provider's metadata was last fetched.
    #[schema(required, format = DateTime)]
    metadata_fetched_at: Option<String>,
    /// When its keys were.
    #[schema(required, format = DateTime)]
    keys_fetched_at: Option<String>,
    /// Until when the provider is not asked because it did not answer; null while it is.
    #[schema(required, format = DateTime)]
    breaker_open_until: Option<String>,
}

/// A sign-in that ended otherwise.
#[derive(ToSchema)]
#[schema(as = LastBad)]
#[expect(dead_code, reason = "described here, written in `health`")]
pub(crate) struct LastBadShown {
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// The stable code.
    #[schema(example = "idp_client_rejected")]
    cause: String,
    /// What the person's screen showed.
    #[schema(example = "7K2F-9QXM")]
    reference: String,
}

/// How a team's connection fares
///
/// Counts are some seconds old. They are of the settings that hold now.
#[utoipa::path(get, path = "/api/v1/teams/{team_id}/health", security(("operator_token" = []), ("team_token" = ["team:read"])), tag = "Record", params(("team_id" = String, Path)), responses(
    (status = 200, description = "Its health", body = HealthShown),
    Problem,
))]
pub(crate) async fn show_health(
    app: web::Data<App>,
    _: Reader,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let team_id = team_in(&request)?;
    Parameters::of(&request, &[])?;
    let found =
        read(&app, move |connection| health::of(connection, &team_id)?.ok_or(Fault::TeamUnknown)).await?;
    let redirect_uri = app.door.address(&found.callback_path);
    Ok(HttpResponse::Ok().json(found.report(&redirect_uri, app.now())))
}

/// How the connections of all teams fare, those that are not well first
///
/// Each part by Team ID.
#[utoipa::path(get, path = "/api/v1/health", tag = "Record", params(
    ("limit" = Option<u16>, Query, minimum = 1, maximum = 200, description = "Rows of a page; 50 unless said"),
    ("after" = Option<String>, Query, description = "The `next` of the page before"),
), responses(
    (status = 200, description = "A page of teams", body = List<HealthShown>),
    Problem,
))]
pub(crate) async fn list_health(
    app: web::Data<App>,
    _: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let parameters = Parameters::of(&request, &["limit", "after"])?;
    let paging = Paging::of(&parameters, Place::parse)?;
    let (rows, after) = (paging.rows(), paging.after.clone());
    let found =
        read(&app, move |connection| Ok(::health::worst_first(connection, after.as_ref(), rows)?)).await?;
    let report = |one: &::health::Health| one.report(&app.door.address(&one.callback_path), app.now());
    Ok(HttpResponse::Ok().json(paging.page(&found, |one| one.place().to_string(), report)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};
    use utoipa::PartialSchema as _;
    use vocabulary::{TeamId, Timestamp};

    use super::*;

    fn keys(value: &Value) -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn health_is_described_as_it_is_written() {
        let last_bad = ::health::LastBad {
            at: Timestamp::from_millis(0),
            cause: "idp_timeout".to_owned(),
            reference: "7K2F-9QXM".to_owned(),
        };
        let written = json!(::health::Report {
            team_id: TeamId::parse("acme").unwrap(),
            judgement: ::health::Judgement::Well,
            message: String::new(),
            remedy: None,
            counted_since: None,
            started: 0,
            returned: 0,
            finished: 0,
            refused: 0,
            last_good_at: None,
            last_bad: Some(last_bad),
            metadata_fetched_at: None,
            keys_fetched_at: None,
            breaker_open_until: None,
        });
        let described = |schema| serde_json::to_value(schema).unwrap()["properties"].clone();
        assert_eq!(keys(&described(HealthShown::schema())), keys(&written));
        assert_eq!(keys(&described(LastBadShown::schema())), keys(&written["last_bad"]));
    }
}
