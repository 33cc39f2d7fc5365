//! What refusals of onboarding mean: requests, setup links, break-glass and the settings page.

use ::onboarding::glass::GlassError;
use ::onboarding::request::RequestError;
use ::onboarding::{LinkError, SettingsError};
use actix_web::http::StatusCode;

use super::{Meaning, NO_TEAM, storage, team};

pub(super) fn request(error: &RequestError) -> Meaning {
    const CONFLICT: StatusCode = StatusCode::CONFLICT;
    match error {
        RequestError::Unknown => {
            Meaning::new(StatusCode::NOT_FOUND, "request_unknown").saying("There is no such request.")
        }
        RequestError::Unconfirmed => Meaning::new(CONFLICT, "request_unconfirmed"),
        RequestError::Decided => {
            Meaning::new(CONFLICT, "request_decided").saying("This request was decided before.")
        }
        RequestError::Link(error) => link(error),
        RequestError::Incomplete => Meaning::new(CONFLICT, "request_incomplete"),
        RequestError::TeamIdTaken(_) => Meaning::new(CONFLICT, "team_id_taken")
            .saying("This Team ID is taken.")
            .remedy("Ask the contact for a request with another Team ID, and reject this one."),
        RequestError::SecretLost => Meaning::new(CONFLICT, "request_secret_lost"),
        RequestError::Note => Meaning::new(StatusCode::UNPROCESSABLE_ENTITY, "json_invalid"),
        RequestError::Team(error) => team(error),
        RequestError::Storage(error) => storage(error),
    }
}

pub(super) fn link(error: &LinkError) -> Meaning {
    match error {
        LinkError::Unknown(_) => NO_TEAM,
        LinkError::AlreadyOpen(_) => Meaning::new(StatusCode::CONFLICT, "setup_finished"),
        LinkError::Suspended(_) => Meaning::new(StatusCode::CONFLICT, "team_suspended"),
        LinkError::Gone => Meaning::new(StatusCode::NOT_FOUND, "setup_link_gone"),
        LinkError::Storage(error) => storage(error),
    }
}

pub(super) fn glass(error: &GlassError) -> Meaning {
    const CONFLICT: StatusCode = StatusCode::CONFLICT;
    match error {
        GlassError::Unknown(_) => NO_TEAM,
        GlassError::Suspended(_) => Meaning::new(CONFLICT, "team_suspended"),
        GlassError::NotAdmin(..) => Meaning::new(CONFLICT, "person_not_admin")
            .remedy("Name one of the admins, or give the role to this person first."),
        GlassError::SeveralAdmins(..) => {
            Meaning::new(CONFLICT, "person_ambiguous").remedy("Send the person's id.")
        }
        GlassError::NoEmail(_) => Meaning::new(CONFLICT, "person_without_email")
            .remedy("Name another admin, or change the settings yourself by PUT …/connection."),
        GlassError::Gone => Meaning::new(StatusCode::NOT_FOUND, "break_glass_gone"),
        GlassError::Storage(error) => storage(error),
    }
}

pub(super) fn settings(error: &SettingsError) -> Meaning {
    match error {
        SettingsError::Team(error) => team(error),
        SettingsError::NotTheirs => NO_TEAM,
        SettingsError::AdminWouldBeLost => Meaning::new(StatusCode::CONFLICT, "admin_would_be_lost"),
        SettingsError::NoRecentAdmin | SettingsError::NotOpen => {
            Meaning::new(StatusCode::CONFLICT, "require_needs_admin")
        }
        SettingsError::Storage(error) => storage(error),
    }
}
