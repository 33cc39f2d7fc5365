//! Beginning a sign-in: no row is written, and once warm nobody is asked.

use health::Event;
use people::CameBy;
use teams::{OpenTeam, TeamAndConnection};
use upstream::{Hints, Proofs};
use vocabulary::ReturnTo;

use crate::attempt::{Attempt, AttemptCookie};
use crate::deps::Deps;
use crate::refused::SignInError;
use crate::state::State;

/// How somebody wants to sign in.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Where they are going.
    pub return_to: Option<ReturnTo>,
    /// What the identity provider is told.
    pub hints: Hints,
    /// By Team ID or tile.
    pub came_by: CameBy,
}

/// A sign-in that has begun: the cookie goes to the browser, the browser to the address.
#[derive(Clone, Debug)]
pub struct Begun {
    /// The authorization request.
    pub location: String,
    /// The attempt.
    pub cookie: AttemptCookie,
}

/// What an attempt is for.
pub(crate) enum Journey<'a> {
    /// Somebody comes in.
    SignIn(&'a Wish),
    /// Somebody tries whether people could.
    Rehearsal(Rehearsing<'a>),
}

/// Whose rehearsal it is and what of.
pub(crate) struct Rehearsing<'a> {
    /// Whose, as the record names them.
    pub(crate) by: String,
    /// Of which next client secret, if it is of that.
    pub(crate) next_secret: Option<String>,
    /// Where it ends.
    pub(crate) place: &'a ReturnTo,
}

/// Begins a sign-in at the team's identity provider.
pub async fn begin(deps: &Deps, team: &OpenTeam, wish: &Wish) -> Result<Begun, SignInError> {
    let begun = set_out(deps, team, Journey::SignIn(wish), &wish.hints).await?;
    deps.health.count(team, Event::Started, deps.clock.now());
    Ok(begun)
}

/// Makes an attempt, and the request that it is answered to.
pub(crate) async fn set_out(
    deps: &Deps,
    team: &TeamAndConnection,
    journey: Journey<'_>,
    hints: &Hints,
) -> Result<Begun, SignInError> {
    let now = deps.clock.now();
    let chance = &*deps.chance;
    let party = deps.party(team);
    let state = State::new(chance, now);
    let (return_to, came_by) = match &journey {
        Journey::SignIn(wish) => (wish.return_to.as_ref(), wish.came_by),
        Journey::Rehearsal(of) => (Some(of.place), CameBy::TeamId),
    };
    let mut attempt = Attempt::new(
        chance,
        team.team.team_id.clone(),
        party.connection.clone(),
        party.redirect_uri.clone(),
        return_to,
        came_by,
    );
    if let Journey::Rehearsal(of) = journey {
        attempt.rehearsed_by = Some(of.by);
        attempt.next_secret = of.next_secret;
    }
    let proofs = Proofs {
        state: state.to_text(&deps.keys),
        nonce: attempt.nonce.clone(),
        code_verifier: attempt.code_verifier.clone(),
    };
    let location = deps.upstream.authorization_request(&party, &proofs, hints, now).await?;
    Ok(Begun { location, cookie: attempt.seal(&deps.keys, chance, state) })
}
