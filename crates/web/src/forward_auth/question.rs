//! What a proxy asks: `team`, `min_role` and `redirect`, each at most once. Anything else is refused: a word that is
//! misspelt would open a door that its writer believes closed.

use provider::forward_auth::Demand;
use url::form_urlencoded;
use vocabulary::{Role, TeamId};

/// A proxy's question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) demand: Demand,
    /// How somebody without a session is answered.
    pub(super) nobody: Nobody,
}

/// How somebody without a session is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nobody {
    /// 401, with the sign-in's address in a header.
    Told,
    /// 302 to the sign-in.
    Redirected,
}

impl Question {
    /// Reads the query; none when anything in it is not as above.
    pub(super) fn read(query: &str) -> Option<Self> {
        let (mut team, mut min_role, mut nobody) = (None, None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "team" => once(&mut team, TeamId::parse(&value).ok()?)?,
                "min_role" => once(&mut min_role, Role::parse(&value)?)?,
                "redirect" => once(&mut nobody, redirect(&value)?)?,
                _ => return None,
            }
        }
        let demand = Demand { team, min_role: min_role.unwrap_or(Role::Member) };
        Some(Self { demand, nobody: nobody.unwrap_or(Nobody::Told) })
    }
}

fn redirect(value: &str) -> Option<Nobody> {
    match value {
        "0" => Some(Nobody::Told),
        "1" => Some(Nobody::Redirected),
        _ => None,
    }
}

fn once<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.replace(value).is_none().then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_read_whole_or_not_at_all() {
        let plain = Question::read("").unwrap();
        assert_eq!((plain.demand.team, plain.demand.min_role), (None, Role::Member));
        assert_eq!(plain.nobody, Nobody::Told);
        let full = Question::read("team=acme&min_role=admin&redirect=1").unwrap();
        assert_eq!(full.demand, Demand { team: TeamId::parse("acme").ok(), min_role: Role::Admin });
        assert_eq!(full.nobody, Nobody::Redirected);
        for bad in [
            "team=",
            "team",
            "team=ACME",
            "team=acme&team=acme",
            "team=acme&team=globex",
            "team=acme%00",
            "min_role=",
            "min_role=owner",
            "min_role=Admin",
            "min_role=member&min_role=admin",
            "redirect=yes",
            "redirect=",
            "redirect=0&redirect=1",
            "min_rol=admin",
            "Team=acme",
            "team[]=acme",
            "x=1",
        ] {
            assert_eq!(Question::read(bad), None, "{bad}");
        }
    }
}
