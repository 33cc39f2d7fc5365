//! What is said of apps: tiles, billing, and why one does not open.

use super::failures::Telling;

pub(crate) const FOR_ADMINS: &str = "for admins";
pub(crate) const BILLING: &str = "Billing";
/// Label: back to the tiles.
pub const BACK: &str = "Back to apps";

/// Before the host to which a tile leads.
pub(crate) const OPENS: &str = "opens";

/// `app_role`, for a member who opens an app.
#[must_use]
pub fn needs_admin(app: &str, team: &str, admins: &[String]) -> Telling {
    Telling::new(&format!("{app} is for admins of {team}"), whom_to_ask(team, admins))
}

/// `not_admin`, at the team's billing.
#[must_use]
pub fn billing_needs_admin(team: &str, admins: &[String]) -> Telling {
    needs_admin(BILLING, team, admins)
}

/// `billing_missing`
#[must_use]
pub fn billing_missing(product: &str, team: &str) -> Telling {
    Telling::new(
        "There is no billing here yet",
        format!("{product} has no billing page for {team} so far. Ask its support when you need one."),
    )
}

fn whom_to_ask(team: &str, admins: &[String]) -> String {
    let whom = match admins {
        [] => "an admin".to_owned(),
        [one] => one.clone(),
        [others @ .., last] => format!("an admin: {} or {last}", others.join(", ")),
    };
    format!("You are a member of {team}. For what you need there, ask {whom}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_learns_whom_to_ask() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let told = |admins: &[&str]| billing_needs_admin("Acme", &names(admins));
        assert_eq!(told(&[]).title, "Billing is for admins of Acme");
        let ask = "You are a member of Acme. For what you need there, ask";
        assert_eq!(told(&["Ada"]).sentence, format!("{ask} Ada."));
        assert_eq!(told(&["Ada", "Bob", "Cyd"]).sentence, format!("{ask} an admin: Ada, Bob or Cyd."));
        assert_eq!(told(&[]).sentence, format!("{ask} an admin."));
    }
}
