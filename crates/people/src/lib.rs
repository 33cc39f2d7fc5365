//! Who came through the door. A person is (connection, subject); an email never identifies.
//!
//! Owns the tables `people` and `former_subjects`. The invariant: what a sign-in refreshes never moves a person to
//! another subject, connection or team, but once when the team itself has moved to another identity provider; and the
//! email an account came into being with is never changed.

mod moving;

pub use moving::{formerly, is_known_at, named};

use diesel::prelude::*;
use storage::schema::people;
use storage::{Connection, StorageError, Subject as Changed, Tx, each};
use vocabulary::{Chance, ConnectionId, Email, PersonId, Subject, TeamId, Timestamp};

#[diesel::declare_sql_function]
extern "SQL" {
    /// Without capitals, as the database folds them.
    fn lower(
        text: diesel::sql_types::Nullable<diesel::sql_types::Text>,
    ) -> diesel::sql_types::Nullable<diesel::sql_types::Text>;
}

/// Whether the connection's rule believes an email.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailStanding {
    /// Believed.
    Trusted,
    /// Shown, but never decides anything.
    Untrusted,
}

/// How somebody came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameBy {
    /// By Team ID or a link.
    TeamId,
    /// By the product's tile in the dashboard of the identity provider.
    Tile,
}

impl CameBy {
    /// `team_id` or `tile`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TeamId => "team_id",
            Self::Tile => "tile",
        }
    }
}

/// What the identity provider says of somebody.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Who they are there.
    pub subject: Subject,
    /// Their email there.
    pub email: Option<Email>,
    /// Whether it is believed.
    pub standing: EmailStanding,
    /// Their full name.
    pub name: Option<String>,
    /// Their first name.
    pub given_name: Option<String>,
    /// Their last name.
    pub family_name: Option<String>,
}

/// Somebody who came through the door.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who they are here.
    pub id: PersonId,
    /// Through which connection they come.
    pub connection_id: String,
    /// Who they are at its identity provider.
    pub subject: String,
    /// Their email, as of the last sign-in.
    pub email: Option<Email>,
    /// Their email when the account came into being.
    pub email_at_creation: Option<Email>,
    /// Whether the email is believed.
    pub standing: EmailStanding,
    /// Their full name.
    pub name: Option<String>,
    /// Their first name.
    pub given_name: Option<String>,
    /// Their last name.
    pub family_name: Option<String>,
    /// How they came in last.
    pub came_by: CameBy,
    /// When they first came.
    pub first_sign_in: Timestamp,
    /// When they last came.
    pub last_sign_in: Timestamp,
}

impl Person {
    /// What to call them: name, else email, else the subject.
    #[must_use]
    pub fn shown_name(&self) -> &str {
        let email = self.email.as_ref().map(Email::as_str);
        self.name.as_deref().or(email).unwrap_or(&self.subject)
    }
}

/// The row of `people`, for rooms that join it with their own.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = people)]
pub struct PersonRow {
    id: String,
    connection_id: String,
    subject: String,
    email: Option<String>,
    email_at_creation: Option<String>,
    email_trusted: bool,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    came_by: String,
    first_sign_in: i64,
    last_sign_in: i64,
}

impl PersonRow {
    /// Whether it says what the identity provider says now.
    fn tells(&self, profile: &Profile) -> bool {
        self.email.as_deref() == profile.email.as_ref().map(Email::as_str)
            && self.email_trusted == (profile.standing == EmailStanding::Trusted)
            && self.name == profile.name
            && self.given_name == profile.given_name
            && self.family_name == profile.family_name
    }
}

impl TryFrom<PersonRow> for Person {
    type Error = StorageError;

    fn try_from(row: PersonRow) -> Result<Self, StorageError> {
        let unreadable = || StorageError::Unavailable("a row of people cannot be read".to_owned());
        let email = |text: Option<String>| text.and_then(|text| Email::parse(&text).ok());
        Ok(Self {
            id: PersonId::parse(&row.id).ok_or_else(unreadable)?,
            connection_id: row.connection_id,
            subject: row.subject,
            email: email(row.email),
            email_at_creation: email(row.email_at_creation),
            standing: if row.email_trusted { EmailStanding::Trusted } else { EmailStanding::Untrusted },
            name: row.name,
            given_name: row.given_name,
            family_name: row.family_name,
            came_by: if row.came_by == CameBy::Tile.as_str() { CameBy::Tile } else { CameBy::TeamId },
            first_sign_in: Timestamp::from_millis(row.first_sign_in),
            last_sign_in: Timestamp::from_millis(row.last_sign_in),
        })
    }
}

/// Whether somebody was here before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visit {
    /// The account came into being now.
    First,
    /// It was there.
    Again,
    /// It was there, at the identity provider that the team had before.
    Moved,
}

/// Finds the person behind a verified identity, or makes their account; refreshes the profile either way. Whoever keeps
/// a copy of the profile is told when it changed; the moment of the last sign-in alone is worth no word.
pub fn recognise(
    tx: &mut Tx<'_>,
    chance: &dyn Chance,
    team: &TeamId,
    connection: &ConnectionId,
    profile: &Profile,
    came_by: CameBy,
) -> Result<(Person, Visit), StorageError> {
    let now = tx.now().millis();
    let email = profile.email.as_ref().map(Email::as_str);
    let came = (people::came_by.eq(came_by.as_str()), people::last_sign_in.eq(now));
    let told = (
        people::email.eq(email),
        people::email_trusted.eq(profile.standing == EmailStanding::Trusted),
        people::name.eq(&profile.name),
        people::given_name.eq(&profile.given_name),
        people::family_name.eq(&profile.family_name),
    );
    let known = people::table
        .filter(people::connection_id.eq(connection.as_str()))
        .filter(people::subject.eq(profile.subject.as_str()));
    let before: Option<PersonRow> = each!(&mut **tx, c => diesel::update(known)
        .set(came)
        .returning(PersonRow::as_returning())
        .get_result(c)
        .optional())?;
    let visit = if let Some(row) = before {
        if row.tells(profile) {
            return Ok((row.try_into()?, Visit::Again));
        }
        each!(&mut **tx, c => diesel::update(known).set(told).execute(c))?;
        tx.changed(Changed::Person, &row.id);
        Visit::Again
    } else if let Some(row) = moving::move_in(tx, team, connection, profile)? {
        each!(&mut **tx, c => diesel::update(known).set((came, told)).execute(c))?;
        tx.changed(Changed::Person, &row);
        Visit::Moved
    } else {
        let row = (
            people::id.eq(PersonId::arriving(chance, tx.now()).as_str().to_owned()),
            people::team_id.eq(team.as_str()),
            people::connection_id.eq(connection.as_str()),
            people::subject.eq(profile.subject.as_str()),
            people::email_at_creation.eq(email),
            people::first_sign_in.eq(now),
            came,
            told,
        );
        let made = each!(&mut **tx, c => diesel::insert_into(people::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(c))?;
        if made == 1 { Visit::First } else { Visit::Again }
    };
    let row: PersonRow = each!(&mut **tx, c => known.select(PersonRow::as_select()).get_result(c))?;
    Ok((row.try_into()?, visit))
}

/// Somebody of a team; people of other teams are not found.
pub fn find(
    connection: &mut Connection,
    team: &TeamId,
    id: &PersonId,
) -> Result<Option<Person>, StorageError> {
    let query = people::table.find(id.as_str()).filter(people::team_id.eq(team.as_str()));
    let row: Option<PersonRow> =
        each!(connection, c => query.select(PersonRow::as_select()).get_result(c).optional())?;
    row.map(TryInto::try_into).transpose()
}

/// Who this subject of a connection is.
pub fn by_subject(
    connection: &mut Connection,
    of: &ConnectionId,
    subject: &Subject,
) -> Result<Option<Person>, StorageError> {
    let query = people::table
        .filter(people::connection_id.eq(of.as_str()))
        .filter(people::subject.eq(subject.as_str()));
    let row: Option<PersonRow> =
        each!(connection, c => query.select(PersonRow::as_select()).get_result(c).optional())?;
    row.map(TryInto::try_into).transpose()
}

/// Everybody of a team who has this email now. Several people may.
pub fn with_email(
    connection: &mut Connection,
    team: &TeamId,
    email: &Email,
) -> Result<Vec<Person>, StorageError> {
    // Lowercased on both sides, the database finds at least everybody whose address is the same here.
    let query = people::table
        .filter(people::team_id.eq(team.as_str()))
        .filter(lower(people::email).eq(lower(email.as_str())));
    let rows: Vec<PersonRow> = each!(connection, c => query.select(PersonRow::as_select()).load(c))?;
    let all: Result<Vec<Person>, StorageError> = rows.into_iter().map(TryInto::try_into).collect();
    Ok(all?.into_iter().filter(|person| person.email.as_ref() == Some(email)).collect())
}

/// Where somebody has this email and it is trusted: at most `limit` people of whatever team, each with their team.
/// What an identity provider says of an email that it may not speak for hides nobody here.
pub fn anywhere(
    connection: &mut Connection,
    email: &Email,
    limit: i64,
) -> Result<Vec<(TeamId, Person)>, StorageError> {
    let query = people::table
        .filter(lower(people::email).eq(lower(email.as_str())))
        .filter(people::email_trusted)
        .order((people::team_id, people::id))
        .limit(limit);
    let rows: Vec<(String, PersonRow)> = each!(connection, c => query
        .select((people::team_id, PersonRow::as_select()))
        .load(c))?;
    let mut found = Vec::new();
    for (team, row) in rows {
        let person = Person::try_from(row)?;
        if let (Ok(team), true) = (TeamId::parse(&team), person.email.as_ref() == Some(email)) {
            found.push((team, person));
        }
    }
    Ok(found)
}

/// Forgets somebody: their personal data goes; what they did stays on record under their id.
pub fn erase(tx: &mut Tx<'_>, id: &PersonId) -> Result<(), StorageError> {
    moving::forget(tx, id)?;
    let row = people::table.find(id.as_str());
    each!(&mut **tx, c => diesel::delete(row).execute(c))?;
    Ok(())
}

/// Forgets everybody of a team.
pub fn erase_team(tx: &mut Tx<'_>, team: &TeamId) -> Result<usize, StorageError> {
    moving::forget_team(tx, team)?;
    let all = people::table.filter(people::team_id.eq(team.as_str()));
    Ok(each!(&mut **tx, c => diesel::delete(all).execute(c))?)
}
