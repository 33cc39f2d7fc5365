//! The product behind the demo's door: Ledger, registered as two apps, itself and its billing, and started.

use std::net::TcpListener;

use actix_web::dev::ServerHandle;
use apps::{AppOptions, NewApp, Place, RedirectUri, Secrecy, WebUri};
use roles::Operator;
use vocabulary::Role;

use crate::house::House;
use crate::trouble::Trouble;

/// Registers and starts Ledger, which is reached at `address`.
pub(crate) fn open(house: &House, listener: TcpListener, address: &str) -> Result<ServerHandle, Trouble> {
    let (operator, chance) = (Operator::at_the_command_line(), &*house.parts.chance);
    let (ledger, billing) = (ledger(address)?, billing(address)?);
    let (app, secret) = house.database.write(house.parts.clock.now(), |tx| {
        // Ledger's own pages ask who is there; the billing is a page of it, with a tile for admins alone.
        apps::add(tx, chance, &operator, &billing)?;
        apps::add(tx, chance, &operator, &ledger)
    })?;
    let config = ledger::Config {
        base_url: address.to_owned(),
        issuer: house.address(""),
        client_id: app.id.to_string(),
        client_secret: secret.map(|secret| secret.reveal().to_owned()).unwrap_or_default(),
    };
    Ok(ledger::start(listener, config)?)
}

fn ledger(address: &str) -> Result<NewApp, Trouble> {
    let options = AppOptions {
        redirect_uris: vec![back(&format!("{address}/callback"))?],
        post_logout_redirect_uris: vec![back(&format!("{address}/"))?],
        initiate_login_uri: Some(page(&format!("{address}/login"))?),
        backchannel_logout_uri: Some(page(&format!("{address}/backchannel-logout"))?),
        ..AppOptions::default()
    };
    Ok(NewApp { name: "Ledger".to_owned(), secrecy: Secrecy::Confidential, host: None, options })
}

fn billing(address: &str) -> Result<NewApp, Trouble> {
    let options = AppOptions {
        initiate_login_uri: Some(page(&format!("{address}/login?target_link_uri={address}/billing"))?),
        min_role: Role::Admin,
        place: Place::Billing,
        ..AppOptions::default()
    };
    Ok(NewApp { name: "Billing".to_owned(), secrecy: Secrecy::Public, host: None, options })
}

fn back(address: &str) -> Result<RedirectUri, Trouble> {
    RedirectUri::parse(address).map_err(|why| apps::AppError::address(address, why).into())
}

fn page(address: &str) -> Result<WebUri, Trouble> {
    WebUri::parse(address).map_err(|why| apps::AppError::address(address, why).into())
}
