//! `/t/{team_id}/tokens`: the team's API tokens, and another one. The acts on one of them stand beside.

pub(crate) mod acts;
mod fresh;

use std::collections::HashMap;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use pages::words::tokens as say;
use pages::{FieldProblem, Notice, Pager, Tab, TokenForm, TokenRow, TokenStanding, Tokens};
use people::Person;
use sessions::SignedIn;
use storage::{StorageError, Tx};
use tokens::Scope;
use tokens::team::{By, NewToken, Seen, State, TeamToken, TeamTokenError};
use vocabulary::{Chance, PersonId, TeamId, Timestamp};

use crate::answer;
use crate::app::App;
use crate::csrf;
use crate::failed::{self, Failed, database, not_found};
use crate::request::{Form, first, query};
use crate::team::change::invalid;
use crate::team::house::house;
use crate::visitor::{Visitor, visitor};

/// How many rows a page has.
const ROWS: usize = 25;

/// What the page shows, as the database has it.
struct Found {
    me: Person,
    tokens: Vec<TeamToken>,
    names: HashMap<PersonId, String>,
}

pub(crate) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failed> {
    let who = match visitor(&app, &request, &path).await? {
        Visitor::SignedIn(who) => who,
        Visitor::Nobody(answer) => return Ok(answer),
    };
    let query = query(&request);
    let found = find(&app, &who).await?;
    let done = first(&query, "done").unwrap_or_default();
    let about = first(&query, "token").and_then(|id| found.tokens.iter().find(|token| token.id == id));
    let fresh = match about.filter(|_| ["made", "rotated"].contains(&done)) {
        Some(token) => fresh::take(&app, &request, &who, token).await?,
        None => None,
    };
    let notice = notice(done, about, fresh.is_some());
    let mut page = page(&app, &request, &who, &found, first(&query, "after"), notice).await?;
    let used_up = fresh.as_ref().and(about).map(|token| fresh::gone(&app, token));
    page.fresh = fresh;
    let mut response = answer::page(page.render(&app.face));
    if let Some(cookie) = used_up.and_then(|cookie| header::HeaderValue::try_from(cookie).ok()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Makes one. Its value travels sealed to the page that shows it.
pub(crate) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    path: web::Path<String>,
    form: Form,
) -> Result<HttpResponse, Failed> {
    let who = asked(&app, &request, &path, &form).await?;
    let typed = typed(&app, &form)?;
    let new = NewToken {
        name: typed.name.clone(),
        scope: Scope::parse(&typed.scope).ok_or_else(|| invalid(&app))?,
        expires_at: ends(app.now(), &typed.lasts),
    };
    let made = change(&app, &who, move |tx, chance, team, by| tokens::team::make(tx, chance, team, by, &new));
    match made.await {
        Ok(made) => Ok(fresh::send(&app, &who, &made, "made")),
        Err(TeamTokenError::Name) => misnamed(&app, &request, &who, typed).await,
        Err(error) => Err(failed::token(&app, &who.team.team.team_id, &error)),
    }
}

/// Changes the team's tokens as whoever is asking, decided inside the transaction that does it.
async fn change<T: Send + 'static>(
    app: &App,
    who: &SignedIn,
    deed: impl FnOnce(&mut Tx<'_>, &dyn Chance, &TeamId, By<'_>) -> Result<T, TeamTokenError> + Send + 'static,
) -> Result<T, TeamTokenError> {
    let (deps, now) = (app.door.clone(), app.now());
    let (team, person) = (who.team.team.team_id.clone(), who.person.clone());
    storage::blocking(move || {
        deps.database.write(now, |tx| deed(tx, &*deps.chance, &team, By::Person(&person)))
    })
    .await
}

/// Somebody signed in, who sent a form from one of our own pages.
async fn asked(app: &App, request: &HttpRequest, team: &str, form: &Form) -> Result<SignedIn, Failed> {
    match visitor(app, request, team).await? {
        Visitor::SignedIn(who) => {
            csrf::check(app, request, &who, form)?;
            Ok(who)
        }
        Visitor::Nobody(_) => Err(not_found(app)),
    }
}

/// What the form says; a choice that it does not offer is no form of ours.
fn typed(app: &App, form: &Form) -> Result<TokenForm, Failed> {
    let lasts = form.first("lasts").unwrap_or_default();
    if !say::LASTS.iter().any(|(days, _)| *days == lasts) {
        return Err(invalid(app));
    }
    Ok(TokenForm {
        name: form.first("name").unwrap_or_default().trim().chars().take(100).collect(),
        scope: form.first("scope").unwrap_or(Scope::Product.as_str()).to_owned(),
        lasts: lasts.to_owned(),
        ..TokenForm::default()
    })
}

fn ends(now: Timestamp, days: &str) -> Option<Timestamp> {
    let days: u64 = days.parse().ok()?;
    Some(now.plus(std::time::Duration::from_hours(24 * days)))
}

/// The page again, with what is wrong beside the field.
async fn misnamed(
    app: &web::Data<App>,
    request: &HttpRequest,
    who: &SignedIn,
    typed: TokenForm,
) -> Result<HttpResponse, Failed> {
    let found = find(app, who).await?;
    let mut page = page(app, request, who, &found, None, None).await?;
    let problem =
        FieldProblem { text: say::NAME_INVALID.to_owned(), code: "name_invalid", reference: app.reference() };
    page.form = TokenForm { scopes: page.form.scopes, problem: Some(problem), ..typed };
    let mut response = answer::page(page.render(&app.face));
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

async fn find(app: &web::Data<App>, who: &SignedIn) -> Result<Found, Failed> {
    let (db, team, now) = (app.door.database.clone(), who.team.team.team_id.clone(), app.now());
    let (me, seen) = (who.person.clone(), Seen::by(who.role));
    let found = storage::blocking(move || {
        db.read(|connection| {
            let tokens = tokens::team::list(connection, &team, seen, now)?;
            let makers: Vec<PersonId> = tokens.iter().filter_map(|token| token.maker.clone()).collect();
            let names = roles::names(connection, &team, &makers)?;
            let me = people::find(connection, &team, &me)?;
            Ok::<_, StorageError>(me.map(|me| Found { me, tokens, names }))
        })
    });
    found.await.map_err(|error| database(app, &error))?.ok_or_else(|| not_found(app))
}

/// The page with the rows after `after`, or the first ones.
async fn page(
    app: &web::Data<App>,
    request: &HttpRequest,
    who: &SignedIn,
    found: &Found,
    after: Option<&str>,
    notice: Option<Notice>,
) -> Result<Tokens, Failed> {
    let here = format!("/t/{}/tokens", who.team.team.team_id);
    let begin = after.and_then(|id| found.tokens.iter().position(|token| token.id == id));
    let begin = begin.map_or(0, |place| place.saturating_add(1));
    let rows = found.tokens.iter().skip(begin).take(ROWS);
    let more = found.tokens.len() > begin.saturating_add(ROWS);
    let last = rows.clone().next_back().filter(|_| more);
    let scopes = Scope::ALL.into_iter().filter(|scope| Seen::by(who.role).has(*scope));
    Ok(Tokens {
        house: house(app, request, who, &found.me, Tab::Tokens, notice).await?,
        tokens: rows.map(|token| row(token, &found.names)).collect(),
        pager: Pager {
            previous: (begin > 0).then(|| here.clone()),
            next: last.map(|last| format!("{here}?after={}", last.id)),
        },
        fresh: None,
        form: TokenForm {
            scopes: scopes.map(Scope::as_str).collect(),
            scope: Scope::Product.as_str().to_owned(),
            lasts: say::LASTS.first().map_or("", |(days, _)| *days).to_owned(),
            ..TokenForm::default()
        },
        whoami_address: app.door.address("/api/v1/whoami"),
        now: app.now(),
    })
}

fn row(token: &TeamToken, names: &HashMap<PersonId, String>) -> TokenRow {
    let name = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| say::SOMEBODY_ERASED.to_owned());
    TokenRow {
        id: token.id.clone(),
        name: token.name.clone(),
        scope: token.scope.as_str(),
        standing: match token.state {
            State::Live => TokenStanding::Live,
            State::Expired => TokenStanding::Expired,
            State::MakerNotAdmin => TokenStanding::Stopped,
        },
        made_at: token.made_at,
        maker: token.maker.as_ref().map_or_else(|| say::THE_OPERATOR.to_owned(), name),
        maker_left: token.maker_left,
        last_used: token.last_used_at,
        ends: token.expires_at,
    }
}

/// What was done a moment ago, told from how things stand now; a value that is shown speaks for itself.
fn notice(done: &str, about: Option<&TeamToken>, is_shown: bool) -> Option<Notice> {
    let text = match (done, about, is_shown) {
        ("rotated", Some(token), true) => say::now_rotated(&token.name),
        ("made" | "rotated", Some(token), false) => say::shown_before(&token.name),
        ("revoked", None, _) => say::NOW_REVOKED.to_owned(),
        _ => return None,
    };
    Some(Notice { text, undo: None })
}
