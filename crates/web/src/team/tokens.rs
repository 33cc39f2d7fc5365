//! `/t/{team_id}/tokens`: the team's API tokens, and another one. The acts on one of them stand beside.

pub(crate) mod acts;
pub(crate) mod choice;
mod fresh;
pub(crate) mod reveal;

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pages::words::tokens as say;
use pages::{
    FieldProblem, Notice, Pager, Tab, TokenForm, TokenOwner, TokenRow, TokenRules, TokenStanding, Tokens,
};
use people::Person;
use sessions::SignedIn;
use storage::{StorageError, Tx};
use teams::TokenOwners;
use tokens::Scope;
use tokens::team::{By, Mint, NewToken, Page, Seen, Somebody, State, TeamToken, TeamTokenError};
use vocabulary::{PersonId, Role, TeamId, Timestamp};

use crate::answer::{self, with_cookies};
use crate::app::App;
use crate::csrf;
use crate::failed::{self, Failed, database, not_found};
use crate::request::{Form, first, query};
use crate::team::change::invalid;
use crate::team::house::house;
use crate::visitor::{Visitor, visitor};

/// How many rows a page has.
const ROWS: i64 = 20;

/// What the page shows, as the database has it.
struct Found {
    me: Person,
    /// A page of tokens, and one more if there are more.
    tokens: Vec<TeamToken>,
    /// The token that something was done to a moment ago.
    about: Option<TeamToken>,
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
    let after = first(&query, "after");
    let found = find(&app, &who, after, first(&query, "token")).await?;
    let done = first(&query, "done").unwrap_or_default();
    let about = found.about.as_ref();
    let fresh = match about.filter(|_| ["made", "rotated"].contains(&done)) {
        Some(token) => fresh::take(&app, &request, &who, token).await?,
        None => None,
    };
    let notice = notice(done, about, fresh.is_some());
    let mut page = page(&app, &request, &who, &found, after, notice).await?;
    let used_up = fresh.as_ref().and(about).map(|token| fresh::gone(&app, token));
    page.fresh = fresh;
    let mut response = answer::page(page.render(&app.face));
    with_cookies(&mut response, used_up);
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
    let made = change(&app, &who, move |tx, mint, team, by| {
        tokens::team::make(tx, mint, team, By::Person(by), &new)
    });
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
    deed: impl FnOnce(&mut Tx<'_>, Mint<'_>, &TeamId, Somebody<'_>) -> Result<T, TeamTokenError> + Send + 'static,
) -> Result<T, TeamTokenError> {
    let (deps, limits, now) = (app.door.clone(), app.tokens.limits(), app.now());
    let (team, person, session) = (who.team.team.team_id.clone(), who.person.clone(), who.hash.clone());
    storage::blocking(move || {
        let mint = Mint { keys: &deps.keys, chance: &*deps.chance, limits };
        let by = Somebody { person: &person, session: &session };
        deps.database.write(now, |tx| deed(tx, mint, &team, by))
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
    let found = find(app, who, None, None).await?;
    let mut page = page(app, request, who, &found, None, None).await?;
    let problem =
        FieldProblem { text: say::NAME_INVALID.to_owned(), code: "name_invalid", reference: app.reference() };
    page.form = TokenForm { scopes: page.form.scopes, problem: Some(problem), ..typed };
    let mut response = answer::page(page.render(&app.face));
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

/// The tokens after `after`, or the first ones, and the one called `about`.
async fn find(
    app: &web::Data<App>,
    who: &SignedIn,
    after: Option<&str>,
    about: Option<&str>,
) -> Result<Found, Failed> {
    let (db, team, now) = (app.door.database.clone(), who.team.team.team_id.clone(), app.now());
    let (me, seen, limits) = (who.person.clone(), Seen::by(&who.person, who.role), app.tokens.limits());
    let (after, about) = (after.map(str::to_owned), about.map(str::to_owned));
    let found = storage::blocking(move || {
        db.read(|connection| {
            let page = Page { after: after.as_deref(), limit: ROWS + 1 };
            let tokens = tokens::team::list(connection, &team, &seen, page, limits, now)?;
            let about = match &about {
                Some(id) => tokens::team::find(connection, &team, &seen, id, limits, now)?,
                None => None,
            };
            let makers: Vec<PersonId> = tokens.iter().filter_map(|token| token.maker.clone()).collect();
            let names = roles::names(connection, &team, &makers)?;
            let me = people::find(connection, &team, &me)?;
            Ok::<_, StorageError>(me.map(|me| Found { me, tokens, about, names }))
        })
    });
    found.await.map_err(|error| database(app, &error))?.ok_or_else(|| not_found(app))
}

/// The page with what was found after `after`.
async fn page(
    app: &web::Data<App>,
    request: &HttpRequest,
    who: &SignedIn,
    found: &Found,
    after: Option<&str>,
    notice: Option<Notice>,
) -> Result<Tokens, Failed> {
    let team = &who.team.team;
    let here = format!("/t/{}/tokens", team.team_id);
    let most = usize::try_from(ROWS).unwrap_or(usize::MAX);
    let rows = found.tokens.iter().take(most);
    let last = rows.clone().next_back().filter(|_| found.tokens.len() > most);
    let is_admin = who.role == Role::Admin;
    let scopes = Scope::ALL.into_iter().filter(|scope| is_admin || !scope.is_for_admins());
    Ok(Tokens {
        house: house(app, request, who, &found.me, Tab::Tokens, notice).await?,
        tokens: rows.map(|token| row(token, who, &found.names)).collect(),
        pager: Pager {
            previous: after.map(|_| here.clone()),
            next: last.map(|last| format!("{here}?after={}", last.id)),
        },
        fresh: None,
        form: TokenForm {
            scopes: scopes.map(Scope::as_str).collect(),
            scope: Scope::Product.as_str().to_owned(),
            lasts: say::LASTS.first().map_or("", |(days, _)| *days).to_owned(),
            ..TokenForm::default()
        },
        rules: TokenRules {
            personal: team.tokens == TokenOwners::Personal,
            reveal: team.tokens_reveal,
            away_after: app.tokens.limits().personal_max_auth_age,
        },
        whoami_address: app.door.address("/api/v1/whoami"),
        now: app.now(),
    })
}

fn row(token: &TeamToken, who: &SignedIn, names: &HashMap<PersonId, String>) -> TokenRow {
    let name = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| say::SOMEBODY_ERASED.to_owned());
    let owner = match (token.personal, token.maker.as_ref() == Some(&who.person)) {
        (false, _) => TokenOwner::Team,
        (true, true) => TokenOwner::Reader,
        (true, false) => TokenOwner::Other,
    };
    TokenRow {
        id: token.id.clone(),
        name: token.name.clone(),
        scope: token.scope.as_str(),
        owner,
        standing: match token.state {
            State::Live => TokenStanding::Live,
            State::Expired => TokenStanding::Expired,
            State::MakerNotAdmin => TokenStanding::Stopped,
            State::MakerAway => TokenStanding::Away,
        },
        made_at: token.made_at,
        maker: token.maker.as_ref().map_or_else(|| say::THE_OPERATOR.to_owned(), name),
        maker_left: token.maker_left,
        last_used: token.last_used_at,
        ends: token.expires_at,
        may_reveal: token.kept && token.state != State::Expired,
    }
}

/// What was done a moment ago, told from how things stand now; a value that is shown speaks for itself.
fn notice(done: &str, about: Option<&TeamToken>, is_shown: bool) -> Option<Notice> {
    let text = match (done, about, is_shown) {
        ("rotated", Some(token), true) => say::now_rotated(&token.name),
        ("made" | "rotated", Some(token), false) if token.kept => say::shown_before_and_kept(&token.name),
        ("made" | "rotated", Some(token), false) => say::shown_before(&token.name),
        ("revoked", None, _) => say::NOW_REVOKED.to_owned(),
        ("chosen", _, _) => say::NOW_CHOSEN.to_owned(),
        _ => return None,
    };
    Some(Notice { text, undo: None })
}
