//! What the buttons of a team's page do: each by the function that API and command line call. What is refused says why,
//! with the API's code.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use onboarding::{Hand, Policy, SettingsError, glass};
use pages::words::console::team as say;
use pages::words::{request as of_request, sso as of_sso};
use pages::{Compared, Finding, FindingState, Once, ShownOnce, TeamField, TeamFields, TeamProblem};
use pages::{ConsoleTab, DangerousDeed};
use roles::{Authority, Clerk};
use storage::Tx;
use teams::{Edit, TeamError, Tenant};
use upstream::Check;
use vocabulary::{Email, PersonId, TeamId, Timestamp};

use super::desk::{Desk, asked};
use super::sure;
use super::team::{More, address, find, sheet, team_in, unknown};
use crate::answer::{self, see_other};
use crate::api::connection::client_credentials;
use crate::api::etag::IfMatch;
use crate::api::problem::{Fault, told};
use crate::api::team::edit_team;
use crate::app::App;
use crate::failed::{Failed, database, failed_with};
use crate::request::Form;
use crate::team::change::invalid;

/// How much of what was typed comes back, in characters.
const KEPT: usize = 300;

/// An operator before the page of a team, whose form was of this very session.
pub(super) struct Seat<'a> {
    pub(super) app: &'a web::Data<App>,
    pub(super) desk: Desk,
    pub(super) team: TeamId,
}

pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
    form: Form,
) -> Result<HttpResponse, Failed> {
    let desk = asked(&app, &request, &form).await?;
    let seat = Seat { app: &app, desk, team: team_in(&app, &path)? };
    match form.first("action") {
        Some("edit") => edit(&seat, &form).await,
        Some("check") => check(&seat, Probe::No).await,
        Some("probe") => check(&seat, Probe::Yes).await,
        Some("setup_link") => setup_link(&seat, &form).await,
        Some("revoke_link") => {
            let team = seat.team.clone();
            let revoked = seat.desk.act(seat.app, move |tx, operator, _, _| {
                Ok::<_, Fault>(onboarding::revoke_links(tx, operator, &team)?)
            });
            seat.ended(revoked.await?, "revoked")
        }
        Some("enable") => {
            let seen = seen(&form);
            let done = seat.settings(move |tx, clerk, hand, team| {
                onboarding::enable(tx, clerk, hand, team, seen.as_deref())
            });
            done.await.map(|()| seat.back("live"))
        }
        Some("rollback") => {
            let seen = seen(&form);
            let done = seat.settings(move |tx, clerk, hand, team| {
                onboarding::roll_back(tx, clerk, hand, team, seen.as_deref())
            });
            done.await.map(|()| seat.back("back"))
        }
        Some("require") => policy(&seat, Policy::Required, "required").await,
        Some("relax") => policy(&seat, Policy::Relaxed, "relaxed").await,
        Some("break_glass") => break_glass(&seat, &form).await,
        Some("revoke_glass") => {
            let team = seat.team.clone();
            let revoked = seat.desk.act(seat.app, move |tx, operator, _, _| {
                Ok::<_, Fault>(glass::revoke(tx, operator, &team, None)?)
            });
            seat.ended(revoked.await?, "glass_revoked")
        }
        Some("resume") => {
            let team = seat.team.clone();
            let resumed = seat.desk.act(seat.app, move |tx, operator, _, _| {
                Ok::<_, Fault>(onboarding::resume(tx, operator, &team)?)
            });
            seat.ended(resumed.await?, "resumed")
        }
        Some("suspend") => sure::ask(&seat, DangerousDeed::Suspend, form.first("typed")).await,
        Some("remove") => sure::ask(&seat, DangerousDeed::Remove, form.first("typed")).await,
        Some(_) | None => Err(invalid(&app)),
    }
}

impl Seat<'_> {
    /// Does something to the team's settings with an operator's hand.
    async fn settings(
        &self,
        deed: impl FnOnce(&mut Tx<'_>, Clerk<'_>, Hand<'_, '_>, &TeamId) -> Result<Tenant, SettingsError>
        + Send
        + 'static,
    ) -> Result<(), Failed> {
        let team = self.team.clone();
        let done = self.desk.act(self.app, move |tx, operator, _, clerk| {
            let hand = Hand::Authority(Authority::Operator(operator));
            Ok::<_, Fault>(deed(tx, clerk, hand, &team)?)
        });
        done.await?.map(|_tenant| ()).map_err(|fault| self.refused(&fault))
    }

    /// To the page again, with a sentence that says what was done.
    pub(super) fn back(&self, done: &str) -> HttpResponse {
        see_other(&format!("{}?done={done}", address(&self.team)))
    }

    /// What an act is answered with.
    pub(super) fn ended<T>(&self, outcome: Result<T, Fault>, done: &str) -> Result<HttpResponse, Failed> {
        outcome.map(|_| self.back(done)).map_err(|fault| self.refused(&fault))
    }

    /// A refusal, with the API's code.
    pub(super) fn refused(&self, fault: &Fault) -> Failed {
        let (status, code) = told(fault);
        if status.is_server_error() {
            return database(self.app, fault);
        }
        if code == "team_unknown" {
            return unknown(self.app, self.team.as_str());
        }
        // What a form has seen is not named by a header here.
        let status = if status == StatusCode::PRECONDITION_FAILED { StatusCode::CONFLICT } else { status };
        failed_with(self.app, status, code, say::refused(code), (say::BACK_TO_TEAM, address(&self.team)))
    }

    /// A page with a secret that stands nowhere else.
    fn shown_once(&self, name: Option<String>, what: Once, expires_at: Timestamp) -> HttpResponse {
        let page = ShownOnce {
            console: self.desk.console(self.app, ConsoleTab::Teams, None),
            team_id: self.team.clone(),
            team_name: name.unwrap_or_else(|| self.team.to_string()),
            what,
            expires_at,
            now: self.app.now(),
        };
        answer::page(page.render(&self.app.face))
    }

    /// The page again, with what was typed and what is wrong with it.
    async fn again(&self, typed: TeamFields, wrong: Wrong) -> Result<HttpResponse, Failed> {
        let Wrong { code, field, text } = wrong;
        let reference = self.app.reference();
        tracing::info!(%reference, code, "a change of a team was refused");
        let found = find(self.app, &self.team).await?;
        let problem = TeamProblem { code, reference, field, text: text.to_owned() };
        let more = More { again: Some((typed, problem)), ..More::default() };
        let page = sheet(self.app, &self.desk, &found, more);
        Ok(answer::page_with(StatusCode::UNPROCESSABLE_ENTITY, page))
    }
}

/// What is wrong with a field.
struct Wrong {
    code: &'static str,
    field: TeamField,
    text: &'static str,
}

async fn policy(seat: &Seat<'_>, policy: Policy, word: &str) -> Result<HttpResponse, Failed> {
    let done =
        seat.settings(move |tx, clerk, hand, team| onboarding::set_policy(tx, clerk, hand, team, policy));
    done.await.map(|()| seat.back(word))
}

/// Gives the team another name or admin email.
async fn edit(seat: &Seat<'_>, form: &Form) -> Result<HttpResponse, Failed> {
    let typed = typed(form);
    let name = typed.name.trim().to_owned();
    let Ok(email) = Email::parse(typed.admin_email.trim()) else {
        let field = TeamField::AdminEmail;
        return seat.again(typed, Wrong { code: "form_invalid", field, text: of_request::EMAIL_WRONG }).await;
    };
    let seen = IfMatch::Tags(form.first("tag").map(str::to_owned).into_iter().collect());
    let (owned, team) = (seat.app.clone(), seat.team.clone());
    let saved = seat.desk.act(seat.app, move |tx, operator, _, _| {
        let mut known = false;
        let is_new = |before: &Tenant| email != before.team.admin_email;
        if teams::find(tx, &team)?.is_some_and(|before| is_new(&before)) {
            known = !people::with_email(tx, &team, &email)?.is_empty();
        }
        edit_team(tx, &owned, operator, &team, &seen, |before| {
            // What is so already is no change: the same admin email again would promote once more.
            let admin_email = Some(email.clone()).filter(|_| is_new(before));
            let name = Some(name).filter(|name| *name != before.team.name);
            Ok(Edit { name, admin_email, ..Edit::default() })
        })?;
        Ok::<_, Fault>(known)
    });
    match saved.await? {
        Ok(known) => Ok(seat.back(if known { "known" } else { "saved" })),
        Err(fault) => match of_field(&fault) {
            Some(wrong) => seat.again(typed, wrong).await,
            None => Err(seat.refused(&fault)),
        },
    }
}

/// What the registry says of a field.
fn of_field(fault: &Fault) -> Option<Wrong> {
    let Fault::Team(error) = fault else { return None };
    let (code, field, text) = match error {
        TeamError::Name => ("name_invalid", TeamField::Name, say::NAME_WRONG),
        TeamError::AdminOutsideDomains(_) => {
            ("admin_email_outside_domains", TeamField::AdminEmail, say::ADMIN_OUTSIDE_DOMAINS)
        }
        TeamError::Exists(_)
        | TeamError::UsedBefore(_)
        | TeamError::Reserved(_)
        | TeamError::Unknown(_)
        | TeamError::CallbackPathTaken(_)
        | TeamError::ConnectionMissing
        | TeamError::NotTested
        | TeamError::NoSuchVersion
        | TeamError::SharedIssuer(_)
        | TeamError::SecretNeeded
        | TeamError::SecretNeededAgain
        | TeamError::SecretExpiry
        | TeamError::SecretIsCurrent
        | TeamError::NoNextSecret
        | TeamError::NextNotTested
        | TeamError::SecretIsClientId
        | TeamError::PlainHttp(_)
        | TeamError::PostLogoutRedirectUri
        | TeamError::Storage(_) => return None,
    };
    Some(Wrong { code, field, text })
}

/// Makes a setup link, which stands in this answer alone.
async fn setup_link(seat: &Seat<'_>, form: &Form) -> Result<HttpResponse, Failed> {
    let said = form.first("link_to").map(str::trim).filter(|text| !text.is_empty());
    let Ok(email) = said.map(Email::parse).transpose() else {
        let found = find(seat.app, &seat.team).await?;
        let team = &found.tenant.team;
        let typed =
            TeamFields { name: team.name.clone(), admin_email: team.admin_email.to_string(), ..typed(form) };
        let field = TeamField::LinkTo;
        return seat.again(typed, Wrong { code: "form_invalid", field, text: of_request::EMAIL_WRONG }).await;
    };
    let (team, recipient) = (seat.team.clone(), email.clone());
    let made = seat.desk.act(seat.app, move |tx, operator, _, clerk| {
        let made = onboarding::make_link(tx, clerk, operator, &team, recipient.as_ref())?;
        let name = teams::find(tx, &team)?.map(|tenant| tenant.team.name);
        Ok::<_, Fault>((made, name))
    });
    let (made, name) = made.await?.map_err(|fault| seat.refused(&fault))?;
    let link = seat.app.door.address(&onboarding::setup_path(&made.token));
    let what = Once::SetupLink { link, sent_to: email.map(|email| email.to_string()) };
    Ok(seat.shown_once(name, what, made.link.expires_at))
}

/// Lets one admin come to the settings; the code stands in this answer alone.
async fn break_glass(seat: &Seat<'_>, form: &Form) -> Result<HttpResponse, Failed> {
    let person = form.first("person").and_then(PersonId::parse).ok_or_else(|| invalid(seat.app))?;
    let (owned, team) = (seat.app.clone(), seat.team.clone());
    let made = seat.desk.act(seat.app, move |tx, operator, _, clerk| {
        let made = glass::make(tx, &owned.door.keys, clerk, operator, &team, &person)?;
        let name = teams::find(tx, &team)?.map(|tenant| tenant.team.name);
        Ok::<_, Fault>((made, name))
    });
    let (made, name) = made.await?.map_err(|fault| seat.refused(&fault))?;
    let what = Once::BreakGlass { code: made.code.reveal(), sent_to: made.to.to_string() };
    Ok(seat.shown_once(name, what, made.expires_at))
}

/// Whether client id and secret are tried too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Probe {
    Yes,
    No,
}

/// Asks the team's provider, and shows what it says.
async fn check(seat: &Seat<'_>, probe: Probe) -> Result<HttpResponse, Failed> {
    let (app, found) = (seat.app, find(seat.app, &seat.team).await?);
    let Some(team) = found.asked_about() else {
        return Err(seat.refused(&TeamError::ConnectionMissing.into()));
    };
    if probe == Probe::Yes {
        app.probes
            .take(&seat.team, app.now())
            .map_err(|wait| seat.refused(&Fault::TooMany(wait)).retry_after(Some(wait)))?;
    }
    let party = app.door.party(&team);
    let mut checks = app.door.upstream.check(&party).await;
    if probe == Probe::Yes {
        checks.push(client_credentials(app, &team, &party).await);
    }
    let more = More { checks: checks.iter().map(finding).collect(), ..More::default() };
    Ok(answer::page(sheet(app, &seat.desk, &found, more)))
}

fn finding(check: &Check) -> Finding {
    Finding {
        state: if check.ok { FindingState::Passed } else { FindingState::Failed },
        title: of_sso::check_title(check.name).to_owned(),
        message: Some(check.message.clone()),
        remedy: check.remedy.clone(),
        compared: check.difference().map(|parts| Compared {
            before: parts.before.to_owned(),
            entered: parts.expected.to_owned(),
            said: parts.got.to_owned(),
            after: parts.after.to_owned(),
            offered: false,
        }),
    }
}

/// The settings that whoever sends a form has seen, if it says so.
fn seen(form: &Form) -> Option<String> {
    form.first("version").filter(|text| !text.is_empty()).map(str::to_owned)
}

fn typed(form: &Form) -> TeamFields {
    let text = |name: &str| form.first(name).unwrap_or_default().chars().take(KEPT).collect();
    TeamFields { name: text("name"), admin_email: text("admin_email"), link_to: text("link_to") }
}
