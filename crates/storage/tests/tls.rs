//! TLS to PostgreSQL, with the feature `postgres-tls`: the right certificate, a wrong authority, a wrong host.
//! `cargo xtask test` starts the server and names it and its certificates in the environment.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may fail")]

use diesel::prelude::*;
use storage::{Address, Connection, Database, Options, StorageError};

/// The server by this host name, its certificate checked against this authority.
fn database(host: &str, authority: &str) -> Database {
    let said =
        |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("no {name}: run `cargo xtask test`"));
    let url = said("TEAMDOOR_TEST_POSTGRES").replace("127.0.0.1", host);
    let certificate = format!("{}/{authority}.crt", said("TEAMDOOR_TEST_CERTIFICATES"));
    let address = Address::parse(&format!("{url}?sslmode=verify-full&sslrootcert={certificate}")).unwrap();
    Database::open(&Options::new(address))
}

fn is_encrypted(connection: &mut Connection) -> Result<bool, StorageError> {
    let Connection::Postgres(connection) = connection else { panic!("not PostgreSQL") };
    let ssl = diesel::dsl::sql::<diesel::sql_types::Bool>(
        "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
    );
    Ok(ssl.get_result(&mut **connection)?)
}

#[test]
fn the_right_certificate_is_spoken_to_in_secret() {
    assert!(database("localhost", "ca").read(is_encrypted).unwrap());
}

#[test]
fn a_certificate_of_a_strange_authority_is_refused() {
    assert!(database("localhost", "other").read(is_encrypted).is_err());
}

#[test]
fn a_certificate_for_another_host_is_refused() {
    assert!(database("127.0.0.1", "ca").read(is_encrypted).is_err());
}
