//! `demo`: the whole main job on one machine. Teamdoor over a scratch database, a practice identity provider with a
//! dashboard of tiles beside it, and the sample product behind it.

use std::net::{Ipv4Addr, TcpListener};

use clap::Args;
use mock_idp::{Client, IssuerConfig, Person};
use roles::Operator;
use teams::{ConnectionOptions, NewTeam, State};
use vocabulary::{ClientId, ClientSecret, Email, Issuer, TeamId};

use crate::cli::Output;
use crate::commands::log;
use crate::demo_settings::Scratch;
use crate::demo_tiles::demo_tiles;
use crate::house::{House, Parts};
use crate::service::Service;
use crate::trouble::Trouble;
use crate::{demo_customer, demo_product};

/// What `demo` may be told.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Teamdoor's port; the practice provider and the sample product take the next two.
    #[arg(long, default_value_t = 3000)]
    port: u16,
}

/// A team of the demo: Team ID, name, issuer's path, admin.
const TEAMS: [(&str, &str, &str, &str); 4] = [
    ("acme", "Acme", "acme", "ada@acme.test"),
    ("acme-labs", "Acme Labs", "acme", "cyd@acme.test"),
    ("globex", "Globex", "globex", "gil@globex.test"),
    ("operators", "Operators", "operators", "olga@operator.test"),
];

/// A person of the demo: issuer's path, name, email.
const PEOPLE: [(&str, &str, &str); 6] = [
    ("acme", "Ada Lovelace", "ada@acme.test"),
    ("acme", "Bob Kahn", "bob@acme.test"),
    ("acme", "Cyd Rivera", "cyd@acme.test"),
    ("globex", "Gil Moreno", "gil@globex.test"),
    ("globex", "Han Sato", "han@globex.test"),
    ("operators", "Olga Petrova", "olga@operator.test"),
];

impl Demo {
    pub(crate) fn run(self, output: &mut Output<'_>) -> Result<(), Trouble> {
        let last = self.port.checked_add(2);
        let last = last.ok_or_else(|| Trouble::Said("--port must be below 65534".to_owned()))?;
        let (ours, theirs, products) = (listen(self.port)?, listen(last - 1)?, listen(last)?);
        let (provider, product) = (local(last - 1), local(last));
        let scratch = Scratch::new(self.port, &self.base())?;
        let settings = scratch.settings()?;
        log::start(&settings)?;
        actix_web::rt::System::new().block_on(async {
            let issuers = self.issuers(&provider, &product);
            let provider = mock_idp::start(theirs, mock_idp::Config::new(issuers)).await?;
            let service = Service::on(ours, &settings, Parts::default())?;
            for team in TEAMS {
                add(&service.house, &provider, team)?;
            }
            let ledger = demo_product::open(&service.house, products, &product)?;
            self.tell(provider.base(), &product, &scratch, output)?;
            let served = service.run(|_handle| ()).await;
            ledger.stop(false).await;
            provider.stop().await;
            served
        })
    }

    fn base(&self) -> String {
        local(self.port)
    }

    fn issuers(&self, provider: &str, product: &str) -> Vec<IssuerConfig> {
        let mut issuers: Vec<_> =
            ["acme", "globex", "operators"].map(|path| self.issuer(path, provider, product)).into();
        issuers.push(demo_customer::issuer(&self.base()));
        issuers
    }

    fn issuer(&self, path: &str, provider: &str, product: &str) -> IssuerConfig {
        let mut issuer = IssuerConfig::new(path);
        let here = PEOPLE.iter().filter(|(of, ..)| *of == path);
        issuer.people = here.map(|(_, name, email)| Person::named(name, email)).collect();
        for (team_id, name, ..) in TEAMS.iter().filter(|(_, _, of, _)| *of == path) {
            issuer.clients.push(client(&self.base(), team_id, name));
        }
        if let Some(last) = issuer.clients.last_mut() {
            last.tiles = demo_tiles(path, &self.base(), &format!("{provider}/{path}"), product);
        }
        issuer
    }

    fn tell(
        &self,
        idp: &str,
        product: &str,
        scratch: &Scratch,
        output: &mut Output<'_>,
    ) -> Result<(), Trouble> {
        let base = self.base();
        output.say(&format!(
            "
Teamdoor              {base}
Practice provider     {idp}   (it asks which person you are; no passwords)
Ledger                {product}   (a sample product behind the door)

  1  Type a Team ID    {base}/login_sso   acme, acme-labs or globex
  2  Press a tile      {idp}/acme/dashboard   each says what it does; some are wrong on purpose
  3  Toggle a role     {base}/t/acme/team   as Ada, acme's admin
  4  Use the product   {product}   models for the whole team, billing for its admins
  5  Sign out there    {idp}/acme/dashboard   and the sessions here and in Ledger end in the other window

Team ID     people (the admin first)
  acme        ada@acme.test, bob@acme.test, cyd@acme.test
  acme-labs   cyd@acme.test, ada@acme.test, bob@acme.test
  globex      gil@globex.test, han@globex.test
  operators   olga@operator.test

{}
Letters arrive in     {}
Everything is gone when you press Ctrl-C.
",
            demo_customer::told(&base, idp, scratch),
            scratch.outbox().display()
        ))
    }
}

fn listen(port: u16) -> Result<TcpListener, Trouble> {
    let address = (Ipv4Addr::LOCALHOST, port);
    TcpListener::bind(address)
        .map_err(|error| Trouble::Listen { address: format!("127.0.0.1:{port}"), error })
}

fn local(port: u16) -> String {
    format!("http://localhost:{port}")
}

/// The team's application at the practice provider, registered as it should be.
pub(crate) fn client(base: &str, team_id: &str, name: &str) -> Client {
    let at = format!("{base}/t/{team_id}");
    let mut client = Client::new(&client_id(team_id), &secret(team_id), &format!("{at}/callback"));
    client.label = format!("Ledger · {name}");
    client.initiate_login_uri = Some(format!("{at}/launch"));
    client.post_logout_redirect_uris = vec![format!("{at}/signed-out")];
    client.backchannel_logout_uri = Some(format!("{at}/backchannel_logout"));
    client
}

fn client_id(team_id: &str) -> String {
    format!("client-of-{team_id}")
}

/// The practice provider's clients have secrets made for practice.
fn secret(team_id: &str) -> String {
    format!("practice-secret-of-{team_id}")
}

fn add(
    house: &House,
    provider: &mock_idp::MockIdp,
    (team_id, name, path, admin): (&str, &str, &str, &str),
) -> Result<(), Trouble> {
    let said = |error: &dyn std::fmt::Display| Trouble::Said(error.to_string());
    let issuer = Issuer::parse(&provider.issuer(path)).map_err(|error| said(&error))?;
    let mut options = ConnectionOptions::usual(&issuer);
    options.post_logout_redirect_uri = Some(house.address(&format!("/t/{team_id}/signed-out")));
    let new = NewTeam {
        team_id: TeamId::parse(team_id).map_err(|error| said(&error))?,
        name: Some(name.to_owned()),
        admin_email: Email::parse(admin).map_err(|error| said(&error))?,
        client_id: ClientId::parse(&client_id(team_id)).map_err(|error| said(&error))?,
        client_secret: ClientSecret::parse(&secret(team_id)),
        options,
        issuer,
        callback_path: None,
        state: State::Enabled,
    };
    let operator = Operator::at_the_command_line();
    house
        .database
        .write(house.parts.clock.now(), |tx| onboarding::add(tx, &house.registrar(), &operator, &new))?;
    Ok(())
}
