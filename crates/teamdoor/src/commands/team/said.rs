//! What `team add` and `team set` may both be told, and what comes of it.

use std::path::{Path, PathBuf};

use clap::Args;
use onboarding::{Hand, SettingsError};
use roles::{Authority, Operator};
use storage::Tx;
use teams::{CallbackPath, ConnectionOptions, Edit, Founding, NewTeam, Registrar, Requirement, State};
use vocabulary::{
    ClientAuth, ClientId, ClientSecret, Domain, Email, EmailTrust, Issuer, Scopes, TeamId, Timestamp,
};

use crate::house::House;
use crate::trouble::Trouble;

/// What `add` and `set` may both be told.
#[derive(Debug, Args)]
pub(crate) struct Said {
    /// A file with the client secret, or - for standard input.
    #[arg(long, value_name = "FILE")]
    client_secret_file: Option<PathBuf>,
    /// The day on which the client secret expires; the team's admins get letters before.
    #[arg(long, value_name = "YYYY-MM-DD")]
    client_secret_expires: Option<String>,
    /// A file with the client secret that takes over when the provider rejects this one, or - for standard input.
    #[arg(long, value_name = "FILE")]
    next_client_secret_file: Option<PathBuf>,
    /// The day on which that one expires.
    #[arg(long, value_name = "YYYY-MM-DD", requires = "next_client_secret_file")]
    next_client_secret_expires: Option<String>,
    /// What people call the team.
    #[arg(long)]
    name: Option<String>,
    /// A domain people's email must be of; may be said several times.
    #[arg(long = "domain")]
    domains: Vec<String>,
    /// Open the door without a test sign-in.
    #[arg(long)]
    enabled: bool,
    /// A scope to ask for; may be said several times.
    #[arg(long = "scope")]
    scopes: Vec<String>,
    /// How we show who we are at the token endpoint.
    #[arg(long, value_parser = ["basic", "post"])]
    client_auth: Option<String>,
    /// When an email is believed.
    #[arg(long, value_parser = ["unless_denied", "verified", "issuer"])]
    email_trust: Option<String>,
    /// A path of the redirect URI that moved in with an app, for example /auth/okta/callback.
    #[arg(long)]
    callback_path: Option<String>,
    /// Where the identity provider sends people after signing out there.
    #[arg(long)]
    post_logout_redirect_uri: Option<String>,
    /// Another address of the same identity provider; may be said several times.
    #[arg(long = "alias", value_name = "ISSUER")]
    aliases: Vec<String>,
    /// A claim every ID token must carry: hd=… or tid=…
    #[arg(long = "require", value_name = "CLAIM=VALUE")]
    requirement: Option<String>,
}

fn said<T, E: std::fmt::Display>(parsed: Result<T, E>) -> Result<T, Trouble> {
    parsed.map_err(|error| Trouble::Argument(error.to_string()))
}

impl Said {
    /// A team whose connection is still to come: nothing can be said of that yet.
    pub(super) fn founding(&self, team_id: &str, admin_email: &str) -> Result<Founding, Trouble> {
        let says_more = self.enabled
            || self.client_secret_file.is_some()
            || self.client_secret_expires.is_some()
            || self.next_client_secret_file.is_some()
            || self.callback_path.is_some()
            || !self.is_without_options();
        if says_more {
            let text = "Without --issuer and --client-id only --name and --admin-email can be said.";
            return Err(Trouble::Argument(text.to_owned()));
        }
        Ok(Founding {
            team_id: said(TeamId::parse(team_id))?,
            name: self.name.clone(),
            admin_email: said(Email::parse(admin_email))?,
        })
    }

    const fn is_without_options(&self) -> bool {
        self.domains.is_empty()
            && self.scopes.is_empty()
            && self.aliases.is_empty()
            && self.client_auth.is_none()
            && self.email_trust.is_none()
            && self.requirement.is_none()
            && self.post_logout_redirect_uri.is_none()
    }

    pub(super) fn new_team(
        &self,
        team_id: &str,
        issuer: &str,
        client_id: &str,
        admin_email: &str,
    ) -> Result<NewTeam, Trouble> {
        let issuer = said(Issuer::parse_typed(issuer))?;
        Ok(NewTeam {
            team_id: said(TeamId::parse(team_id))?,
            name: self.name.clone(),
            admin_email: said(Email::parse(admin_email))?,
            client_id: said(ClientId::parse(client_id))?,
            client_secret: self.client_secret()?,
            options: self.options(ConnectionOptions::usual(&issuer))?,
            issuer,
            callback_path: self
                .callback_path
                .as_deref()
                .map(|path| said(CallbackPath::parse(path)))
                .transpose()?,
            state: if self.enabled { State::Enabled } else { State::Draft },
        })
    }

    pub(super) fn edit(
        &self,
        house: &House,
        team_id: &TeamId,
        issuer: Option<String>,
        client_id: Option<String>,
        admin_email: Option<String>,
    ) -> Result<Edit, Trouble> {
        let unknown = || teams::TeamError::Unknown(team_id.clone());
        let now = house.database.read(|connection| teams::find(connection, team_id))?.ok_or_else(unknown)?;
        let issuer = issuer.map(|issuer| said(Issuer::parse_typed(&issuer))).transpose()?;
        let live = now.connection.as_ref().map(|connection| &connection.issuer);
        let before = issuer.as_ref().or(live).map(|issuer| now.options_at(issuer));
        let options = before.clone().map(|before| self.options(before)).transpose()?;
        Ok(Edit {
            name: self.name.clone(),
            admin_email: admin_email.map(|email| said(Email::parse(&email))).transpose()?,
            issuer,
            client_id: client_id.map(|id| said(ClientId::parse(&id))).transpose()?,
            client_secret: self.client_secret()?,
            options: options.filter(|options| Some(options) != before.as_ref()),
            callback_path: self
                .callback_path
                .as_deref()
                .map(|path| said(CallbackPath::parse(path)))
                .transpose()?,
            state: self.enabled.then_some(State::Enabled),
        })
    }

    /// What was said, over what holds otherwise.
    fn options(&self, mut options: ConnectionOptions) -> Result<ConnectionOptions, Trouble> {
        if !self.aliases.is_empty() {
            options.aliases = said(self.aliases.iter().map(|text| Issuer::parse_typed(text)).collect())?;
        }
        if !self.scopes.is_empty() {
            options.scopes = said(Scopes::parse(self.scopes.iter().map(String::as_str)))?;
        }
        if !self.domains.is_empty() {
            options.domains = said(self.domains.iter().map(|text| Domain::try_from(text.clone())).collect())?;
        }
        if let Some(word) = &self.client_auth {
            options.client_auth = said(ClientAuth::parse(word))?;
        }
        if let Some(word) = &self.email_trust {
            options.email_trust = said(EmailTrust::parse(word))?;
        }
        if let Some(requirement) = &self.requirement {
            options.requirement = Some(said(Requirement::parse(requirement))?);
        }
        if self.post_logout_redirect_uri.is_some() {
            options.post_logout_redirect_uri.clone_from(&self.post_logout_redirect_uri);
        }
        Ok(options)
    }

    fn client_secret(&self) -> Result<Option<ClientSecret>, Trouble> {
        self.client_secret_file.as_deref().map(read_secret).transpose()
    }

    /// What was said of the client secret's life. Read once: standard input has one secret alone.
    pub(super) fn life(&self) -> Result<Life, Trouble> {
        let day = |text: &String| {
            let none = || {
                Trouble::Argument(format!("{text} is no day. Say it as YYYY-MM-DD, for example 2027-05-03."))
            };
            Timestamp::of_day(text).ok_or_else(none)
        };
        Ok(Life {
            expires_at: self.client_secret_expires.as_ref().map(day).transpose()?,
            next: self.next_client_secret_file.as_deref().map(read_secret).transpose()?,
            next_expires_at: self.next_client_secret_expires.as_ref().map(day).transpose()?,
        })
    }
}

fn read_secret(path: &Path) -> Result<ClientSecret, Trouble> {
    let text = if path.as_os_str() == "-" {
        std::io::read_to_string(std::io::stdin())?
    } else {
        std::fs::read_to_string(path).map_err(|error| Trouble::File { path: path.to_owned(), error })?
    };
    let none = || Trouble::Said("That is no client secret: it is empty, a mask, or too long.".to_owned());
    ClientSecret::parse(&text).ok_or_else(none)
}

/// What was said of a client secret's life.
pub(super) struct Life {
    expires_at: Option<Timestamp>,
    next: Option<ClientSecret>,
    next_expires_at: Option<Timestamp>,
}

impl Life {
    /// Makes it so.
    pub(super) fn make(
        &self,
        tx: &mut Tx<'_>,
        registrar: &Registrar<'_>,
        operator: &Operator,
        team_id: &TeamId,
    ) -> Result<(), SettingsError> {
        let hand = Hand::Authority(Authority::Operator(operator));
        if self.expires_at.is_some() {
            onboarding::set_secret_expiry(tx, hand, team_id, self.expires_at)?;
        }
        if let Some(next) = &self.next {
            onboarding::set_next_secret(tx, registrar, hand, team_id, next, self.next_expires_at)?;
        }
        Ok(())
    }
}
