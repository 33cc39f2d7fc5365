//! What every list of the console does: ask the database, cut a page off, make the address of the next.

use actix_web::web;
use storage::{Connection, StorageError};
use url::form_urlencoded;

use crate::app::App;
use crate::failed::{Failed, database};

/// Asks the database.
pub(super) async fn read<T: Send + 'static>(
    app: &web::Data<App>,
    deed: impl FnOnce(&mut Connection) -> Result<T, StorageError> + Send + 'static,
) -> Result<T, Failed> {
    let db = app.door.database.clone();
    storage::blocking(move || db.read(deed)).await.map_err(|error| database(app, &error))
}

/// Cuts the row off that was read beyond a page, and says where the next page begins, if there is one.
pub(super) fn cut<T>(rows: &mut Vec<T>, most: i64, place: impl Fn(&T) -> String) -> Option<String> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    rows.last().filter(|_| more).map(place)
}

/// An address with those parameters that say something.
pub(super) fn address(path: &str, parameters: &[(&str, Option<&str>)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let said = parameters.iter().filter_map(|(name, value)| Some((name, (*value)?)));
    query.extend_pairs(said.filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// What somebody typed comes back no longer than this.
pub(super) fn typed(text: &str) -> String {
    text.chars().take(100).collect()
}
