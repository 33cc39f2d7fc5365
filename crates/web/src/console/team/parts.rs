//! The parts of a team's page in the console, each from what was found.

use audit::Kept;
use onboarding::LiveLink;
use pages::words::console::team as say;
use pages::words::{self, sso as of_sso};
use pages::{
    Available, ConnectionFacts, FailedSignIn, LinkFacts, OtherSettings, SecretSet, TeamAdmin, TeamDeed,
    TeamFields, TeamHealth,
};
use roles::Colleague;
use teams::versions::SettingsVersion;
use teams::{CallbackPath, Status, Tenant};

use super::Found;
use crate::app::App;

pub(super) fn admin(colleague: &Colleague) -> TeamAdmin {
    TeamAdmin {
        id: colleague.person.id.clone(),
        name: colleague.person.shown_name().to_owned(),
        email: colleague.person.email.as_ref().map(ToString::to_string),
        active: colleague.membership.active,
    }
}

pub(super) fn redirect_uri(app: &App, tenant: &Tenant) -> String {
    let live = tenant.connection.as_ref().map(|connection| connection.callback_path.clone());
    let path = live.unwrap_or_else(|| CallbackPath::usual(&tenant.team.team_id));
    app.door.address(path.as_str())
}

pub(super) fn connection(found: &Found) -> Option<ConnectionFacts> {
    let live = found.tenant.connection.as_ref()?;
    let options = &live.options;
    let [by, _, _] = &found.set_by;
    Some(ConnectionFacts {
        issuer: live.issuer.to_string(),
        client_id: live.client_id.to_string(),
        secret: live.client_secret_set_at.map(|at| SecretSet { at, by: by.clone() }),
        client_auth: options.client_auth.as_str().to_owned(),
        scopes: options.scopes.to_string(),
        email_trust: options.email_trust.as_str().to_owned(),
        domains: options.domains.iter().map(|domain| domain.as_str().to_owned()).collect(),
        requirement: options.requirement.as_ref().map(ToString::to_string),
        aliases: options.aliases.iter().map(ToString::to_string).collect(),
        after_sign_out: options.post_logout_redirect_uri.clone(),
    })
}

pub(super) fn pending(found: &Found) -> Option<OtherSettings> {
    let version = found.worked_on.as_ref().filter(|version| !version.is_live)?;
    let [_, by, _] = &found.set_by;
    Some(OtherSettings { tested: Some(version.tested_at.is_some()), ..other(version, by.clone()) })
}

pub(super) fn previous(found: &Found) -> Option<OtherSettings> {
    let [_, _, by] = &found.set_by;
    found.previous.as_ref().map(|version| other(version, by.clone()))
}

fn other(version: &SettingsVersion, by: Option<String>) -> OtherSettings {
    OtherSettings {
        issuer: version.issuer.as_ref().map(ToString::to_string),
        client_id: version.client_id.as_ref().map(ToString::to_string),
        secret: version.secret_set().and_then(|(at, _)| Some(SecretSet { at: at?, by })),
        tested: None,
    }
}

pub(super) fn health(app: &App, found: &Found) -> Option<TeamHealth> {
    let health = found.health.as_ref()?;
    let told = health.report(&app.door.address(&health.callback_path), app.now());
    Some(TeamHealth {
        word: told.judgement.as_str(),
        is_unwell: told.judgement.is_unwell(),
        message: told.message,
        remedy: told.remedy,
        since: told.counted_since,
        started: told.started,
        returned: told.returned,
        finished: told.finished,
        refused: told.refused,
        last_good: told.last_good_at,
        last_bad: told.last_bad.map(|bad| FailedSignIn {
            cause: words::traces::plain(&bad.cause).to_owned(),
            reference: bad.reference,
            at: bad.at,
        }),
    })
}

pub(super) fn link(link: &LiveLink) -> LinkFacts {
    LinkFacts {
        recipient: link.recipient.as_ref().map(ToString::to_string),
        made_at: link.made_at,
        opened_at: link.opened_at,
        expires_at: link.expires_at,
    }
}

pub(super) fn may_link(tenant: &Tenant) -> Available {
    if tenant.team.status == Status::Suspended {
        Available::not(say::LINK_NEEDS_OPEN)
    } else if tenant.is_open() {
        Available::not(say::LINK_NOT_NEEDED)
    } else {
        Available::Yes
    }
}

pub(super) fn failed(kept: &Kept) -> FailedSignIn {
    FailedSignIn {
        reference: kept.reference.clone(),
        cause: words::traces::cause(&kept.cause, &kept.stage).message.to_owned(),
        at: kept.at(),
    }
}

/// The present values.
pub(super) fn fields(found: &Found) -> TeamFields {
    let team = &found.tenant.team;
    let admin_email = team.admin_email.to_string();
    TeamFields { name: team.name.clone(), link_to: admin_email.clone(), admin_email }
}

/// What can be done, in the order of the page. What cannot says why.
pub(super) fn deeds(found: &Found) -> Vec<(TeamDeed, Available)> {
    let tenant = &found.tenant;
    let closing = if found.is_operators { Available::not(say::OPERATORS_THEMSELVES) } else { Available::Yes };
    let policy = if tenant.team.sso_required {
        (TeamDeed::Relax, Available::Yes)
    } else {
        (TeamDeed::Require, may_require(found))
    };
    let door = match tenant.team.status {
        Status::Active => (TeamDeed::Suspend, closing.clone()),
        Status::Suspended | Status::Removed => (TeamDeed::Resume, Available::Yes),
    };
    let back = if found.previous.is_some() { Available::Yes } else { Available::not(of_sso::NO_PREVIOUS) };
    vec![
        (TeamDeed::Enable, may_enable(found)),
        (TeamDeed::RollBack, back),
        policy,
        door,
        (TeamDeed::Remove, closing),
    ]
}

fn may_enable(found: &Found) -> Available {
    match &found.worked_on {
        Some(version) if version.is_live && found.tenant.is_open() => Available::not(of_sso::ALL_IN_USE),
        Some(version) if version.tested_at.is_some() => Available::Yes,
        Some(_) | None => Available::not(of_sso::NEEDS_TEST),
    }
}

fn may_require(found: &Found) -> Available {
    if !found.tenant.is_open() {
        Available::not(of_sso::NEEDS_OPEN)
    } else if found.admin_came {
        Available::Yes
    } else {
        Available::not(of_sso::NEEDS_ADMIN_HERE)
    }
}
