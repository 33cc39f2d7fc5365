//! A team begins, with as much of its connection as is known by then: by an approved request, or on an operator's word.

use roles::Operator;
use storage::Tx;
use teams::versions::{self, Said as Values};
use teams::{
    ConnectionOptions, Founding, NewTeam, PlainHttp, Registrar, Requirement, State, TeamError, Tenant,
};
use vocabulary::{ClientId, ClientSecret, Email, Issuer, TeamId};

use crate::request::form::{Said, Wanted, Wrong, company, contact, kept};

/// A team about to begin.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// Its key, for ever.
    pub team_id: TeamId,
    /// What people call it; the Team ID with a capital when none.
    pub name: Option<String>,
    /// Who is promoted on their first sign-in.
    pub admin_email: Email,
    /// Whose ID tokens are believed.
    pub issuer: Option<Issuer>,
    /// Our name there.
    pub client_id: Option<ClientId>,
    /// Our secret there.
    pub client_secret: Option<ClientSecret>,
    /// Whose people are meant, where the issuer is shared by many.
    pub requirement: Option<Requirement>,
}

impl Beginning {
    /// Reads what an operator says of a team, with who gets its setup link; asks nothing of the database. `said.company`
    /// is the team's name and `said.contact` who gets the link: both may be empty.
    pub fn read(
        said: &Said,
        requirement: Option<Requirement>,
        plain_http: PlainHttp,
    ) -> Result<(Self, Option<Email>), Vec<Wrong>> {
        let mut wrong = Vec::new();
        let says = |text: &str| !text.trim().is_empty();
        let name = says(&said.company).then(|| kept(company(&said.company), &mut wrong)).flatten();
        let link_to = says(&said.contact).then(|| kept(contact(&said.contact), &mut wrong)).flatten();
        match Wanted::read(said, plain_http, &mut wrong) {
            Some(team) if wrong.is_empty() => {
                let Wanted { team_id, admin_email, issuer, client_id, client_secret } = team;
                let new = Self { team_id, name, admin_email, issuer, client_id, client_secret, requirement };
                Ok((new, link_to))
            }
            Some(_) | None => Err(wrong),
        }
    }
}

/// Adds the team as a draft. What is there of a connection that is not whole yet waits for the setup link.
pub fn begin(
    tx: &mut Tx<'_>,
    registrar: &Registrar<'_>,
    operator: &Operator,
    new: Beginning,
) -> Result<Tenant, TeamError> {
    let Beginning { team_id, name, admin_email, issuer, client_id, client_secret, requirement } = new;
    let (Some(issuer), Some(client_id)) = (&issuer, &client_id) else {
        let team = crate::found(tx, operator, &Founding { team_id: team_id.clone(), name, admin_email })?;
        let values = Values { issuer, client_id, client_secret, requirement };
        if values.issuer.is_some() || values.client_id.is_some() || values.client_secret.is_some() {
            versions::save(tx, registrar, &team_id, &values, &operator.actor().to_text())?;
        }
        return Ok(team);
    };
    let new = NewTeam {
        team_id,
        name,
        admin_email,
        issuer: issuer.clone(),
        client_id: client_id.clone(),
        client_secret,
        options: ConnectionOptions { requirement, ..ConnectionOptions::usual(issuer) },
        callback_path: None,
        state: State::Draft,
    };
    crate::add(tx, registrar, operator, &new)
}
