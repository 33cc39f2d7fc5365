//! An app on a host of its own, with a proxy before it: played by requests that carry what the proxy would add. Its port
//! is the service's own.

use apps::{App, AppHost, AppOptions, Edit, NewApp};
use reqwest::Method;
use roles::Operator;
use support::{Answer, Browser, Node, Product, World};
use url::Url;
use vocabulary::{ClientId, Clock as _};

/// The app and its host.
pub struct Wiki<'a> {
    pub world: &'a World,
    pub client_id: String,
    /// `wiki.localhost` without a port: what its cookies are kept under.
    pub name: String,
    /// The same with its port.
    pub host: String,
}

impl<'a> Wiki<'a> {
    /// An app for everybody on `wiki.localhost`.
    pub fn new(world: &'a World) -> Self {
        Self::called(world, "wiki", |_options| ())
    }

    /// An app on a host of this name.
    pub fn called(world: &'a World, name: &str, edit: impl FnOnce(&mut AppOptions)) -> Self {
        let port = Url::parse(&world.node.base).unwrap().port().unwrap();
        let name = format!("{name}.localhost");
        let host = format!("{name}:{port}");
        let product = Product::add(world, "Wiki", |new: &mut NewApp| {
            new.host = Some(AppHost::parse(&host).unwrap());
            new.options.redirect_uris.clear();
            edit(&mut new.options);
        });
        Self { world, client_id: product.client_id, name, host }
    }

    /// A whole address on its host.
    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.host)
    }

    /// The name of its session cookie.
    pub fn cookie_name(&self) -> String {
        format!("td-host-{}", self.host.rsplit_once(':').unwrap().1)
    }

    /// The value of its session cookie.
    pub fn cookie(&self, browser: &Browser) -> Option<String> {
        browser.cookie_of(&self.name, &self.cookie_name())
    }

    /// What the proxy asks when somebody opens `/page`.
    pub async fn ask(&self, browser: &Browser, query: &str) -> Answer {
        self.ask_for(browser, query, "/page").await
    }

    /// The same of another page.
    pub async fn ask_for(&self, browser: &Browser, query: &str, page: &str) -> Answer {
        self.ask_node(&self.world.node, browser, query, page).await
    }

    /// The same of another node.
    pub async fn ask_node(&self, node: &Node, browser: &Browser, query: &str, page: &str) -> Answer {
        let address =
            node.at(&format!("/forward-auth{query}")).replace("://localhost", &format!("://{}", self.name));
        let original = self.at(page);
        browser.get_with(&address, &[("x-original-url", &original)]).await
    }

    /// What the proxy passes on, with what else the browser says.
    pub async fn get_with(&self, browser: &Browser, address: &str, more: &[(&str, &str)]) -> Answer {
        let mut headers = vec![("x-forwarded-host", self.host.as_str()), ("x-forwarded-proto", "http")];
        headers.extend_from_slice(more);
        browser.send(Method::GET, address, &headers, None).await
    }

    /// Follows redirects between the hosts until a page comes; an address on the wiki that is not ours is a page.
    pub async fn follow(&self, browser: &Browser, mut answer: Answer) -> Answer {
        for _ in 0..10 {
            let Some(next) = answer.location() else { return answer };
            answer = if next.as_str().starts_with(&self.at("/.teamdoor/")) {
                self.get_with(browser, next.as_str(), &[]).await
            } else if next.as_str().starts_with(&self.at("/")) {
                return answer;
            } else {
                browser.get(next.as_str()).await
            };
        }
        panic!("going in circles at {}", answer.url);
    }

    /// Begins a sign-in; the answer leads to the authorization endpoint.
    pub async fn begin(&self, browser: &Browser, query: &str) -> Answer {
        self.get_with(browser, &self.at(&format!("/.teamdoor/sign-in{query}")), &[]).await
    }

    /// The address at which a sign-in arrives, of somebody who is signed in at Teamdoor; it is not opened.
    pub async fn arrival(&self, browser: &Browser, query: &str) -> String {
        let begun = self.begin(browser, query).await;
        assert_eq!(begun.status, 303, "{}", begun.body);
        let back = browser.get(begun.location().unwrap().as_str()).await;
        let arrival = back.location().unwrap_or_else(|| panic!("{}: {}", back.status, back.body)).to_string();
        assert!(arrival.starts_with(&self.at("/.teamdoor/arrive?")), "{arrival}");
        arrival
    }

    /// Opens the arrival.
    pub async fn arrive(&self, browser: &Browser, arrival: &str) -> Answer {
        self.get_with(browser, arrival, &[]).await
    }

    /// Signs somebody in on this host, who is signed in at Teamdoor.
    pub async fn sign_in(&self, browser: &Browser, query: &str) {
        let arrival = self.arrival(browser, query).await;
        let arrived = self.arrive(browser, &arrival).await;
        assert_eq!(arrived.status, 303, "{}", arrived.body);
        assert!(self.cookie(browser).is_some());
    }

    /// A new browser of somebody who is signed in at Teamdoor and here.
    pub async fn visitor(&self, team: &str, email: &str) -> Browser {
        let browser = self.world.sign_in(team, email).await;
        self.sign_in(&browser, &format!("?team={team}")).await;
        browser
    }

    /// Changes the app, as the operator.
    pub fn edit(&self, edit: impl FnOnce(&mut App)) {
        let house = &self.world.node.house;
        let id = ClientId::parse(&self.client_id).unwrap();
        let mut app = house.database.read(|connection| apps::find(connection, &id)).unwrap().unwrap();
        edit(&mut app);
        let edit = Edit { name: Some(app.name), host: app.host.into(), options: Some(app.options) };
        let operator = Operator::at_the_command_line();
        let now = self.world.clock.now();
        house.database.write(now, |tx| apps::set(tx, &operator, id.as_str(), None, &edit)).unwrap();
    }

    /// Removes the app, as the operator.
    pub fn remove(&self) {
        let operator = Operator::at_the_command_line();
        let (house, now) = (&self.world.node.house, self.world.clock.now());
        house.database.write(now, |tx| apps::remove(tx, &operator, &self.client_id, None)).unwrap();
    }
}
