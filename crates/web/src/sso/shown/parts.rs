//! The parts of the settings page, each from what was found.

use audit::Kept;
use onboarding::{KeptCheck, KeptChecks, KeptProbe};
use pages::words::{self, sso as say};
use pages::{
    AdminEmail, Available, Compared, FailedSignIn, Finding, FindingState, Probe, Provider, Rehearsal,
    SecretProblem, SecretSet, SsoAddresses, SsoChange, SsoChecks, SsoDeeds, SsoField, SsoNextSecret,
    SsoSecret, SsoStanding, SsoValues,
};
use signin::{EmailVerdict, KeptRehearsal, Step, StepName};
use teams::versions::SettingsVersion;
use teams::{CallbackPath, Tenant};
use upstream::Difference;
use vocabulary::Issuer;

use super::Found;
use crate::app::App;
use crate::sso::seat::Who;
use crate::sso::values::Typed;

/// What a check tells of the provider is cut here.
const LONGEST_TOLD: usize = 200;

/// Whose screens the page names: by the issuer's host; Okta where nothing is known yet.
pub(in crate::sso) fn provider(issuer: Option<&Issuer>) -> Provider {
    let Some(issuer) = issuer.map(Issuer::as_str) else { return Provider::Okta };
    if issuer.contains("okta") {
        Provider::Okta
    } else if issuer.contains("microsoftonline") {
        Provider::Entra
    } else if issuer.contains("accounts.google") {
        Provider::Google
    } else {
        Provider::Other
    }
}

pub(super) fn standing(found: &Found) -> SsoStanding {
    let tested = found.version.as_ref().is_some_and(|version| version.tested_at.is_some());
    match found.tenant.team.status {
        teams::Status::Suspended | teams::Status::Removed => SsoStanding::Suspended,
        teams::Status::Active if found.tenant.is_open() => SsoStanding::Open,
        teams::Status::Active if tested => SsoStanding::Tested,
        teams::Status::Active => SsoStanding::Draft,
    }
}

pub(super) fn addresses(app: &App, tenant: &Tenant) -> SsoAddresses {
    let team_id = &tenant.team.team_id;
    let ours = |path: &str| app.door.address(&format!("/t/{team_id}/{path}"));
    let live = tenant.connection.as_ref().map(|connection| connection.callback_path.clone());
    let callback = live.unwrap_or_else(|| CallbackPath::usual(team_id));
    SsoAddresses {
        callback: app.door.address(callback.as_str()),
        launch: ours("launch"),
        signed_out: ours("signed-out"),
        backchannel_logout: ours("backchannel_logout"),
        revoke: ours("revoke"),
    }
}

pub(super) fn values(found: &Found, typed: Option<Typed>) -> SsoValues {
    let version = found.version.as_ref();
    let kept = Typed {
        issuer: version
            .and_then(|version| version.issuer.as_ref())
            .map(ToString::to_string)
            .unwrap_or_default(),
        client_id: version
            .and_then(|version| version.client_id.as_ref())
            .map(ToString::to_string)
            .unwrap_or_default(),
    };
    let Typed { issuer, client_id } = typed.unwrap_or(kept);
    let secret = version
        .and_then(SettingsVersion::secret_set)
        .and_then(|(at, by)| Some(SecretSet { at: at?, by: by.and_then(|by| found.names.get(by)).cloned() }));
    SsoValues { issuer, client_id, secret, admin_email: found.tenant.team.admin_email.to_string() }
}

/// Where the pending version differs from the live one.
pub(super) fn changes(found: &Found) -> Vec<SsoChange> {
    let pending = found.version.as_ref().filter(|version| !version.is_live);
    let (Some(pending), Some(live)) = (pending, &found.tenant.connection) else { return Vec::new() };
    let mut changes = Vec::new();
    let issuer = pending.issuer.as_ref().map(ToString::to_string);
    if issuer.as_deref() != Some(live.issuer.as_str()) {
        changes.push(SsoChange {
            field: SsoField::Issuer,
            live: Some(live.issuer.to_string()),
            pending: issuer,
        });
    }
    let client_id = pending.client_id.as_ref().map(ToString::to_string);
    if client_id.as_deref() != Some(live.client_id.as_str()) {
        let live = Some(live.client_id.to_string());
        changes.push(SsoChange { field: SsoField::ClientId, live, pending: client_id });
    }
    if pending.secret_set().map(|(at, _)| at) != Some(live.client_secret_set_at) {
        changes.push(SsoChange { field: SsoField::ClientSecret, live: None, pending: None });
    }
    changes
}

pub(super) fn checks(found: &Found) -> SsoChecks {
    let key = found.version.as_ref().map(SettingsVersion::key);
    let last = found.checks.as_ref();
    let of_present = last.is_some_and(|last| Some(&last.settings) == key.as_ref());
    let has = |there: bool| if there { Available::Yes } else { Available::not(say::NEEDS_VALUES) };
    SsoChecks {
        findings: last.iter().flat_map(|last| &last.checks).map(|check| finding(check, of_present)).collect(),
        at: last.filter(|last| !last.checks.is_empty()).map(|last| last.at),
        of_present,
        again: has(found.version.as_ref().is_some_and(can_be_checked)),
        probe: probe(found, last.filter(|_| of_present)),
    }
}

/// Whether what the provider calls itself can be its organisation's issuer: whole, and not shared by many.
fn may_be_taken(got: &str) -> bool {
    got.len() < LONGEST_TOLD && Issuer::parse(got).is_ok_and(|issuer| !issuer.is_shared())
}

const fn can_be_checked(version: &SettingsVersion) -> bool {
    version.issuer.is_some() && version.client_id.is_some()
}

fn is_whole(version: &SettingsVersion) -> bool {
    can_be_checked(version) && version.secret_set().is_some()
}

fn probe(found: &Found, last: Option<&KeptChecks>) -> Probe {
    if !found.version.as_ref().is_some_and(is_whole) {
        return Probe::Waits(say::PROBE_NEEDS_VALUES.to_owned());
    }
    match last.and_then(|last| last.probe.clone()) {
        None => Probe::NotTried,
        Some((KeptProbe::Accepted, at)) => Probe::Accepted(at),
        Some((KeptProbe::Rejected, at)) => Probe::Rejected(at),
        Some((KeptProbe::CantTell(why), at)) => Probe::CantTell { why, at },
    }
}

fn finding(check: &KeptCheck, of_present: bool) -> Finding {
    let compared = check.expected.as_deref().zip(check.got.as_deref()).map(|(expected, got)| {
        let parts = Difference::between(expected, got);
        Compared {
            before: parts.before.to_owned(),
            entered: parts.expected.to_owned(),
            said: parts.got.to_owned(),
            after: parts.after.to_owned(),
            offered: of_present && check.name == "issuer" && may_be_taken(got),
        }
    });
    Finding {
        state: if check.ok { FindingState::Passed } else { FindingState::Failed },
        title: say::check_title(&check.name).to_owned(),
        message: Some(check.message.clone()),
        remedy: check.remedy.clone(),
        compared,
    }
}

/// The last rehearsal of the settings; one of a next secret stands beside that.
pub(super) fn rehearsal(found: &Found) -> Option<Rehearsal> {
    let last = found.rehearsal.as_ref().filter(|last| !last.is_of_next_secret())?;
    let of_present = found.version.as_ref().is_some_and(|version| version.key() == last.settings);
    Some(rehearsed(found, last, of_present))
}

/// The life of the secret in use.
pub(super) fn secret(found: &Found, problem: Option<SecretProblem>) -> Option<SsoSecret> {
    let live = found.tenant.connection.as_ref()?;
    let set = |at, by: Option<&String>| SecretSet { at, by: by.and_then(|by| found.names.get(by)).cloned() };
    let next = live.secret_life.next.as_ref();
    let last = found.rehearsal.as_ref().filter(|last| last.is_of_next_secret());
    let rehearsal = next
        .zip(last)
        .map(|(next, last)| rehearsed(found, last, last.settings == signin::next_secret_key(live, next)));
    Some(SsoSecret {
        set: live.client_secret_set_at.map(|at| set(at, live.client_secret_set_by.as_ref())),
        expires: live.secret_life.expires_at,
        next: next.map(|next| SsoNextSecret {
            key: next.key().to_owned(),
            set: set(next.set_at, next.set_by.as_ref()),
            expires: next.expires_at,
            tested: next.tested_at,
            use_now: next.tested_at.map_or_else(|| Available::not(say::NEEDS_NEXT_TEST), |_| Available::Yes),
        }),
        rehearsal,
        problem,
    })
}

fn rehearsed(found: &Found, last: &KeptRehearsal, of_present: bool) -> Rehearsal {
    let made = &last.rehearsal;
    let email = made.claims.iter().find(|(name, _)| name == "email").map(|(_, value)| value.clone());
    let spent = found.tenant.team.promotion_spent_by.is_some();
    Rehearsal {
        passed: made.passed(),
        of_present,
        at: last.at,
        by: found.names.get(&last.made_by).cloned().unwrap_or_default(),
        steps: made.steps.iter().map(step).collect(),
        claims: made.claims.clone(),
        role: made.role,
        admin_email: made.email.map(|verdict| match verdict {
            EmailVerdict::Missing => AdminEmail::Missing,
            _ if spent => AdminEmail::Spent,
            EmailVerdict::Admin => AdminEmail::Trusted,
            EmailVerdict::AdminNotTrusted => AdminEmail::NotTrusted,
            EmailVerdict::Other | EmailVerdict::OtherNotTrusted => {
                AdminEmail::Another(email.unwrap_or_default())
            }
        }),
    }
}

fn step(step: &Step) -> Finding {
    let name = match step.name {
        StepName::Authorization => "authorization",
        StepName::Token => "token",
        StepName::IdToken => "id_token",
        StepName::Userinfo => "userinfo",
        StepName::Admission => "admission",
    };
    let cause = step.code.as_deref().map(|code| words::traces::cause(code, name));
    Finding {
        state: match step.ok {
            Some(true) => FindingState::Passed,
            Some(false) => FindingState::Failed,
            None => FindingState::Waiting,
        },
        title: say::step_title(name).to_owned(),
        message: cause.map(|cause| cause.message.to_owned()),
        remedy: cause.map(|cause| cause.remedy.to_owned()),
        compared: None,
    }
}

pub(super) fn deeds(found: &Found, who: &Who) -> SsoDeeds {
    let version = found.version.as_ref();
    let tenant = &found.tenant;
    let test = match version {
        Some(version) if is_whole(version) => Available::Yes,
        Some(_) | None => Available::not(say::NEEDS_VALUES),
    };
    let enable = match version {
        Some(version) if version.is_live && tenant.is_open() => Available::not(say::ALL_IN_USE),
        Some(version) if version.tested_at.is_some() => Available::Yes,
        Some(_) | None => Available::not(say::NEEDS_TEST),
    };
    let require = if tenant.team.sso_required || (tenant.is_open() && found.admin_came) {
        Available::Yes
    } else if tenant.is_open() {
        Available::not(say::NEEDS_ADMIN_HERE)
    } else {
        Available::not(say::NEEDS_OPEN)
    };
    let rollback = if found.has_previous { Available::Yes } else { Available::not(say::NO_PREVIOUS) };
    let (require, rollback) = match who {
        Who::Admin(_) => (Some(require), Some(rollback)),
        // Nobody can come in: what was required may be dropped, nothing else is required.
        Who::BreakGlass(_) => (tenant.team.sso_required.then_some(require), Some(rollback)),
        Who::Installer(..) => (None, None),
    };
    SsoDeeds { test, enable, require, rollback }
}

pub(super) fn failed(kept: &Kept) -> FailedSignIn {
    FailedSignIn {
        reference: kept.reference.clone(),
        cause: words::traces::cause(&kept.cause, &kept.stage).message.to_owned(),
        at: kept.at(),
    }
}

/// The same with what to do, for whoever can't open it.
pub(super) fn failed_with_remedy(kept: &Kept) -> FailedSignIn {
    let cause = words::traces::cause(&kept.cause, &kept.stage);
    FailedSignIn { cause: format!("{} {}", cause.message, cause.remedy), ..failed(kept) }
}
