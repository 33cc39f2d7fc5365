//! `/api/v1/apps`: all apps, and another one. Operators alone register apps.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use apps::{App as Registered, AppHost, AppOptions, Made, NewApp, Secrecy};
use serde::Deserialize;
use url::Url;
use utoipa::ToSchema;

use crate::api::app::Options;
use crate::api::bearer::Caller;
use crate::api::body::{Change, Order, field};
use crate::api::database::{read, write};
use crate::api::etag;
use crate::api::list::{List, Paging};
use crate::api::openapi::{AppMadeShown, AppShown};
use crate::api::parameters::Parameters;
use crate::api::problem::{Fault, Problem};
use crate::app::App;

/// All apps, by name
#[utoipa::path(get, path = "/api/v1/apps", tag = "Apps", params(
    ("limit" = Option<u16>, Query, minimum = 1, maximum = 200, description = "Rows of a page; 50 unless said"),
    ("after" = Option<String>, Query, description = "The `next` of the page before"),
), responses(
    (status = 200, description = "A page of apps", body = List<AppShown>),
    Problem,
))]
pub(crate) async fn list_apps(
    app: web::Data<App>,
    _: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Fault> {
    let parameters = Parameters::of(&request, &["limit", "after"])?;
    let paging = Paging::of(&parameters, |text| Some(text.to_owned()))?;
    let page = read(&app, move |connection| {
        let all = apps::list(connection)?;
        // An operator registers a handful; one that was removed meanwhile begins the list anew.
        let begin =
            paging.after.as_ref().and_then(|after| all.iter().position(|app| app.id.as_str() == after));
        let rows: Vec<&Registered> =
            all.iter().skip(begin.map_or(0, |place| place.saturating_add(1))).collect();
        Ok(paging.page(&rows, |app| app.id.to_string(), |app| Registered::clone(app)))
    })
    .await?;
    Ok(HttpResponse::Ok().json(page))
}

/// An app about to be registered; what is not said is as `teamdoor app add` has it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewApp)]
pub(crate) struct Addition {
    /// What people call it.
    #[schema(example = "Ledger")]
    name: String,
    /// It cannot keep a secret: a page in a browser, an app of a phone or desktop.
    #[serde(default)]
    public: bool,
    /// The host on which it stands behind forward-auth.
    #[schema(example = "wiki.example.com")]
    host: Option<String>,
    /// Where answers go, letter by letter.
    #[schema(example = json!(["https://ledger.example/callback"]))]
    redirect_uris: Option<Vec<String>>,
    /// Where people may go after signing out.
    post_logout_redirect_uris: Option<Vec<String>>,
    /// The teams that may use it; all unless said.
    teams: Option<Vec<String>>,
    /// `member` or `admin`: the least role it asks for; `member` unless said.
    min_role: Option<String>,
    /// Whether it must use PKCE; it must unless said.
    require_pkce: Option<bool>,
    /// `RS256` or `ES256`: what its ID tokens are signed with; `RS256` unless said.
    id_token_alg: Option<String>,
    /// `opaque` or `jwt`: what kind of access tokens it gets; `opaque` unless said.
    access_tokens: Option<String>,
    /// Its page where a sign-in by Teamdoor begins; tiles lead there.
    initiate_login_uri: Option<String>,
    /// Its front page; tiles lead there when it has no `initiate_login_uri`.
    home_url: Option<String>,
    /// Where it is told that a session ended.
    backchannel_logout_uri: Option<String>,
    /// `tile`, `billing` or `hidden`: where people find it; `tile` unless said.
    place: Option<String>,
}

impl Addition {
    fn new_app(self, public_url: &Url) -> Result<NewApp, Fault> {
        let host = self.host.as_deref().map(|said| host(said, public_url)).transpose()?;
        let change = |said: Option<String>| said.map_or(Change::Keep, Change::Set);
        let options = Options {
            redirect_uris: self.redirect_uris,
            post_logout_redirect_uris: self.post_logout_redirect_uris,
            teams: self.teams.map_or(Change::Keep, Change::Set),
            min_role: self.min_role,
            require_pkce: self.require_pkce,
            id_token_alg: self.id_token_alg,
            access_tokens: self.access_tokens,
            initiate_login_uri: change(self.initiate_login_uri),
            home_url: change(self.home_url),
            backchannel_logout_uri: change(self.backchannel_logout_uri),
            place: self.place,
        };
        let secrecy = if self.public { Secrecy::Public } else { Secrecy::Confidential };
        Ok(NewApp { name: self.name, secrecy, host, options: options.over(AppOptions::default())? })
    }
}

/// A host that is not our own.
pub(crate) fn host(said: &str, public_url: &Url) -> Result<AppHost, Fault> {
    AppHost::parse_other(said, public_url).map_err(|error| field("host", error))
}

/// Registers an app
///
/// Its secret is in this answer and nowhere else.
#[utoipa::path(post, path = "/api/v1/apps", tag = "Apps", request_body = Addition, responses(
    (status = 201, description = "The app, registered", body = AppMadeShown, headers(("ETag", description = "For If-Match"), ("Location", description = "The app"))),
    Problem,
))]
pub(crate) async fn add_app(app: web::Data<App>, order: Order<Addition>) -> Result<HttpResponse, Fault> {
    let new = order.said.new_app(&app.door.public_url)?;
    let operator = order.caller.operator();
    let (added, secret) =
        write(&app, move |tx, app| Ok(apps::add(tx, &*app.door.chance, &operator, &new)?)).await?;
    let address = app.door.address(&format!("/api/v1/apps/{}", added.id));
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, address))
        .insert_header((header::ETAG, etag::of_app(&added)))
        .json(Made::new(&added, secret.as_ref())))
}
