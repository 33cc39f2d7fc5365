//! The settings page as it stands: what is being worked on beside what is live, what was found, and what can be done.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use audit::{Actor, Kept};
use onboarding::{KeptCheck, KeptChecks, KeptProbe};
use pages::words::{self, sso as say};
use pages::{
    AdminEmail, Available, Compared, FailedSignIn, Finding, FindingState, Notice, Probe, Provider, Rehearsal,
    SecretSet, SetupFrame, SsoAddresses, SsoChange, SsoChecks, SsoDeeds, SsoField, SsoFrame, SsoProblem,
    SsoSettings, SsoStanding, SsoValues, Tab,
};
use people::Person;
use sessions::SignedIn;
use signin::{EmailVerdict, KeptRehearsal, Step, StepName};
use storage::{Connection, StorageError};
use teams::versions::{self, SettingsVersion};
use teams::{CallbackPath, Tenant};
use upstream::Difference;
use vocabulary::{Issuer, TeamId};

use super::seat::{Seat, Who, nothing_here};
use super::values::Typed;
use crate::answer;
use crate::app::App;
use crate::failed::{Failed, database};
use crate::headers;
use crate::team::house::house;

/// How many refused sign-ins the page shows.
const FAILED: i64 = 5;
/// How recently an admin must have come for single sign-on to be required; decided again when it is.
const RECENT: std::time::Duration = std::time::Duration::from_hours(7 * 24);

struct Found {
    tenant: Tenant,
    version: Option<SettingsVersion>,
    has_previous: bool,
    checks: Option<KeptChecks>,
    rehearsal: Option<KeptRehearsal>,
    failed: Vec<Kept>,
    admin_came: bool,
    names: HashMap<String, String>,
    me: Option<Person>,
}

/// The sentence that follows an act.
pub(super) fn done(query: &[(String, String)]) -> Option<&str> {
    query.iter().find(|(name, _)| name == "done").map(|(_, done)| done.as_str())
}

fn notice(done: &str, team: &str, is_open: bool) -> Option<Notice> {
    let text = match done {
        "saved" if is_open => say::NOW_SAVED_PENDING.to_owned(),
        "saved" => say::NOW_SAVED.to_owned(),
        "theirs" => say::NOW_THEIRS.to_owned(),
        "checked" => say::NOW_CHECKED.to_owned(),
        "tried" => say::NOW_TRIED.to_owned(),
        "discarded" => say::NOW_DISCARDED.to_owned(),
        "live" => say::NOW_IN_USE.to_owned(),
        "on" => say::now_on(team),
        "back" => say::NOW_BACK.to_owned(),
        "required" => say::NOW_REQUIRED.to_owned(),
        "relaxed" => say::NOW_RELAXED.to_owned(),
        "unreachable" => say::NOT_BEGUN.to_owned(),
        "incomplete" => say::NEEDS_VALUES.to_owned(),
        "changed" => say::CHANGED_MEANWHILE.to_owned(),
        _ => return None,
    };
    Some(Notice { text, undo: None })
}

/// The page.
pub(super) async fn page(
    app: &web::Data<App>,
    request: &HttpRequest,
    seat: &Seat,
    done: Option<&str>,
) -> Result<HttpResponse, Failed> {
    let found = find(app, seat).await?;
    let notice = done.and_then(|done| notice(done, &found.tenant.team.name, found.tenant.is_open()));
    let html = draw(app, request, seat, found, notice, None).await?;
    Ok(answer::page(html))
}

/// The page with what was typed, and what is wrong with it.
pub(super) async fn page_again(
    app: &web::Data<App>,
    request: &HttpRequest,
    seat: &Seat,
    typed: Typed,
    problem: SsoProblem,
) -> Result<HttpResponse, Failed> {
    let found = find(app, seat).await?;
    let html = draw(app, request, seat, found, None, Some((typed, problem))).await?;
    Ok(answer::page_with(StatusCode::UNPROCESSABLE_ENTITY, html))
}

/// What is being worked on.
pub(super) async fn version(app: &web::Data<App>, seat: &Seat) -> Result<Option<SettingsVersion>, Failed> {
    let (db, team) = (app.door.database.clone(), seat.team.clone());
    let found = storage::blocking(move || {
        db.read(|connection| match teams::find(connection, &team)? {
            Some(tenant) => versions::worked_on(connection, &tenant),
            None => Ok::<_, StorageError>(None),
        })
    });
    found.await.map_err(|error| database(app, &error))
}

/// Who sits there, as the record names them.
pub(super) async fn actor(app: &web::Data<App>, seat: &Seat) -> Result<Actor, Failed> {
    match &seat.who {
        Who::Admin(who) => Ok(Actor::Person(who.person.clone())),
        Who::Installer(token, _) => {
            let (owned, now, token) = (app.clone(), app.now(), token.clone());
            let link = storage::blocking(move || {
                owned.door.database.read(|connection| onboarding::find_link(connection, &token, now))
            });
            let (link, _) = link.await.map_err(|_gone| super::seat::link_gone(app))?;
            Ok(Actor::SetupLink(link.id))
        }
    }
}

/// The admin's own account.
pub(super) async fn me(app: &web::Data<App>, who: &SignedIn) -> Result<Person, Failed> {
    let (db, team, person) =
        (app.door.database.clone(), who.team.team.team_id.clone(), who.person.clone());
    let found = storage::blocking(move || db.read(|connection| people::find(connection, &team, &person)));
    found.await.map_err(|error| database(app, &error))?.ok_or_else(|| nothing_here(app))
}

async fn find(app: &web::Data<App>, seat: &Seat) -> Result<Found, Failed> {
    let (db, seat, since) = (app.door.database.clone(), seat.clone(), app.now().minus(RECENT));
    let found = storage::blocking(move || {
        db.read(|connection| {
            let team = &seat.team;
            let Some(tenant) = teams::find(connection, team)? else { return Ok(None) };
            let version = versions::worked_on(connection, &tenant)?;
            let rehearsal = signin::last_rehearsal(connection, team)?;
            let set_by = version.as_ref().and_then(|version| version.secret_set()?.1.map(str::to_owned));
            let actors = set_by.into_iter().chain(rehearsal.as_ref().map(|last| last.made_by.clone()));
            let (failed, me, admin_came) = match &seat.who {
                Who::Admin(who) => (
                    audit::refusals_of_team(connection, team, None, FAILED)?,
                    people::find(connection, team, &who.person)?,
                    roles::has_admin_since(connection, team, since)?,
                ),
                Who::Installer(..) => (Vec::new(), None, false),
            };
            Ok::<_, StorageError>(Some(Found {
                names: names(connection, team, actors)?,
                has_previous: versions::previous(connection, team)?.is_some(),
                checks: onboarding::last_checks(connection, team)?,
                tenant,
                version,
                rehearsal,
                failed,
                admin_came,
                me,
            }))
        })
    });
    found.await.map_err(|error| database(app, &error))?.ok_or_else(|| nothing_here(app))
}

/// What those are called whom the record names.
fn names(
    connection: &mut Connection,
    team: &TeamId,
    actors: impl Iterator<Item = String>,
) -> Result<HashMap<String, String>, StorageError> {
    let mut names = HashMap::new();
    for actor in actors {
        let name = match Actor::parse(&actor) {
            Actor::Person(id) => people::find(connection, team, &id)?
                .map_or_else(|| words::SOMEBODY_ERASED.to_owned(), |person| person.shown_name().to_owned()),
            Actor::SetupLink(_) => say::BY_SETUP_LINK.to_owned(),
            Actor::TeamToken(_)
            | Actor::Contact(_)
            | Actor::Operator(_)
            | Actor::IdentityProvider
            | Actor::CommandLine
            | Actor::Teamdoor => words::THE_OPERATOR.to_owned(),
        };
        names.insert(actor, name);
    }
    Ok(names)
}

async fn draw(
    app: &web::Data<App>,
    request: &HttpRequest,
    seat: &Seat,
    found: Found,
    notice: Option<Notice>,
    again: Option<(Typed, SsoProblem)>,
) -> Result<String, Failed> {
    let frame = match (&seat.who, &found.me) {
        (Who::Admin(who), Some(me)) => {
            SsoFrame::House(Box::new(house(app, request, who, me, Tab::Sso, notice).await?))
        }
        (Who::Admin(_), None) => return Err(nothing_here(app)),
        (Who::Installer(..), _) => SsoFrame::Setup(SetupFrame {
            team_id: seat.team.clone(),
            team_name: found.tenant.team.name.clone(),
            csrf: seat.csrf(app),
            notice,
        }),
    };
    // A test ends at an identity provider that this very form may name.
    headers::forms_may_end_at(request, &[]);
    let is_setup = matches!(seat.who, Who::Installer(..));
    let (typed, problem) = again.map_or((None, None), |(typed, problem)| (Some(typed), Some(problem)));
    let page = SsoSettings {
        frame,
        action_address: seat.address(),
        version: found.version.as_ref().map(SettingsVersion::key).unwrap_or_default(),
        standing: standing(&found),
        sso_required: found.tenant.team.sso_required,
        provider: provider(found.version.as_ref().and_then(|version| version.issuer.as_ref())),
        addresses: addresses(app, &found.tenant),
        values: values(&found, typed),
        problem,
        changes: changes(&found),
        checks: checks(&found),
        rehearsal: found.rehearsal.as_ref().map(|last| rehearsal(&found, last)),
        deeds: deeds(&found, is_setup),
        failed: (!is_setup).then(|| found.failed.iter().map(failed).collect()),
        now: app.now(),
    };
    Ok(page.render(&app.face))
}

/// Whose screens the page names: by the issuer's host; Okta where nothing is known yet.
pub(super) fn provider(issuer: Option<&Issuer>) -> Provider {
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

fn standing(found: &Found) -> SsoStanding {
    let tested = found.version.as_ref().is_some_and(|version| version.tested_at.is_some());
    match found.tenant.team.status {
        teams::Status::Suspended | teams::Status::Removed => SsoStanding::Suspended,
        teams::Status::Active if found.tenant.is_open() => SsoStanding::Open,
        teams::Status::Active if tested => SsoStanding::Tested,
        teams::Status::Active => SsoStanding::Draft,
    }
}

fn addresses(app: &App, tenant: &Tenant) -> SsoAddresses {
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

fn values(found: &Found, typed: Option<Typed>) -> SsoValues {
    let version = found.version.as_ref();
    let kept = Typed {
        issuer: version.and_then(|version| version.issuer.as_ref()).map(ToString::to_string).unwrap_or_default(),
        client_id: version
            .and_then(|version| version.client_id.as_ref())
            .map(ToString::to_string)
            .unwrap_or_default(),
    };
    let Typed { issuer, client_id } = typed.unwrap_or(kept);
    let secret = version.and_then(SettingsVersion::secret_set).and_then(|(at, by)| {
        Some(SecretSet { at: at?, by: by.and_then(|by| found.names.get(by)).cloned() })
    });
    SsoValues { issuer, client_id, secret, admin_email: found.tenant.team.admin_email.to_string() }
}

/// Where the pending version differs from the live one.
fn changes(found: &Found) -> Vec<SsoChange> {
    let pending = found.version.as_ref().filter(|version| !version.is_live);
    let (Some(pending), Some(live)) = (pending, &found.tenant.connection) else { return Vec::new() };
    let mut changes = Vec::new();
    let issuer = pending.issuer.as_ref().map(ToString::to_string);
    if issuer.as_deref() != Some(live.issuer.as_str()) {
        changes.push(SsoChange { field: SsoField::Issuer, live: Some(live.issuer.to_string()), pending: issuer });
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

fn checks(found: &Found) -> SsoChecks {
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
            offered: of_present && check.name == "issuer" && Issuer::parse(got).is_ok(),
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

fn rehearsal(found: &Found, last: &KeptRehearsal) -> Rehearsal {
    let made = &last.rehearsal;
    let email = made.claims.iter().find(|(name, _)| name == "email").map(|(_, value)| value.clone());
    let spent = found.tenant.team.promotion_spent_by.is_some();
    Rehearsal {
        passed: made.passed(),
        of_present: found.version.as_ref().is_some_and(|version| version.key() == last.settings),
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

fn deeds(found: &Found, is_setup: bool) -> SsoDeeds {
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
    SsoDeeds {
        test,
        enable,
        require: (!is_setup).then_some(require),
        rollback: (!is_setup).then_some(rollback),
    }
}

fn failed(kept: &Kept) -> FailedSignIn {
    FailedSignIn {
        reference: kept.reference.clone(),
        cause: words::traces::cause(&kept.cause, &kept.stage).message.to_owned(),
        at: kept.at(),
    }
}
