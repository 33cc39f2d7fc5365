//! What every page of a team shows around its content.

use actix_web::HttpRequest;
use pages::{House, Notice, SignOutAtIdp, SwitcherTeam, Tab};
use people::Person;
use sessions::SignedIn;
use signout::Offer;
use vocabulary::Role;

use crate::app::App;
use crate::cookies::Jar;
use crate::csrf;
use crate::failed::Failed;
use crate::headers;
use crate::idp;
use crate::team::apps::billing;
use crate::visitor::sessions_of;

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
    let switcher = sessions_of(app, &jar, &jar.teams()).await?.into_iter().map(|there| SwitcherTeam {
        current: there.team.team.team_id == here.team_id,
        team_id: there.team.team.team_id.clone(),
        name: there.team.team.name.clone(),
    });
    let offer = signout::offer(&app.door, &who.team, who.role);
    if offer.is_some() {
        headers::forms_may_end_at_idp(app, request, &who.team);
    }
    Ok(House {
        team_id: here.team_id.clone(),
        team_name: here.name.clone(),
        person_name: me.shown_name().to_owned(),
        csrf: csrf::token(app, who),
        switcher: switcher.collect(),
        has_billing: who.role == Role::Admin && billing::of_team(app, &here.team_id).await?.is_some(),
        has_sso_settings: who.role == Role::Admin,
        sign_out_at_idp: offer.map(|offer| match offer {
            Offer::Works => SignOutAtIdp::Works(idp::name(&who.team)),
            Offer::Try => SignOutAtIdp::Try(idp::name(&who.team)),
        }),
        active,
        notice,
    })
}
