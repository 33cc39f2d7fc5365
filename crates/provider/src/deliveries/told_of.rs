//! The table `app_sessions` as the worker reads and empties it.

use diesel::prelude::*;
use storage::schema::{app_sessions, sessions};
use storage::{Connection, StorageError, Tx, each};

/// How many app sessions are looked at in one step.
pub(super) const PAGE: usize = 500;

/// An app session as it is kept.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = app_sessions)]
pub(super) struct AppSession {
    pub(super) sid: String,
    pub(super) client_id: String,
    pub(super) session_hash: String,
    pub(super) person_id: String,
}

/// Which app sessions to look at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Among<'a> {
    /// Those of these sessions, whether they are there or not.
    Sessions(&'a [String]),
    /// Those of sessions that these people still have.
    People(&'a [String]),
    /// Those of sessions that this team still has.
    Team(&'a str),
    /// Those of this app.
    App(&'a str),
    /// All.
    All,
}

/// The next app sessions after `after`, in the order of their `sid`, at most [`PAGE`].
pub(super) fn page(
    connection: &mut Connection,
    among: Among<'_>,
    after: &str,
) -> Result<Vec<AppSession>, StorageError> {
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
    let these = app_sessions::table.filter(app_sessions::sid.gt(after)).order(app_sessions::sid).limit(limit);
    let theirs = app_sessions::table
        .inner_join(sessions::table.on(sessions::hash.eq(app_sessions::session_hash)))
        .filter(app_sessions::sid.gt(after))
        .order(app_sessions::sid)
        .limit(limit);
    Ok(match among {
        Among::Sessions(hashes) => {
            let query = these.filter(app_sessions::session_hash.eq_any(hashes));
            each!(connection, c => query.select(AppSession::as_select()).load(c))?
        }
        Among::People(people) => {
            let query = theirs.filter(sessions::person_id.eq_any(people));
            each!(connection, c => query.select(AppSession::as_select()).load(c))?
        }
        Among::Team(team) => {
            let query = theirs.filter(sessions::team_id.eq(team));
            each!(connection, c => query.select(AppSession::as_select()).load(c))?
        }
        Among::App(client) => {
            let query = these.filter(app_sessions::client_id.eq(client));
            each!(connection, c => query.select(AppSession::as_select()).load(c))?
        }
        Among::All => each!(connection, c => these.select(AppSession::as_select()).load(c))?,
    })
}

/// Takes an app session out. Says whether it was there: of several nodes one hears yes.
pub(super) fn take(tx: &mut Tx<'_>, sid: &str) -> Result<bool, StorageError> {
    Ok(each!(&mut **tx, c => diesel::delete(app_sessions::table.find(sid)).execute(c))? == 1)
}
