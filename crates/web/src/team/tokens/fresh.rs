//! The value of a token on its way from the form that made it to the one page that shows it: sealed, in a cookie
//! that opens for this session and this value alone, for a minute, once. Nothing of it stands in an address, and a
//! copy of the cookie shows nothing again: the database remembers that it was shown.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use pages::{FreshToken, ValueShown};
use sealing::{Label, Purpose};
use sessions::SignedIn;
use tokens::team::{Made, TeamToken};

use crate::answer::see_other_with;
use crate::app::App;
use crate::cookies::{self, Jar};
use crate::failed::{Failed, database};
use crate::request::is_navigation;

/// For how long a value may be under way.
const UNDER_WAY: Duration = Duration::from_mins(1);

/// Back to the list, with the value sealed in a cookie.
pub(super) fn send(app: &App, who: &SignedIn, made: &Made, done: &str) -> HttpResponse {
    let (team, id) = (&who.team.team.team_id, &made.token.id);
    let context = context(who, &made.token);
    let label = Label { purpose: Purpose::FreshToken, context: &context };
    let sealed = app.door.keys.seal(&*app.door.chance, &label, made.value.reveal().as_bytes());
    let cookie = cookies::fresh_token(app, id, sealed, UNDER_WAY);
    see_other_with(&format!("/t/{team}/tokens?done={done}&token={id}"), vec![cookie])
}

/// The value that came with the request, if it was not shown before. A prefetch or a HEAD does not use it up.
pub(super) async fn take(
    app: &web::Data<App>,
    request: &HttpRequest,
    who: &SignedIn,
    token: &TeamToken,
) -> Result<Option<FreshToken>, Failed> {
    let context = context(who, token);
    let label = Label { purpose: Purpose::FreshToken, context: &context };
    let sealed = Jar::of(app, request).fresh_token(&token.id);
    let opened = sealed.and_then(|sealed| app.door.keys.open(&label, sealed).ok());
    let is_late = app.now().since(token.made_at) > UNDER_WAY;
    let Some(opened) = opened.filter(|_| is_navigation(request) && !is_late) else {
        return Ok(None);
    };
    let (db, now) = (app.door.database.clone(), app.now());
    let (team, id, version) = (who.team.team.team_id.clone(), token.id.clone(), token.version);
    let first =
        storage::blocking(move || db.write(now, |tx| tokens::team::may_show(tx, &team, &id, version)));
    let is_first = first.await.map_err(|error| database(app, &error))?;
    let value = std::str::from_utf8(&opened).ok().filter(|_| is_first).map(str::to_owned);
    let shown = if token.kept { ValueShown::Kept } else { ValueShown::Once };
    Ok(value.map(|value| FreshToken { name: token.name.clone(), value, shown }))
}

/// The `Set-Cookie` value that takes it away.
pub(super) fn gone(app: &App, token: &TeamToken) -> String {
    cookies::fresh_token(app, &token.id, String::new(), Duration::ZERO)
}

/// Whose value, of which token: what is under way opens for nothing else.
fn context(who: &SignedIn, token: &TeamToken) -> String {
    format!("{}.{}.{}", who.hash.as_str(), token.id, token.version)
}
