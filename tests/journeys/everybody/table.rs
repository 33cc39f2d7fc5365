//! The tables: every address of the pages and of the API, and what everybody gets there.

/// Method, path, and what nobody, a stranger, a member, an admin and an operator get: a status with the place
/// it leads to or the stable code. `idp` is the identity provider of the team.
pub type Row = (&'static str, &'static str, [&'static str; 5]);

const TO_TEAM: &str = "303 /t/acme/login?return_to=%2Ft%2Facme%2Fteam";
const TO_ACTIVITY: &str = "303 /t/acme/login?return_to=%2Ft%2Facme%2Factivity";
const TO_SSO: &str = "303 /t/acme/login?return_to=%2Ft%2Facme%2Fsettings%2Fsso";
const TO_SIGN_INS: &str = "303 /t/acme/login?return_to=%2Ft%2Facme%2Fsettings%2Fsso%2Fsign-ins";
const TO_SIGN_IN: &str = "303 /t/acme/login?return_to=%2Ft%2Facme%2Fsettings%2Fsso%2Fsign-ins%2F{reference}";
const TO_CONSOLE: &str = "303 /t/operators/login?return_to=%2Foperator";
const TO_NEW_TEAM: &str = "303 /t/operators/login?return_to=%2Foperator%2Fteams%2Fnew";
const TO_TEAM_THERE: &str = "303 /t/operators/login?return_to=%2Foperator%2Fteams%2Facme";
const TO_DASHBOARD: &str = "303 /t/acme/login?return_to=%2Ft%2Facme";
const ON_ITS_HOST: &str = "303 http://ledger.localhost:9/.teamdoor/sign-in?team=acme&return_to=%2F";
const TO_APP: &str = "303 /t/acme/login?return_to=%2Ft%2Facme%2Fapps%2F{app_id}";
const TO_BILLING: &str = "303 /t/acme/login?return_to=%2Ft%2Facme%2Fbilling";
const TO_TOKENS: &str = "303 /t/acme/login?return_to=%2Ft%2Facme%2Ftokens";
const TO_ROTATE: &str = "303 /t/acme/login?return_to=%2Ft%2Facme%2Ftokens%2F{token_id}%2Frotate";
const TO_REVEAL: &str = "303 /t/acme/login?return_to=%2Ft%2Facme%2Ftokens%2F{token_id}%2Freveal";
const TO_REVOKE: &str = "303 /t/acme/login?return_to=%2Ft%2Facme%2Ftokens%2F{token_id}%2Frevoke";
const NO_SESSION: &str = "401 session_required";
/// The addresses on the host of an app, called on our own.
const NOTHING_HERE: &str = "404 not_found";
const NOT_ADMIN: &str = "403 not_admin";
/// A form without what it is about; a header that is no app's.
const APP_UNKNOWN: [&str; 5] = [
    "400 invalid_request",
    "400 invalid_request",
    "400 invalid_request",
    "400 invalid_request",
    "401 invalid_client",
];
/// The pages of the console lead everybody to the sign-in of the operators' team.
const TO_REQUESTS: &str = "303 /t/operators/login?return_to=%2Foperator%2Frequests";
const TO_REQUEST: &str = "303 /t/operators/login?return_to=%2Foperator%2Frequests%2F{request_id}";
const TO_HEALTH: &str = "303 /t/operators/login?return_to=%2Foperator%2Fhealth";
const TO_ALL_SIGN_INS: &str = "303 /t/operators/login?return_to=%2Foperator%2Fsign-ins";
const TO_ANY_SIGN_IN: &str = "303 /t/operators/login?return_to=%2Foperator%2Fsign-ins%2F{reference}";
const TO_RECORD: &str = "303 /t/operators/login?return_to=%2Foperator%2Faudit";
const GOOD: [&str; 5] = ["200"; 5];

/// Pages in an order in which each can be done: whoever is erased or signed out comes last.
#[rustfmt::skip]
pub const PAGES: &[Row] = &[
    ("GET", "/", ["303 /login", "303 /t/globex", "303 /t/acme", "303 /t/acme", "303 /login"]),
    ("GET", "/login", GOOD),
    ("GET", "/login_sso", GOOD),
    ("POST", "/login_sso", ["303 idp", "303 idp", "303 /t/acme", "303 /t/acme", "303 idp"]),
    ("GET", "/find_team", GOOD),
    ("POST", "/find_team", ["422 email_invalid"; 5]),
    ("POST", "/forget", ["303 /login"; 5]),
    ("GET", "/request", GOOD),
    ("POST", "/request", ["422 request_invalid"; 5]),
    ("GET", "/request/sent", GOOD),
    ("GET", "/request/confirm/{token}", ["404 request_link_gone"; 5]),
    ("POST", "/request/confirm/{token}", ["404 request_link_gone"; 5]),
    ("GET", "/t/{team_id}/login", ["303 idp", "303 idp", "303 /t/acme", "303 /t/acme", "303 idp"]),
    ("GET", "/t/{team_id}/launch", ["303 idp", "303 idp", "303 /t/acme", "303 /t/acme", "303 idp"]),
    ("POST", "/t/{team_id}/launch", ["303 /t/acme/launch?"; 5]),
    ("GET", "/launch", GOOD),
    ("POST", "/launch", ["303 /launch?"; 5]),
    ("GET", "/t/{team_id}/callback", ["400 state_missing"; 5]),
    ("GET", "/t/{team_id}", [TO_DASHBOARD, TO_DASHBOARD, "200", "200", TO_DASHBOARD]),
    ("GET", "/t/{team_id}/apps/{app_id}", [TO_APP, TO_APP, ON_ITS_HOST, ON_ITS_HOST, TO_APP]),
    ("GET", "/t/{team_id}/billing", [TO_BILLING, TO_BILLING, NOT_ADMIN, "303 https://billing.example/", TO_BILLING]),
    ("GET", "/t/{team_id}/team", [TO_TEAM, TO_TEAM, "200", "200", TO_TEAM]),
    ("GET", "/t/{team_id}/activity", [TO_ACTIVITY, TO_ACTIVITY, "200", "200", TO_ACTIVITY]),
    ("GET", "/setup/{token}", ["404 setup_link_gone"; 5]),
    ("POST", "/setup/{token}", ["404 setup_link_gone"; 5]),
    ("GET", "/break-glass/{token}", ["404 break_glass_gone"; 5]),
    ("POST", "/break-glass/{token}", ["404 break_glass_gone"; 5]),
    ("GET", "/t/{team_id}/break-glass", ["404 break_glass_gone"; 5]),
    ("POST", "/t/{team_id}/break-glass", ["404 break_glass_gone"; 5]),
    ("GET", "/t/{team_id}/settings/sso", [TO_SSO, TO_SSO, NOT_ADMIN, "200", TO_SSO]),
    ("POST", "/t/{team_id}/settings/sso", [NO_SESSION, NO_SESSION, NOT_ADMIN, "422 form_invalid", NO_SESSION]),
    ("GET", "/t/{team_id}/settings/sso/sign-ins", [TO_SIGN_INS, TO_SIGN_INS, NOT_ADMIN, "200", TO_SIGN_INS]),
    ("GET", "/t/{team_id}/settings/sso/sign-ins/{reference}", [TO_SIGN_IN, TO_SIGN_IN, NOT_ADMIN, "200", TO_SIGN_IN]),
    ("GET", "/t/{team_id}/tokens", [TO_TOKENS, TO_TOKENS, "200", "200", TO_TOKENS]),
    ("POST", "/t/{team_id}/tokens", [NO_SESSION, NO_SESSION, "303 made", "303 made", NO_SESSION]),
    ("GET", "/t/{team_id}/tokens/{token_id}/rotate", [TO_ROTATE, TO_ROTATE, "200", "200", TO_ROTATE]),
    ("GET", "/t/{team_id}/tokens/{token_id}/revoke", [TO_REVOKE, TO_REVOKE, "200", "200", TO_REVOKE]),
    ("POST", "/t/{team_id}/tokens/choice", [NO_SESSION, NO_SESSION, NOT_ADMIN, "303 /t/acme/tokens?done=chosen", NO_SESSION]),
    ("GET", "/t/{team_id}/tokens/{token_id}/reveal", [TO_REVEAL, TO_REVEAL, "409 token_not_kept", "409 token_not_kept", TO_REVEAL]),
    ("POST", "/t/{team_id}/tokens/{token_id}/reveal", [NO_SESSION, NO_SESSION, "409 token_not_kept", "409 token_not_kept", NO_SESSION]),
    ("POST", "/t/{team_id}/tokens/{token_id}/rotate", [NO_SESSION, NO_SESSION, "303 rotated", "409 version_conflict", NO_SESSION]),
    ("POST", "/t/{team_id}/tokens/{token_id}/revoke", [NO_SESSION, NO_SESSION, "303 revoked", "303 revoked", NO_SESSION]),
    ("GET", "/operator", [TO_CONSOLE; 5]),
    ("GET", "/operator/teams/new", [TO_NEW_TEAM; 5]),
    ("POST", "/operator/teams/new", [NO_SESSION; 5]),
    ("GET", "/operator/teams/{team_id}", [TO_TEAM_THERE; 5]),
    ("POST", "/operator/teams/{team_id}", [NO_SESSION; 5]),
    ("GET", "/forward-auth", [NO_SESSION, "200", "200", "200", NO_SESSION]),
    ("GET", "/.teamdoor/sign-in", [NOTHING_HERE; 5]),
    ("GET", "/.teamdoor/arrive", [NOTHING_HERE; 5]),
    ("POST", "/.teamdoor/sign-out", [NOTHING_HERE; 5]),
    ("GET", "/t/{team_id}/signed-out", ["200", "200", "303 /t/acme", "303 /t/acme", "200"]),
    ("POST", "/t/{team_id}/backchannel_logout", ["400 logout_token_invalid"; 5]),
    ("POST", "/t/{team_id}/revoke", ["401 revocation_token_invalid"; 5]),
    ("POST", "/t/{team_id}/people/{person_id}/role", [NO_SESSION, NO_SESSION, NOT_ADMIN, "303 role", NO_SESSION]),
    ("POST", "/t/{team_id}/people/{person_id}/deactivate", [NO_SESSION, NO_SESSION, NOT_ADMIN, "303 access", NO_SESSION]),
    ("POST", "/t/{team_id}/people/{person_id}/activate", [NO_SESSION, NO_SESSION, NOT_ADMIN, "303 access", NO_SESSION]),
    ("POST", "/t/{team_id}/people/{person_id}/sign-out", [NO_SESSION, NO_SESSION, NOT_ADMIN, "303 signed-out", NO_SESSION]),
    ("POST", "/t/{team_id}/people/{person_id}/erase", [NO_SESSION, NO_SESSION, NOT_ADMIN, "303 /t/acme/team?done=erased", NO_SESSION]),
    ("GET", "/operator/requests", [TO_REQUESTS; 5]),
    ("GET", "/operator/requests/{request_id}", [TO_REQUEST; 5]),
    ("POST", "/operator/requests/{request_id}", [NO_SESSION; 5]),
    ("GET", "/operator/health", [TO_HEALTH; 5]),
    ("GET", "/operator/sign-ins", [TO_ALL_SIGN_INS; 5]),
    ("GET", "/operator/sign-ins/{reference}", [TO_ANY_SIGN_IN; 5]),
    ("GET", "/operator/audit", [TO_RECORD; 5]),
    ("GET", "/.well-known/openid-configuration", GOOD),
    ("GET", "/oauth2/jwks", GOOD),
    ("GET", "/oauth2/authorize", ["400 client_unknown"; 5]),
    ("POST", "/oauth2/authorize", ["400 client_unknown"; 5]),
    ("POST", "/oauth2/choose", ["422 form_invalid"; 5]),
    ("POST", "/oauth2/token", APP_UNKNOWN),
    ("OPTIONS", "/oauth2/token", ["204"; 5]),
    ("GET", "/oauth2/userinfo", ["401 invalid_token"; 5]),
    ("POST", "/oauth2/userinfo", ["401 invalid_token"; 5]),
    ("OPTIONS", "/oauth2/userinfo", ["204"; 5]),
    ("POST", "/oauth2/introspect", APP_UNKNOWN),
    ("POST", "/oauth2/revoke", APP_UNKNOWN),
    ("OPTIONS", "/oauth2/revoke", ["204"; 5]),
    ("GET", "/oauth2/logout", GOOD),
    ("POST", "/t/{team_id}/logout", ["303 /t/acme/signed-out"; 5]),
    ("POST", "/oauth2/logout", GOOD),
    ("GET", "/livez", GOOD),
    ("GET", "/readyz", GOOD),
];

pub const NO_TOKEN: &str = "401 token_invalid";
const fn operators_alone(answer: &'static str) -> [&'static str; 5] {
    [NO_TOKEN, NO_TOKEN, NO_TOKEN, NO_TOKEN, answer]
}

/// The API, with the body that an operator sends.
#[rustfmt::skip]
pub const API: &[(Row, &str)] = &[
    (("GET", "/api/v1/openapi.json", GOOD), ""),
    (("GET", "/api/v1/whoami", operators_alone("200")), ""),
    (("GET", "/api/v1/teams", operators_alone("200")), ""),
    (("POST", "/api/v1/teams", operators_alone("201")),
        r#"{"team_id":"initech","admin_email":"a@initech.test","issuer":"https://initech.okta.com","client_id":"x"}"#),
    (("GET", "/api/v1/teams/{team_id}", operators_alone("200")), ""),
    (("PATCH", "/api/v1/teams/{team_id}", operators_alone("200")), r#"{"name":"Acme Limited"}"#),
    (("PUT", "/api/v1/teams/{team_id}/connection", operators_alone("200")),
        r#"{"issuer":"https://acme.okta.com","client_id":"new-client","client_secret":"a-new-secret-of-length"}"#),
    (("POST", "/api/v1/teams/{team_id}/check", operators_alone("200")), ""),
    (("GET", "/api/v1/teams/{team_id}/people", operators_alone("200")), ""),
    (("GET", "/api/v1/teams/{team_id}/people/{person_id}", operators_alone("200")), ""),
    (("PATCH", "/api/v1/teams/{team_id}/people/{person_id}", operators_alone("200")), r#"{"role":"admin"}"#),
    (("DELETE", "/api/v1/teams/{team_id}/people/{person_id}/sessions", operators_alone("204")), ""),
    (("GET", "/api/v1/teams/{team_id}/tokens", operators_alone("200")), ""),
    (("POST", "/api/v1/teams/{team_id}/tokens", operators_alone("201")), r#"{"name":"table"}"#),
    (("DELETE", "/api/v1/teams/{team_id}/tokens/{token_id}", operators_alone("204")), ""),
    (("GET", "/api/v1/teams/{team_id}/audit", operators_alone("200")), ""),
    (("POST", "/api/v1/teams/{team_id}/setup-link", operators_alone("409 setup_finished")), ""),
    (("DELETE", "/api/v1/teams/{team_id}/setup-link", operators_alone("204")), ""),
    (("POST", "/api/v1/teams/{team_id}/break-glass", operators_alone("201")), r#"{"person":"ada@acme.test"}"#),
    (("DELETE", "/api/v1/teams/{team_id}/break-glass", operators_alone("204")), ""),
    (("POST", "/api/v1/teams/{team_id}/enable", operators_alone("200")), ""),
    (("POST", "/api/v1/teams/{team_id}/rollback", operators_alone("409 version_conflict")), ""),
    (("POST", "/api/v1/teams/{team_id}/use-next-secret", operators_alone("409 next_secret_missing")), ""),
    (("POST", "/api/v1/teams/{team_id}/require", operators_alone("409 require_needs_admin")), ""),
    (("POST", "/api/v1/teams/{team_id}/relax", operators_alone("200")), ""),
    (("GET", "/api/v1/teams/{team_id}/health", operators_alone("200")), ""),
    (("GET", "/api/v1/teams/{team_id}/sign-ins", operators_alone("200")), ""),
    (("GET", "/api/v1/health", operators_alone("200")), ""),
    (("GET", "/api/v1/sign-ins", operators_alone("200")), ""),
    (("GET", "/api/v1/audit", operators_alone("200")), ""),
    (("GET", "/api/v1/requests", operators_alone("200")), ""),
    (("POST", "/api/v1/requests", operators_alone("201")),
        r#"{"company":"Hooli","contact":"it@hooli.test","team_id":"hooli","admin_email":"gavin@hooli.test"}"#),
    (("GET", "/api/v1/requests/{request_id}", operators_alone("200")), ""),
    (("POST", "/api/v1/requests/{request_id}/check", operators_alone("200")), ""),
    (("POST", "/api/v1/requests/{request_id}/ask", operators_alone("200")), r#"{"text":"Who is Bill?"}"#),
    (("POST", "/api/v1/requests/{request_id}/approve", operators_alone("200")), ""),
    (("POST", "/api/v1/requests/{request_id}/reject", operators_alone("409 request_decided")), r#"{"text":"No."}"#),
    (("GET", "/api/v1/apps", operators_alone("200")), ""),
    (("POST", "/api/v1/apps", operators_alone("201")), r#"{"name":"Wiki","host":"wiki.example"}"#),
    (("GET", "/api/v1/apps/{client_id}", operators_alone("200")), ""),
    (("PATCH", "/api/v1/apps/{client_id}", operators_alone("200")), r#"{"min_role":"admin"}"#),
    (("POST", "/api/v1/apps/{client_id}/secret", operators_alone("201")), ""),
    (("DELETE", "/api/v1/apps/{client_id}", operators_alone("204")), ""),
    (("POST", "/api/v1/teams/{team_id}/suspend", operators_alone("200")), ""),
    (("POST", "/api/v1/teams/{team_id}/resume", operators_alone("200")), ""),
    (("DELETE", "/api/v1/teams/{team_id}", operators_alone("204")), ""),
];
