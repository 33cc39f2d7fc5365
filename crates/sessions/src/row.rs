//! A session as it is kept.

use diesel::prelude::*;
use roles::Membership;
use sealing::{KeyRing, Label, Purpose, TokenHash};
use storage::schema::{memberships, sessions};
use storage::{Connection, StorageError, each};
use vocabulary::{PersonId, Role, TeamId, Timestamp, Version};

/// Somebody's open session in one browser.
#[derive(Clone, Debug)]
pub struct Session {
    /// The hash of its token.
    pub hash: TokenHash,
    /// The one team it is good for.
    pub team_id: TeamId,
    /// Whose it is.
    pub person_id: PersonId,
    /// Through which connection it was opened.
    pub connection_id: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When they signed in at their identity provider, as far as it told.
    pub auth_time: Option<Timestamp>,
    /// When it was last used, to within a minute.
    pub seen_at: Timestamp,
    /// When it ends however much it is used.
    pub absolute_until: Timestamp,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
struct Row {
    team_id: String,
    person_id: String,
    connection_id: String,
    opened_at: i64,
    seen_at: i64,
    absolute_until: i64,
    auth_time: Option<i64>,
}

impl Row {
    fn session(self, hash: TokenHash) -> Option<Session> {
        Some(Session {
            hash,
            team_id: TeamId::parse(&self.team_id).ok()?,
            person_id: PersonId::parse(&self.person_id)?,
            connection_id: self.connection_id,
            opened_at: Timestamp::from_millis(self.opened_at),
            seen_at: Timestamp::from_millis(self.seen_at),
            absolute_until: Timestamp::from_millis(self.absolute_until),
            auth_time: self.auth_time.map(Timestamp::from_millis),
        })
    }
}

/// The session with this hash.
pub(crate) fn find(connection: &mut Connection, hash: &TokenHash) -> Result<Option<Session>, StorageError> {
    let query = sessions::table.find(hash.as_str());
    let row: Option<Row> = each!(connection, c => query.select(Row::as_select()).get_result(c).optional())?;
    Ok(row.and_then(|row| row.session(hash.clone())))
}

/// The sessions with these hashes, each with its person's membership; those without one are left out.
pub(crate) fn with_memberships(
    connection: &mut Connection,
    hashes: &[TokenHash],
) -> Result<Vec<(Session, Membership)>, StorageError> {
    type Found = (String, Row, (String, bool, i64));
    let of_their_team =
        memberships::person_id.eq(sessions::person_id).and(memberships::team_id.eq(sessions::team_id));
    let hashes = hashes.iter().map(TokenHash::as_str);
    let query = sessions::table
        .inner_join(memberships::table.on(of_their_team))
        .filter(sessions::hash.eq_any(hashes.collect::<Vec<_>>()));
    let membership = (memberships::role, memberships::active, memberships::version);
    let found: Vec<Found> =
        each!(connection, c => query.select((sessions::hash, Row::as_select(), membership)).load(c))?;
    let read = |(hash, row, (role, active, version)): Found| {
        let session = row.session(TokenHash::parse(&hash)?)?;
        let (person, role) = (session.person_id.clone(), Role::parse(&role)?);
        Some((session, Membership { person, role, active, version: Version(version) }))
    };
    Ok(found.into_iter().filter_map(read).collect())
}

/// The ID token by which the session was opened, for `id_token_hint`; none when it was not kept or the key ring
/// cannot open it.
pub fn id_token(
    connection: &mut Connection,
    keys: &KeyRing,
    hash: &TokenHash,
) -> Result<Option<String>, StorageError> {
    let query = sessions::table.find(hash.as_str()).select(sessions::id_token);
    let sealed: Option<Option<String>> = each!(connection, c => query.get_result(c).optional())?;
    let label = Label { purpose: Purpose::IdToken, context: hash.as_str() };
    let plain = sealed.flatten().and_then(|sealed| keys.open(&label, &sealed).ok());
    Ok(plain.and_then(|plain| String::from_utf8(plain.to_vec()).ok()))
}
