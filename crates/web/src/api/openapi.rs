//! `/api/v1/openapi.json`: the API's description (OpenAPI 3.1), made from the handlers, and the shapes of
//! answers whose JSON is written in rooms below.

use actix_web::HttpResponse;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi, ToSchema};

use crate::api::{
    app, apps, audit, break_glass, connection, health, people, person, request, requests, secret_life,
    settings, sign_ins, team, teams, tokens, whoami,
};

mod of_requests;

pub(crate) use of_requests::RequestShown;

#[derive(OpenApi)]
#[openapi(
    info(title = "Teamdoor", description = "Teams, people, roles, sessions and tokens, for operators and for programs of a team."),
    paths(
        openapi,
        whoami::whoami,
        teams::list_teams,
        teams::add_team,
        team::show_team,
        team::change_team,
        team::remove_team,
        team::suspend_team,
        team::resume_team,
        connection::set_connection,
        connection::check_connection,
        settings::make_setup_link,
        settings::revoke_setup_link,
        break_glass::make_break_glass,
        break_glass::revoke_break_glass,
        settings::enable_team,
        settings::roll_back_team,
        settings::require_sso,
        settings::relax_sso,
        secret_life::use_next_secret,
        people::list_people,
        people::show_person,
        person::change_person,
        person::end_sessions,
        tokens::list_tokens,
        tokens::make_token,
        tokens::revoke_token,
        audit::list_audit_of_team,
        audit::list_audit,
        health::show_health,
        health::list_health,
        sign_ins::list_sign_ins_of_team,
        sign_ins::list_sign_ins,
        apps::list_apps,
        apps::add_app,
        app::show_app,
        app::change_app,
        app::remove_app,
        app::rotate_secret,
        requests::list_requests,
        requests::make_request,
        request::show_request,
        request::check_request,
        request::approve_request,
        request::ask_request,
        request::reject_request
    ),
    security(("operator_token" = [])),
    modifiers(&BearerTokens)
)]
struct Description;

struct BearerTokens;

impl Modify for BearerTokens {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("tdo_…")
            .description(Some("An operator token, made by `teamdoor operator add-token NAME`."))
            .build();
        let of_team = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("tdt_…")
            .description(Some(
                "A team's API token, made on the page “API tokens”; it opens its own team alone.",
            ))
            .build();
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("operator_token", SecurityScheme::Http(bearer));
        components.add_security_scheme("team_token", SecurityScheme::Http(of_team));
    }
}

/// This description
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "Description", security(()), responses(
    (status = 200, description = "OpenAPI 3.1", body = Object),
))]
pub(crate) async fn openapi() -> HttpResponse {
    HttpResponse::Ok().json(Description::openapi())
}

/// A team.
// `teams` writes this JSON; a test compares the two.
#[derive(ToSchema)]
#[schema(as = Team)]
#[expect(dead_code, reason = "described here, written in `teams`")]
pub(crate) struct TeamShown {
    /// Its key, for ever.
    #[schema(example = "acme")]
    team_id: String,
    /// What people call it.
    name: String,
    /// `active` or `suspended`.
    status: String,
    /// `draft`, `tested` or `enabled`: how far its connection has come.
    state: String,
    /// Whether the product should refuse its own passwords for this team.
    sso_required: bool,
    /// `shared` or `personal`: whose the API tokens for the product are that are made from now on.
    tokens: String,
    /// Whether members may read the value of a shared one again.
    tokens_reveal: bool,
    /// Who is promoted on their first sign-in.
    admin_email: String,
    /// The id of the person who was; null while the promotion is unspent.
    #[schema(required)]
    admin_promoted: Option<String>,
    /// When it was added.
    #[schema(format = DateTime)]
    created_at: String,
    /// Its relation to its identity provider.
    connection: ConnectionShown,
}

/// A team's relation to its identity provider.
#[derive(ToSchema)]
#[schema(as = Connection)]
#[expect(dead_code, reason = "described here, written in `teams`")]
pub(crate) struct ConnectionShown {
    /// How often its settings were changed.
    version: i64,
    /// Whose ID tokens are believed.
    #[schema(example = "https://acme.okta.com")]
    issuer: String,
    /// Our name there.
    client_id: String,
    /// When our secret there was set; null when none is.
    #[schema(required, format = DateTime)]
    client_secret_set_at: Option<String>,
    /// Until when it is good; null when nobody has said.
    #[schema(required, format = DateTime)]
    client_secret_expires_at: Option<String>,
    /// When the secret was set that comes after it; null when none is.
    #[schema(required, format = DateTime)]
    next_client_secret_set_at: Option<String>,
    /// Until when that one is good.
    #[schema(required, format = DateTime)]
    next_client_secret_expires_at: Option<String>,
    /// When a test sign-in with it went well.
    #[schema(required, format = DateTime)]
    next_client_secret_tested_at: Option<String>,
    /// Other addresses of the same identity provider.
    aliases: Vec<String>,
    /// `basic` or `post`.
    client_auth: String,
    /// What an authorization request asks for.
    scopes: Vec<String>,
    /// `unless_denied`, `verified` or `issuer`.
    email_trust: String,
    /// Domains people's emails must be of; empty when any will do.
    domains: Vec<String>,
    /// A claim every ID token must carry.
    #[schema(required)]
    requirement: Option<String>,
    /// Where the identity provider sends people after signing out there.
    #[schema(required)]
    post_logout_redirect_uri: Option<String>,
    /// The redirect URI's path.
    #[schema(example = "/t/acme/callback")]
    callback_path: String,
    /// Whether somebody has signed out at the identity provider with these settings and come back.
    logout_tested: bool,
}

/// An app behind the door.
// `apps` writes this JSON; a test compares the two.
#[derive(ToSchema)]
#[schema(as = App)]
#[expect(dead_code, reason = "described here, written in `apps`")]
pub(crate) struct AppShown {
    /// Its client id.
    id: String,
    /// The same.
    client_id: String,
    /// What people call it.
    #[schema(example = "Ledger")]
    name: String,
    /// Whether it cannot keep a secret.
    public: bool,
    /// Where answers go.
    redirect_uris: Vec<String>,
    /// Where people may go after signing out.
    post_logout_redirect_uris: Vec<String>,
    /// The teams that may use it; null for all.
    #[schema(required)]
    teams: Option<Vec<String>>,
    /// `member` or `admin`: the least role it asks for.
    min_role: String,
    /// Whether it must use PKCE.
    require_pkce: bool,
    /// `RS256` or `ES256`.
    id_token_alg: String,
    /// `opaque` or `jwt`.
    access_tokens: String,
    /// The host on which it stands behind forward-auth.
    #[schema(required)]
    host: Option<String>,
    /// Its page where a sign-in by Teamdoor begins.
    #[schema(required)]
    initiate_login_uri: Option<String>,
    /// Its front page.
    #[schema(required)]
    home_url: Option<String>,
    /// Where it is told that a session ended.
    #[schema(required)]
    backchannel_logout_uri: Option<String>,
    /// `tile`, `billing` or `hidden`: where people find it.
    place: String,
    /// How often it was changed.
    version: i64,
    /// When it was registered.
    #[schema(format = DateTime)]
    created_at: String,
    /// Until when its secret of before counts; null when it has none.
    #[schema(required, format = DateTime)]
    old_secret_until: Option<String>,
}

/// An app with its secret, which is shown this once.
#[derive(ToSchema)]
#[schema(as = AppMade)]
#[expect(dead_code, reason = "described here, written in `apps`")]
pub(crate) struct AppMadeShown {
    /// The secret; null for a public app.
    #[schema(required, example = "tdc_…")]
    client_secret: Option<String>,
    #[schema(inline)]
    #[serde(flatten)]
    app: AppShown,
}

/// How a check of a connection ended.
// `upstream` writes this JSON.
#[derive(ToSchema)]
#[schema(as = Check)]
#[expect(dead_code, reason = "described here, written in `upstream`")]
pub(crate) struct CheckShown {
    /// Which check.
    #[schema(example = "issuer")]
    name: String,
    /// Whether it passed.
    ok: bool,
    /// A stable code where it did not.
    code: Option<String>,
    /// What was found, a sentence.
    message: String,
    /// What to do about it.
    remedy: Option<String>,
    /// What the connection says, where it was compared.
    expected: Option<String>,
    /// What the provider says.
    got: Option<String>,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ::apps::{App, AppOptions, Kind, Made};
    use ::teams::{CallbackPath, Connection, ConnectionOptions, State, Status, Team, Tenant};
    use serde_json::{Value, json};
    use utoipa::OpenApi as _;
    use vocabulary::{ClientId, ConnectionId, Email, Issuer, TeamId, Timestamp, Version};

    use super::Description;
    use crate::api::API_ROUTES;

    fn description() -> Value {
        serde_json::to_value(Description::openapi()).unwrap()
    }

    fn keys(value: &Value) -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn every_address_is_described_and_every_description_is_served() {
        let described: BTreeSet<(String, String)> = description()["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, methods)| {
                keys(methods).into_iter().map(|method| (method.to_uppercase(), path.clone()))
            })
            .collect();
        let served: BTreeSet<(String, String)> = API_ROUTES
            .iter()
            .flat_map(|(methods, path)| {
                methods.split(' ').map(|method| (method.to_owned(), (*path).to_owned()))
            })
            .collect();
        assert_eq!(described, served);
    }

    #[test]
    fn every_answer_has_its_description() {
        let description = description();
        let operations =
            description["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap());
        for (method, operation) in operations {
            let id = &operation["operationId"];
            let answers = operation["responses"].as_object().unwrap();
            assert!(answers.contains_key("default") || *id == "openapi", "{method} {id}: no problems");
            let described =
                |answer: &Value| answer["description"].as_str().is_some_and(|text| !text.is_empty());
            assert!(answers.values().all(described), "{method} {id}");
        }
    }

    #[test]
    fn a_team_is_described_as_it_is_written() {
        let team_id = TeamId::parse("acme").unwrap();
        let issuer = Issuer::parse("https://acme.okta.com").unwrap();
        let written = serde_json::to_value(Tenant {
            team: Team {
                team_id: team_id.clone(),
                name: "Acme".to_owned(),
                status: Status::Active,
                admin_email: Email::parse("ada@acme.test").unwrap(),
                promotion_spent_by: None,
                sso_required: false,
                tokens: ::teams::TokenOwners::Shared,
                tokens_reveal: false,
                created_at: Timestamp::from_millis(0),
            },
            connection: Some(Connection {
                id: ConnectionId::parse("0123456789abcdefghjkmnpqrs").unwrap(),
                version: Version(1),
                state: State::Draft,
                client_id: ClientId::parse("0oa").unwrap(),
                sealed_secret: None,
                client_secret_set_at: None,
                client_secret_set_by: None,
                secret_life: teams::SecretLife::default(),
                options: ConnectionOptions::usual(&issuer),
                issuer,
                callback_path: CallbackPath::usual(&team_id),
                logout_tested: false,
            }),
        })
        .unwrap();
        let schemas = &description()["components"]["schemas"];
        assert_eq!(keys(&schemas["Team"]["properties"]), keys(&written));
        assert_eq!(keys(&schemas["Connection"]["properties"]), keys(&written["connection"]));
    }

    #[test]
    fn an_app_is_described_as_it_is_written() {
        let app = App {
            id: ClientId::parse("0oa").unwrap(),
            name: "Ledger".to_owned(),
            kind: Kind::Public,
            host: None,
            options: AppOptions::default(),
            version: Version(1),
            created_at: Timestamp::from_millis(0),
        };
        let schemas = &description()["components"]["schemas"];
        let written = |value| keys(&serde_json::to_value(value).unwrap());
        assert_eq!(keys(&schemas["App"]["properties"]), written(json!(app)));
        let made = schemas["AppMade"]["allOf"].as_array().unwrap();
        let described = made.iter().flat_map(|part| keys(&part["properties"])).collect::<BTreeSet<_>>();
        assert_eq!(described, written(json!(Made::new(&app, None))));
    }
}
