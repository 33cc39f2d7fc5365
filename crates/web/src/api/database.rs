//! The API's way to the database: short reads, and changes that are one transaction each.

use actix_web::web;
use storage::{Connection, Tx};
use teams::Tenant;
use vocabulary::TeamId;

use crate::api::problem::Fault;
use crate::app::App;

/// Asks the database.
pub(crate) async fn read<T: Send + 'static>(
    app: &web::Data<App>,
    deed: impl FnOnce(&mut Connection) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let database = app.door.database.clone();
    storage::blocking(move || database.read(deed)).await
}

/// Changes something, all of it or nothing.
pub(crate) async fn write<T: Send + 'static>(
    app: &web::Data<App>,
    deed: impl FnOnce(&mut Tx<'_>, &App) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let (app, now) = (app.clone(), app.now());
    storage::blocking(move || app.door.database.write(now, |tx| deed(tx, &app))).await
}

/// The team of this name.
pub(crate) fn team(connection: &mut Connection, team_id: &TeamId) -> Result<Tenant, Fault> {
    teams::find(connection, team_id)?.ok_or(Fault::TeamUnknown)
}

/// The same under its lock, so that what was compared still stands when it is changed.
pub(crate) fn locked_team(tx: &mut Tx<'_>, team_id: &TeamId) -> Result<Tenant, Fault> {
    teams::lock_roles(tx, team_id)?;
    team(tx, team_id)
}
