//! What every page of a team shows around its content.

use actix_web::HttpRequest;
use pages::{House, Notice, SwitcherTeam, Tab};
use people::Person;
use sessions::SignedIn;

use crate::app::App;
use crate::cookies::Jar;
use crate::csrf;
use crate::failed::{Failed, database};

/// The frame of a page for somebody signed in: the switcher shows the teams open in this browser.
pub(crate) async fn house(
    app: &App,
    request: &HttpRequest,
    who: &SignedIn,
    me: &Person,
    active: Tab,
    notice: Option<Notice>,
) -> Result<House, Failed> {
    let here = &who.team.team;
    let jar = Jar::of(app, request);
    let mut switcher = Vec::new();
    for team_id in jar.teams() {
        let Some(token) = jar.session(&team_id) else {
            continue;
        };
        let there = app
            .door
            .sessions
            .recognise(&team_id, token, app.now())
            .await
            .map_err(|error| database(app, &error))?;
        switcher.extend(there.map(|there| SwitcherTeam {
            current: team_id == here.team_id,
            name: there.team.team.name.clone(),
            team_id,
        }));
    }
    Ok(House {
        team_id: here.team_id.clone(),
        team_name: here.name.clone(),
        person_name: me.shown_name().to_owned(),
        csrf: csrf::token(app, who),
        switcher,
        active,
        notice,
    })
}
