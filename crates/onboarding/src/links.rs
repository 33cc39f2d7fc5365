//! Setup links: by one the customer's own admin sets up a team before anybody can sign in to it.
//!
//! A link is kept as its hash, lives three days, may be opened as often as its holder likes, gives way to the next one,
//! and is worth nothing once the team's connection is enabled.

use std::time::Duration;

use audit::{Act, Actor, Deed};
use diesel::prelude::*;
use mail::{Letter, Occasion};
use roles::{Clerk, Operator};
use sealing::{OpaqueToken, TokenHash, TokenPrefix};
use serde_json::json;
use storage::schema::setup_links;
use storage::{Connection, StorageError, Tx, each};
use teams::{Status, Tenant};
use vocabulary::{Email, TeamId, Timestamp, random_id};

/// For how long a link can be used.
pub const SETUP_LINK: Duration = Duration::from_hours(3 * 24);

/// Why there is no link to be had.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// There is no such team.
    #[error("There is no team called {0}.")]
    Unknown(TeamId),
    /// Its people can sign in, so that its admins use the settings page.
    #[error("Single sign-on for {0} is on. Its admins change it on the settings page.")]
    AlreadyOpen(TeamId),
    /// The team is suspended.
    #[error("{0} is suspended. Open it again first.")]
    Suspended(TeamId),
    /// The link was revoked, replaced, is too old, or there never was one.
    #[error("This setup link can't be used any more.")]
    Gone,
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A link that can be used.
#[derive(Clone, Debug)]
pub struct SetupLink {
    /// Its key; no secret.
    pub id: String,
    /// Whose settings it opens.
    pub team: TeamId,
    /// Who was sent it.
    pub recipient: Option<Email>,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

/// A link just made.
#[derive(Debug)]
pub struct SetupLinkMade {
    /// The secret part of its address, to be shown once.
    pub token: OpaqueToken,
    /// The link.
    pub link: SetupLink,
}

/// The path of a link.
#[must_use]
pub fn setup_path(token: &OpaqueToken) -> String {
    format!("/setup/{}", token.reveal())
}

/// Makes a link; those made before end. Whoever is named as `recipient` gets it by mail.
pub fn make_link(
    tx: &mut Tx<'_>,
    clerk: Clerk<'_>,
    operator: &Operator,
    team_id: &TeamId,
    recipient: Option<&Email>,
) -> Result<SetupLinkMade, LinkError> {
    teams::lock_roles(tx, team_id)?;
    let tenant = closed(tx, team_id)?;
    end_links(tx, team_id)?;
    let token = OpaqueToken::mint(TokenPrefix::Setup, clerk.chance);
    let (id, now) = (random_id(clerk.chance), tx.now());
    let expires_at = now.plus(SETUP_LINK);
    let row = (
        setup_links::id.eq(&id),
        setup_links::hash.eq(token.hash().as_str().to_owned()),
        setup_links::team_id.eq(team_id.as_str()),
        setup_links::recipient.eq(recipient.map(Email::as_str)),
        setup_links::made_at.eq(now.millis()),
        setup_links::expires_at.eq(expires_at.millis()),
    );
    each!(&mut **tx, c => diesel::insert_into(setup_links::table).values(row).execute(c))
        .map_err(StorageError::from)?;
    if let Some(to) = recipient {
        let (team_name, path) = (tenant.team.name, setup_path(&token));
        let occasion = Occasion::SetupLink { team_name, path, days: SETUP_LINK.as_secs() / 86_400 };
        let letter = Letter { to: to.clone(), team_id: Some(team_id.clone()), occasion };
        clerk.desk.write(tx, clerk.chance, &letter)?;
    }
    record(tx, team_id, operator.actor(), Act::SetupLinkMade)?;
    let link = SetupLink { id, team: team_id.clone(), recipient: recipient.cloned(), expires_at };
    Ok(SetupLinkMade { token, link })
}

/// Ends the links of a team; says whether there was one.
pub fn revoke_links(tx: &mut Tx<'_>, operator: &Operator, team_id: &TeamId) -> Result<bool, LinkError> {
    teams::lock_roles(tx, team_id)?;
    if teams::find(tx, team_id)?.is_none() {
        return Err(LinkError::Unknown(team_id.clone()));
    }
    let ended = end_links(tx, team_id)?;
    if ended > 0 {
        record(tx, team_id, operator.actor(), Act::SetupLinkRevoked)?;
    }
    Ok(ended > 0)
}

/// Ends all links of a team that is open now, or gone.
pub(crate) fn end_links(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<usize, StorageError> {
    let open = setup_links::table
        .filter(setup_links::team_id.eq(team_id.as_str()))
        .filter(setup_links::ended_at.is_null());
    let now = setup_links::ended_at.eq(tx.now().millis());
    Ok(each!(&mut **tx, c => diesel::update(open).set(now).execute(c))?)
}

type Row = (String, String, Option<String>, i64);

/// The link that somebody holds, with its team, if it can be used at this moment.
pub fn find_link(
    connection: &mut Connection,
    token: &OpaqueToken,
    now: Timestamp,
) -> Result<(SetupLink, Tenant), LinkError> {
    by_hash(connection, &token.hash(), now)
}

fn by_hash(
    connection: &mut Connection,
    hash: &TokenHash,
    now: Timestamp,
) -> Result<(SetupLink, Tenant), LinkError> {
    let query = setup_links::table
        .filter(setup_links::hash.eq(hash.as_str()))
        .filter(setup_links::ended_at.is_null())
        .filter(setup_links::expires_at.gt(now.millis()))
        .select((setup_links::id, setup_links::team_id, setup_links::recipient, setup_links::expires_at));
    let row: Option<Row> =
        each!(connection, c => query.get_result(c).optional()).map_err(StorageError::from)?;
    let (id, team, recipient, expires_at) = row.ok_or(LinkError::Gone)?;
    let team = TeamId::parse(&team).map_err(|_unreadable| LinkError::Gone)?;
    // A team that is open or suspended by now has no use for it; whoever holds the link reads no more than that.
    let tenant = closed(connection, &team).map_err(|error| match error {
        LinkError::Storage(error) => LinkError::Storage(error),
        LinkError::Unknown(_) | LinkError::AlreadyOpen(_) | LinkError::Suspended(_) | LinkError::Gone => {
            LinkError::Gone
        }
    })?;
    let recipient = recipient.and_then(|text| Email::parse(&text).ok());
    Ok((SetupLink { id, team, recipient, expires_at: Timestamp::from_millis(expires_at) }, tenant))
}

/// Whose link a token was, whatever became of it.
pub fn team_of_link(
    connection: &mut Connection,
    token: &OpaqueToken,
) -> Result<Option<TeamId>, StorageError> {
    let query = setup_links::table
        .filter(setup_links::hash.eq(token.hash().as_str().to_owned()))
        .select(setup_links::team_id);
    let team: Option<String> = each!(connection, c => query.get_result(c).optional())?;
    Ok(team.and_then(|team| TeamId::parse(&team).ok()))
}

/// A link that can be used, as an operator sees it.
#[derive(Clone, Debug)]
pub struct LiveLink {
    /// Who was sent it.
    pub recipient: Option<Email>,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was opened for the first time.
    pub opened_at: Option<Timestamp>,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

/// The link of a team that can be used at this moment, if there is one.
pub fn live_link(
    connection: &mut Connection,
    team_id: &TeamId,
    now: Timestamp,
) -> Result<Option<LiveLink>, StorageError> {
    let query = setup_links::table
        .filter(setup_links::team_id.eq(team_id.as_str()))
        .filter(setup_links::ended_at.is_null())
        .filter(setup_links::expires_at.gt(now.millis()))
        .order(setup_links::made_at.desc())
        .select((
            setup_links::recipient,
            setup_links::made_at,
            setup_links::opened_at,
            setup_links::expires_at,
        ));
    let row: Option<(Option<String>, i64, Option<i64>, i64)> =
        each!(connection, c => query.first(c).optional())?;
    Ok(row.map(|(recipient, made_at, opened_at, expires_at)| LiveLink {
        recipient: recipient.and_then(|text| Email::parse(&text).ok()),
        made_at: Timestamp::from_millis(made_at),
        opened_at: opened_at.map(Timestamp::from_millis),
        expires_at: Timestamp::from_millis(expires_at),
    }))
}

/// Notes that a link was opened. The first time is put on record.
pub fn open_link(tx: &mut Tx<'_>, token: &OpaqueToken) -> Result<SetupLink, LinkError> {
    let now = tx.now();
    let (link, _) = find_link(tx, token, now)?;
    let unopened = setup_links::table.find(&link.id).filter(setup_links::opened_at.is_null());
    let opened = setup_links::opened_at.eq(now.millis());
    let first =
        each!(&mut **tx, c => diesel::update(unopened).set(opened).execute(c)).map_err(StorageError::from)?;
    if first == 1 {
        record(tx, &link.team, &Actor::SetupLink(link.id.clone()), Act::SetupLinkOpened)?;
    }
    Ok(link)
}

/// Forgets links that ended or grew too old a month ago.
pub fn tidy_links(tx: &mut Tx<'_>) -> Result<usize, StorageError> {
    let old = tx.now().minus(Duration::from_hours(30 * 24)).millis();
    let gone = setup_links::table.filter(setup_links::expires_at.lt(old));
    Ok(each!(&mut **tx, c => diesel::delete(gone).execute(c))?)
}

/// A team whose door is not open yet.
pub(crate) fn closed(connection: &mut Connection, team_id: &TeamId) -> Result<Tenant, LinkError> {
    let tenant = teams::find(connection, team_id)?.ok_or_else(|| LinkError::Unknown(team_id.clone()))?;
    if tenant.team.status == Status::Suspended {
        return Err(LinkError::Suspended(team_id.clone()));
    }
    if tenant.is_open() {
        return Err(LinkError::AlreadyOpen(team_id.clone()));
    }
    Ok(tenant)
}

fn record(tx: &mut Tx<'_>, team: &TeamId, actor: &Actor, act: Act) -> Result<(), StorageError> {
    audit::record(
        tx,
        &Deed { team: Some(team), actor, act, target: None, detail: json!({}), reference: None },
    )
}
