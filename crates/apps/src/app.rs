//! An app as it is registered.

use sealing::{TokenHash, hash_token};
use serde::{Deserialize, Serialize};
use url::Url;
use vocabulary::{ClientId, Role, SigningAlgorithm, TeamId, Timestamp, Version};

use crate::uri::{AppHost, RedirectUri, WebUri};
use crate::words::{AccessTokens, Pkce, Place};

/// Whether an app can keep a secret (RFC 6749 §2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It can: a service.
    Confidential(Secrets),
    /// It cannot: a page in a browser, an app of a phone or desktop. It always uses PKCE.
    Public,
}

/// The hashes of a confidential app's secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secrets {
    pub(crate) present: TokenHash,
    /// The one before, and until when it still counts.
    pub(crate) old: Option<(TokenHash, Timestamp)>,
}

/// How an app wants to be used. Kept as JSON: a member that an older version wrote not has its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AppOptions {
    /// Where answers go (`redirect_uris`).
    pub redirect_uris: Vec<RedirectUri>,
    /// Where people may go after signing out (`post_logout_redirect_uris`).
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// The teams that may use it; none for all.
    pub teams: Option<Vec<TeamId>>,
    /// The least role it asks for.
    pub min_role: Role,
    /// Whether it must use PKCE.
    pub pkce: Pkce,
    /// What its ID tokens are signed with (`id_token_signed_response_alg`).
    pub id_token_alg: SigningAlgorithm,
    /// What kind of access tokens it gets.
    pub access_tokens: AccessTokens,
    /// Where it is told that a session ended (`backchannel_logout_uri`).
    pub backchannel_logout_uri: Option<WebUri>,
    /// Where a sign-in by us begins (`initiate_login_uri`, OpenID Connect Core §4).
    pub initiate_login_uri: Option<WebUri>,
    /// Its front page.
    pub home_url: Option<WebUri>,
    /// Where people find it.
    pub place: Place,
}

impl Default for AppOptions {
    fn default() -> Self {
        Self {
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            teams: None,
            min_role: Role::Member,
            pkce: Pkce::default(),
            id_token_alg: SigningAlgorithm::Rs256,
            access_tokens: AccessTokens::default(),
            backchannel_logout_uri: None,
            initiate_login_uri: None,
            home_url: None,
            place: Place::default(),
        }
    }
}

/// A product behind the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    /// Its `client_id`.
    pub id: ClientId,
    /// What people call it.
    pub name: String,
    /// Whether it keeps a secret.
    pub kind: Kind,
    /// The host on which it stands behind forward-auth.
    pub host: Option<AppHost>,
    /// How it wants to be used.
    pub options: AppOptions,
    /// How often it was changed.
    pub version: Version,
    /// When it was registered.
    pub created_at: Timestamp,
}

impl App {
    /// The redirect URI of its own that is written exactly so, the one of its host among them.
    #[must_use]
    pub fn redirect_uri(&self, said: &str) -> Option<RedirectUri> {
        let of_host = self.host.as_ref().map(AppHost::redirect_uri);
        self.options.redirect_uris.iter().cloned().chain(of_host).find(|uri| uri.as_str() == said)
    }

    /// The post-logout redirect URI of its own that is written exactly so.
    #[must_use]
    pub fn post_logout_redirect_uri(&self, said: &str) -> Option<&RedirectUri> {
        self.options.post_logout_redirect_uris.iter().find(|uri| uri.as_str() == said)
    }

    /// Whether it keeps a secret.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        match self.kind {
            Kind::Confidential(_) => false,
            Kind::Public => true,
        }
    }

    /// Until when its secret of before counts, or counted; none when it ended at once or there was none.
    #[must_use]
    pub fn old_secret_until(&self) -> Option<Timestamp> {
        match &self.kind {
            Kind::Confidential(secrets) => secrets.old.as_ref().map(|(_, until)| *until),
            Kind::Public => None,
        }
    }

    /// Where somebody of a team is sent who opens it: where a sign-in by us begins, told by whom, for which team
    /// and for what; else to what they want to see, or to its front page, on its host behind forward-auth by the
    /// sign-in there, which is told the team. `target` is an address that [`Self::has_address`] knows. None for an
    /// app that is not on the web.
    #[must_use]
    pub fn opening(&self, issuer: &str, team: &TeamId, target: Option<&Url>) -> Option<String> {
        let target = target.map(Url::as_str);
        if let Some(begin) = &self.options.initiate_login_uri {
            let said = [("iss", Some(issuer)), ("team_id", Some(team.as_str())), ("target_link_uri", target)];
            let said: Vec<_> = said.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
            return Some(begin.with(&said));
        }
        let page = target.map(str::to_owned).or_else(|| self.front_page())?;
        Some(self.sign_in_on_host(team, &page).unwrap_or(page))
    }

    /// Where a sign-in for this team begins that ends at a page on the app's host; none for a page elsewhere.
    fn sign_in_on_host(&self, team: &TeamId, page: &str) -> Option<String> {
        let (host, page) = (self.host.as_ref()?, Url::parse(page).ok()?);
        if page.origin().ascii_serialization() != host.origin() {
            return None;
        }
        let way = &page[url::Position::BeforePath..url::Position::AfterQuery];
        let said = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("team", team.as_str())
            .append_pair("return_to", way)
            .finish();
        Some(format!("{}/.teamdoor/sign-in?{said}", host.origin()))
    }

    /// The host that people see when they have opened it, with its port where that is not the usual one. None for an
    /// app that is not on the web.
    #[must_use]
    pub fn shown_host(&self) -> Option<String> {
        let begin = || self.options.initiate_login_uri.as_ref().map(|page| page.as_url().to_string());
        let page = Url::parse(&self.front_page().or_else(begin)?).ok()?;
        let port = page.port().map(|port| format!(":{port}")).unwrap_or_default();
        Some(format!("{}{port}", page.host_str()?))
    }

    /// Its front page as registered; else the root of its host, or of where its answers go.
    fn front_page(&self) -> Option<String> {
        let home = self.options.home_url.as_ref().map(|home| home.as_url().to_string());
        let of_answers = || self.options.redirect_uris.iter().find_map(RedirectUri::origin);
        home.or_else(|| self.host.as_ref().map(AppHost::origin)).or_else(of_answers)
    }

    /// Whether a text is its secret now. A public app has none.
    #[must_use]
    pub fn has_secret(&self, text: &str, now: Timestamp) -> bool {
        let Kind::Confidential(secrets) = &self.kind else { return false };
        // Hashes of 192 random bits: how far two of them agree tells nobody anything.
        let hash = hash_token(text);
        let is_old = secrets.old.as_ref().is_some_and(|(old, until)| *old == hash && now < *until);
        secrets.present == hash || is_old
    }

    /// Whether an address lies on one of its registered origins: where it is sent back to, its front page, its
    /// host. A tile may lead there (`target_link_uri`).
    #[must_use]
    pub fn has_address(&self, address: &Url) -> bool {
        let plain = address.username().is_empty() && address.password().is_none();
        let origin = address.origin();
        let pages = [&self.options.initiate_login_uri, &self.options.home_url];
        let of_pages = pages.into_iter().flatten().any(|page| page.as_url().origin() == origin);
        let told = origin.ascii_serialization();
        let of_redirects =
            self.options.redirect_uris.iter().any(|uri| uri.origin().is_some_and(|uri| uri == told));
        let of_host = self.host.as_ref().is_some_and(|host| host.origin() == told);
        plain && origin.is_tuple() && (of_pages || of_redirects || of_host)
    }
}
