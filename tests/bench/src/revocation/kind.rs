//! Every kind of revocation: what has to be there before it is told, how it is told, and how it is put back.

use std::collections::HashMap;

use mock_idp::LogoutOf;
use serde_json::{Value, json};

use super::watch::{Case, Over, Tell, page};
use crate::api::{Api, write};
use crate::failure::Failure;
use crate::http::Connection;
use crate::service::{ISSUER, Place, Provider, client_id};
use crate::sign_in::Visitor;

const FORM: &str = "application/x-www-form-urlencoded";
/// Who is revoked.
const BOB: (&str, &str) = ("Bob Kahn", "bob@acme.test");

/// What is revoked, and by whom.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    SignOut,
    EndedByAdmin,
    Deactivation,
    Erasure,
    Demotion,
    Suspension,
    BackChannel,
    UniversalLogout,
    TeamToken,
    OperatorToken,
}

/// All that stands around the revocations.
pub struct Stage<'a> {
    /// Where commands run.
    pub place: &'a Place,
    /// The ports of the node that is told, and of the other one.
    pub nodes: (u16, u16),
    provider: &'a Provider,
    api: Api,
    visitor: Visitor,
    pages: Connection,
    /// The `sub` of whoever is revoked.
    subject: String,
    /// The cookie of a session of each team's admin.
    admins: HashMap<&'static str, String>,
    made: u32,
}

impl<'a> Stage<'a> {
    /// Adds a team for each kind, with an admin; from now on somebody else signs in.
    pub fn set(place: &'a Place, nodes: (u16, u16), provider: &'a Provider) -> Result<Self, Failure> {
        place.add_teams(provider, &Kind::ALL.map(|kind| kind.team().to_owned()))?;
        let mut visitor = Visitor::new(nodes.0, provider.port)?;
        let admins = Kind::ALL.map(|kind| Ok::<_, Failure>((kind.team(), visitor.sign_in(kind.team())?)));
        let admins = admins.into_iter().collect::<Result<_, _>>()?;
        let subject = provider.send(BOB.0, BOB.1);
        let api = Api::new(nodes.0, &place.bearer()?)?;
        let pages = Connection::open(nodes.0)?;
        Ok(Self { place, nodes, provider, api, visitor, pages, subject, admins, made: 0 })
    }

    /// The id and the version of whoever is revoked.
    fn person(&mut self, team: &str) -> Result<(String, u64), Failure> {
        let people = self.api.ask(&format!("GET /teams/{team}/people"), "", 200)?;
        let mut all = people.get("items").and_then(Value::as_array).into_iter().flatten();
        let person = all.find(|person| person["email"] == BOB.1);
        let found = person.and_then(|person| Some((person["id"].as_str()?, person["version"].as_u64()?)));
        found
            .map(|(id, version)| (id.to_owned(), version))
            .ok_or_else(|| Failure(format!("no Bob: {people}")))
    }

    /// The token of the forms of this session.
    fn csrf(&mut self, team: &str, cookie: &str) -> Result<String, Failure> {
        let page = page(&mut self.pages, &format!("/t/{team}"), self.nodes.0, cookie)?;
        let token = page.split_once("name=\"csrf\" value=\"").and_then(|(_, rest)| rest.split('"').next());
        token.map(str::to_owned).ok_or_else(|| Failure("a page without a form".to_owned()))
    }

    fn form(&self, path: &str, cookie: &str, fields: &str) -> Vec<u8> {
        write("POST", path, self.nodes.0, &format!("Cookie: {cookie}"), FORM, fields)
    }

    fn order(&self, line: &str, body: &str, status: u16) -> Tell {
        Tell::Request(self.api.request(line, body), status)
    }

    fn made(&mut self) -> u32 {
        self.made = self.made.saturating_add(1);
        self.made
    }
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::SignOut,
        Self::EndedByAdmin,
        Self::Deactivation,
        Self::Erasure,
        Self::Demotion,
        Self::Suspension,
        Self::BackChannel,
        Self::UniversalLogout,
        Self::TeamToken,
        Self::OperatorToken,
    ];

    /// What it is, in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignOut => "signing out everywhere",
            Self::EndedByAdmin => "somebody's sessions ended by the API",
            Self::Deactivation => "deactivation",
            Self::Erasure => "erasure",
            Self::Demotion => "demotion of an admin",
            Self::Suspension => "suspension of a team",
            Self::BackChannel => "back-channel logout",
            Self::UniversalLogout => "Universal Logout",
            Self::TeamToken => "a team's API token",
            Self::OperatorToken => "operator token, revoked by command",
        }
    }

    const fn team(self) -> &'static str {
        match self {
            Self::SignOut => "told-here",
            Self::EndedByAdmin => "told-by-admin",
            Self::Deactivation => "told-deactivated",
            Self::Erasure => "told-erased",
            Self::Demotion => "told-demoted",
            Self::Suspension => "told-suspended",
            Self::BackChannel => "told-by-channel",
            Self::UniversalLogout => "told-universally",
            Self::TeamToken => "told-of-a-token",
            Self::OperatorToken => "told-by-command",
        }
    }

    /// Makes ready what will be revoked.
    pub fn arrange(self, stage: &mut Stage<'_>) -> Result<Case, Failure> {
        let team = self.team();
        if self == Self::OperatorToken {
            return operator_token(stage);
        }
        if self == Self::TeamToken {
            return team_token(stage, team);
        }
        let cookie = stage.visitor.sign_in(team)?;
        let tell = self.tell(stage, &cookie)?;
        let (path, over) = if self == Self::Demotion {
            (format!("/t/{team}/team"), Over::NoForms)
        } else {
            ("/".to_owned(), Over::ToSignIn)
        };
        Ok(Case { tell, path, head: format!("Cookie: {cookie}"), over })
    }

    fn tell(self, stage: &mut Stage<'_>, cookie: &str) -> Result<Tell, Failure> {
        let team = self.team();
        let (id, version) = stage.person(team)?;
        let person = format!("/teams/{team}/people/{id}");
        Ok(match self {
            Self::SignOut => {
                let fields = format!("csrf={}&everywhere=1", stage.csrf(team, cookie)?);
                Tell::Request(stage.form(&format!("/t/{team}/logout"), cookie, &fields), 303)
            }
            Self::EndedByAdmin => stage.order(&format!("DELETE {person}/sessions"), "", 204),
            Self::TeamToken | Self::OperatorToken => {
                return Err(Failure("a token has no session".to_owned()));
            }
            Self::Deactivation => stage.order(&format!("PATCH {person}"), r#"{"active":false}"#, 200),
            Self::Erasure => {
                let admin = stage.admins.get(team).cloned().unwrap_or_default();
                let csrf = stage.csrf(team, &admin)?;
                let fields = format!("csrf={csrf}&version={version}&confirm=yes&typed={team}");
                Tell::Request(stage.form(&format!("/t/{team}/people/{id}/erase"), &admin, &fields), 303)
            }
            Self::Demotion => {
                stage.api.ask(&format!("PATCH {person}"), r#"{"role":"admin"}"#, 200)?;
                stage.order(&format!("PATCH {person}"), r#"{"role":"member"}"#, 200)
            }
            Self::Suspension => stage.order(&format!("POST /teams/{team}/suspend"), "", 200),
            Self::BackChannel => {
                let of = LogoutOf::Subject(&stage.subject);
                let token = stage.provider.idp.sign_logout_token(ISSUER, &client_id(team), of);
                let fields = format!("logout_token={token}");
                let path = format!("/t/{team}/backchannel_logout");
                Tell::Request(write("POST", &path, stage.nodes.0, "Accept: */*", FORM, &fields), 200)
            }
            Self::UniversalLogout => universal_logout(stage, team),
        })
    }

    /// Undoes what would be in the way of the next one.
    pub fn put_back(self, stage: &mut Stage<'_>) -> Result<(), Failure> {
        let team = self.team();
        match self {
            Self::Deactivation => {
                let (id, _) = stage.person(team)?;
                stage.api.ask(&format!("PATCH /teams/{team}/people/{id}"), r#"{"active":true}"#, 200)?;
            }
            Self::Suspension => {
                stage.api.ask(&format!("POST /teams/{team}/resume"), "", 200)?;
            }
            Self::SignOut
            | Self::EndedByAdmin
            | Self::Erasure
            | Self::Demotion
            | Self::BackChannel
            | Self::UniversalLogout
            | Self::TeamToken
            | Self::OperatorToken => {}
        }
        Ok(())
    }
}

/// As Okta sends it.
fn universal_logout(stage: &mut Stage<'_>, team: &str) -> Tell {
    let path = format!("/t/{team}/revoke");
    let idp = &stage.provider.idp;
    let mut claims = idp.logout_claims(ISSUER, &client_id(team), LogoutOf::Subject(&client_id(team)));
    if let Value::Object(members) = &mut claims {
        members.remove("events");
        members.insert("aud".to_owned(), json!(stage.place.address(&path)));
        members.insert("nbf".to_owned(), members.get("iat").cloned().unwrap_or_default());
    }
    let token = idp.sign(ISSUER, "global-token-revocation+jwt", &claims);
    let whom = json!({"sub_id": {"format": "iss_sub", "iss": idp.issuer(ISSUER), "sub": stage.subject}});
    let head = format!("Authorization: Bearer {token}");
    Tell::Request(write("POST", &path, stage.nodes.0, &head, "application/json", &whom.to_string()), 204)
}

/// A new API token of a team, and the request that revokes it.
fn team_token(stage: &mut Stage<'_>, team: &str) -> Result<Case, Failure> {
    let made = stage.api.ask(&format!("POST /teams/{team}/tokens"), r#"{"name":"passing"}"#, 201)?;
    let said = |name| made.get(name).and_then(Value::as_str);
    let (id, token) = said("id").zip(said("token")).ok_or_else(|| Failure(format!("no token: {made}")))?;
    Ok(of_token(token, stage.order(&format!("DELETE /teams/{team}/tokens/{id}"), "", 204)))
}

/// A new operator token, and the command that revokes it.
fn operator_token(stage: &mut Stage<'_>) -> Result<Case, Failure> {
    let name = format!("passing-{}", stage.made());
    let token = stage.place.run(&["operator", "add-token", &name])?;
    let listed = stage.place.run(&["operator", "list-tokens", "--json"])?;
    let listed: Value = serde_json::from_str(&listed).map_err(|error| Failure::of("list-tokens", &error))?;
    let items = listed.as_array().or_else(|| listed.get("items")?.as_array());
    let made = items.into_iter().flatten().find(|token| token["name"] == name.as_str());
    let id =
        made.and_then(|token| token["id"].as_str()).ok_or_else(|| Failure(format!("no {name}: {listed}")))?;
    Ok(of_token(&token, Tell::Command(["operator", "revoke-token", id].map(str::to_owned).into())))
}

fn of_token(token: &str, tell: Tell) -> Case {
    let head = format!("Authorization: Bearer {token}");
    Case { tell, path: "/api/v1/whoami".to_owned(), head, over: Over::Refused }
}
