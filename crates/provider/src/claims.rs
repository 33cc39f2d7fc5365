//! What is told of somebody, in the ID token and by UserInfo alike.

use people::{EmailStanding, Person};
use serde_json::{Map, Value, json};
use vocabulary::Email;

use crate::authorization::Claim;
use crate::scope::{AppScopes, Scope};
use crate::standing::Standing;

/// Claims by their names.
pub(crate) type Claims = Map<String, Value>;

/// Adds who somebody is here: their team and role.
pub(crate) fn tell_standing(claims: &mut Claims, standing: &Standing) {
    let team = &standing.team.team;
    claims.insert("sub".to_owned(), json!(standing.person));
    claims.insert("team_id".to_owned(), json!(team.team_id));
    claims.insert("team_name".to_owned(), json!(team.name));
    claims.insert("role".to_owned(), json!(standing.role));
    claims.insert("sso_required".to_owned(), json!(team.sso_required));
}

/// Adds what scopes and single claims bring (`OpenID` Connect Core §5.4, §5.5). What is not known is left out.
pub(crate) fn tell_person(claims: &mut Claims, person: &Person, scopes: &AppScopes, asked: &[Claim]) {
    for claim in Claim::ALL {
        let scope = match claim {
            Claim::Name | Claim::GivenName | Claim::FamilyName => Scope::Profile,
            Claim::Email | Claim::EmailVerified => Scope::Email,
        };
        if !scopes.has(scope) && !asked.contains(&claim) {
            continue;
        }
        if let Some(value) = of_person(person, claim) {
            claims.insert(claim.as_str().to_owned(), value);
        }
    }
}

fn of_person(person: &Person, claim: Claim) -> Option<Value> {
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    match claim {
        Claim::Name => text(&person.name),
        Claim::GivenName => text(&person.given_name),
        Claim::FamilyName => text(&person.family_name),
        Claim::Email => person.email.as_ref().map(|email| Value::from(Email::as_str(email))),
        // Verified is what the team's connection believes: nobody here asked the mailbox.
        Claim::EmailVerified => {
            person.email.as_ref().map(|_| Value::from(person.standing == EmailStanding::Trusted))
        }
    }
}
