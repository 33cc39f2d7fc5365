//! What `app add` and `app set` may both be told.

use apps::{
    AccessTokens, AppError, AppHost, AppOptions, Edit, HostEdit, Pkce, Place, RedirectUri, UriError, WebUri,
};
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use vocabulary::{Role, SigningAlgorithm, TeamId};

use crate::house::House;
use crate::trouble::Trouble;

#[derive(Debug, Args)]
pub(crate) struct Said {
    /// Where answers go, letter by letter; may be said several times.
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<String>,
    /// Where people may go after signing out; may be said several times.
    #[arg(long = "post-logout-redirect-uri", value_name = "URI")]
    post_logout_redirect_uris: Vec<String>,
    /// A team that may use it, several if said several times; without any, all may.
    #[arg(long = "team", value_name = "TEAM_ID")]
    teams: Vec<String>,
    /// The least role it asks for; member unless said.
    #[arg(long, value_name = "ROLE", value_parser = ["member", "admin"])]
    min_role: Option<String>,
    /// The host on which it stands behind forward-auth, for example wiki.example.com.
    #[arg(long)]
    host: Option<String>,
    /// Its page where a sign-in by Teamdoor begins; tiles lead there.
    #[arg(long, value_name = "URI")]
    initiate_login_uri: Option<String>,
    /// Its front page, where that is not the root of its host or of its redirect URI; tiles lead there when there is no --initiate-login-uri.
    #[arg(long, value_name = "URI")]
    home_url: Option<String>,
    /// Where it is told that a session ended.
    #[arg(long, value_name = "URI")]
    backchannel_logout_uri: Option<String>,
    /// What its ID tokens are signed with; RS256 unless said.
    #[arg(long, value_name = "ALG", value_parser = ["RS256", "ES256"])]
    id_token_alg: Option<String>,
    /// What kind of access tokens it gets; opaque unless said.
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(AccessTokens::WORDS))]
    access_tokens: Option<String>,
    /// Whether it must use PKCE; required unless said.
    #[arg(long, value_name = "WORD", value_parser = PossibleValuesParser::new(Pkce::WORDS))]
    pkce: Option<String>,
    /// Where people find it; as a tile unless said.
    #[arg(long, value_name = "WORD", value_parser = PossibleValuesParser::new(Place::WORDS))]
    place: Option<String>,
}

/// What `app set --without` takes away.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Without {
    RedirectUri,
    PostLogoutRedirectUri,
    Team,
    Host,
    InitiateLoginUri,
    HomeUrl,
    BackchannelLogoutUri,
}

impl Without {
    pub(crate) fn take_from(self, edit: &mut Edit) {
        let options = edit.options.get_or_insert_default();
        match self {
            Self::RedirectUri => options.redirect_uris.clear(),
            Self::PostLogoutRedirectUri => options.post_logout_redirect_uris.clear(),
            Self::Team => options.teams = None,
            Self::Host => edit.host = HostEdit::Goes,
            Self::InitiateLoginUri => options.initiate_login_uri = None,
            Self::HomeUrl => options.home_url = None,
            Self::BackchannelLogoutUri => options.backchannel_logout_uri = None,
        }
    }
}

impl Said {
    /// The host; our own is none of an app's.
    pub(crate) fn host(&self, house: &House) -> Result<Option<AppHost>, Trouble> {
        let read = |host: &str| AppHost::parse_other(host, house.public_url()).map_err(argument);
        self.host.as_deref().map(read).transpose()
    }

    /// What was said, over what holds otherwise.
    pub(crate) fn over(&self, mut options: AppOptions) -> Result<AppOptions, Trouble> {
        if !self.redirect_uris.is_empty() {
            options.redirect_uris = addresses(&self.redirect_uris, RedirectUri::parse)?;
        }
        if !self.post_logout_redirect_uris.is_empty() {
            options.post_logout_redirect_uris =
                addresses(&self.post_logout_redirect_uris, RedirectUri::parse)?;
        }
        if !self.teams.is_empty() {
            let teams: Result<Vec<TeamId>, _> = self.teams.iter().map(|text| TeamId::parse(text)).collect();
            options.teams = Some(teams.map_err(argument)?);
        }
        let pages = [
            (&self.initiate_login_uri, &mut options.initiate_login_uri),
            (&self.home_url, &mut options.home_url),
            (&self.backchannel_logout_uri, &mut options.backchannel_logout_uri),
        ];
        for (said, page) in pages {
            if let Some(text) = said {
                *page = Some(address(text, WebUri::parse)?);
            }
        }
        if let Some(word) = &self.id_token_alg {
            options.id_token_alg = SigningAlgorithm::parse(word).map_err(argument)?;
        }
        // Of these, the parser of arguments lets only words through that are some.
        let word = |word: &Option<String>| word.as_deref().unwrap_or_default().to_owned();
        options.min_role = Role::parse(&word(&self.min_role)).unwrap_or(options.min_role);
        options.access_tokens =
            AccessTokens::parse(&word(&self.access_tokens)).unwrap_or(options.access_tokens);
        options.pkce = Pkce::parse(&word(&self.pkce)).unwrap_or(options.pkce);
        options.place = Place::parse(&word(&self.place)).unwrap_or(options.place);
        Ok(options)
    }
}

fn addresses<T>(said: &[String], parse: impl Fn(&str) -> Result<T, UriError>) -> Result<Vec<T>, Trouble> {
    said.iter().map(|text| address(text, &parse)).collect()
}

fn address<T>(text: &str, parse: impl Fn(&str) -> Result<T, UriError>) -> Result<T, Trouble> {
    parse(text).map_err(|why| argument(AppError::address(text, why)))
}

fn argument(error: impl std::fmt::Display) -> Trouble {
    Trouble::Argument(error.to_string())
}
