//! The pages a person sees: front, person chooser, dashboard, registered apps, signed out, error.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use askama::Template;

use crate::{config::Person, issuer::Issuer};

/// The one stylesheet.
pub(crate) const STYLE: &str = include_str!("../templates/style.css");

pub(crate) struct IssuerLink {
    pub(crate) address: String,
    pub(crate) dashboard: String,
    pub(crate) admin: String,
    pub(crate) path: String,
    pub(crate) people: usize,
}

#[derive(Template)]
#[template(path = "front.html")]
pub(crate) struct Front {
    issuers: Vec<IssuerLink>,
}

impl Front {
    pub(crate) const fn new(issuers: Vec<IssuerLink>) -> Self {
        Self { issuers }
    }

    pub(crate) fn page(&self) -> HttpResponse {
        page(StatusCode::OK, self)
    }
}

struct Choice {
    subject: String,
    name: String,
    email: String,
    checked: bool,
}

/// "Who are you?"
#[derive(Template)]
#[template(path = "chooser.html")]
pub(crate) struct Chooser {
    address: String,
    action: String,
    /// The application they came from, or none on the way to the dashboard.
    label: Option<String>,
    request: String,
    choices: Vec<Choice>,
    nobody_chosen: bool,
}

impl Chooser {
    /// `suggested` is the subject or email of the person whose radio button is already set.
    pub(crate) fn new(
        issuer: &Issuer,
        label: Option<String>,
        request: &str,
        suggested: Option<&str>,
    ) -> Self {
        let choices = issuer.people.iter().map(|person| Choice {
            subject: person.subject.clone(),
            name: displayed(person),
            email: person.email.clone().unwrap_or_default(),
            checked: suggested.is_some_and(|suggested| person.answers_to(suggested)),
        });
        Self {
            address: issuer.address.clone(),
            action: format!("/{}/choose", issuer.path),
            label,
            request: request.to_owned(),
            choices: choices.collect(),
            nobody_chosen: false,
        }
    }

    pub(crate) fn page(&self) -> HttpResponse {
        page(StatusCode::OK, self)
    }

    /// The same page again, for a form without a person of this issuer.
    pub(crate) fn nobody_chosen(mut self) -> HttpResponse {
        self.nobody_chosen = true;
        page(StatusCode::UNPROCESSABLE_ENTITY, &self)
    }
}

fn displayed(person: &Person) -> String {
    person.name.clone().unwrap_or_else(|| person.subject.clone())
}

pub(crate) struct TileLink {
    pub(crate) label: String,
    pub(crate) note: String,
    pub(crate) address: String,
}

#[derive(Template)]
#[template(path = "dashboard.html")]
pub(crate) struct Dashboard {
    address: String,
    logout: String,
    admin: String,
    name: String,
    tiles: Vec<TileLink>,
}

impl Dashboard {
    pub(crate) fn new(issuer: &Issuer, person: &Person, tiles: Vec<TileLink>) -> Self {
        Self {
            address: issuer.address.clone(),
            logout: format!("/{}/logout", issuer.path),
            admin: format!("/{}/admin", issuer.path),
            name: displayed(person),
            tiles,
        }
    }

    pub(crate) fn page(&self) -> HttpResponse {
        page(StatusCode::OK, self)
    }
}

/// An application as its administrator sees it.
pub(crate) struct AppShown {
    pub(crate) label: String,
    /// What a field is called, and what stands in it.
    pub(crate) fields: Vec<(&'static str, String)>,
    pub(crate) assigned: String,
}

#[derive(Template)]
#[template(path = "admin.html")]
pub(crate) struct AdminPage<'issuer> {
    address: &'issuer str,
    apps: Vec<AppShown>,
}

impl<'issuer> AdminPage<'issuer> {
    pub(crate) const fn new(address: &'issuer str, apps: Vec<AppShown>) -> Self {
        Self { address, apps }
    }

    pub(crate) fn page(&self) -> HttpResponse {
        page(StatusCode::OK, self)
    }
}

#[derive(Template)]
#[template(path = "signed_out.html")]
struct SignedOut {
    address: String,
    dashboard: String,
}

pub(crate) fn signed_out(issuer: &Issuer) -> HttpResponse {
    let signed_out =
        SignedOut { address: issuer.address.clone(), dashboard: format!("/{}/dashboard", issuer.path) };
    page(StatusCode::OK, &signed_out)
}

#[derive(Template)]
#[template(path = "error.html")]
struct Failure<'words> {
    title: &'words str,
    why: &'words str,
}

/// A page of our own, status 400: there is nowhere safe to send the browser.
pub(crate) fn error(title: &str, why: &str) -> HttpResponse {
    page(StatusCode::BAD_REQUEST, &Failure { title, why })
}

pub(crate) fn no_such_issuer() -> HttpResponse {
    let failure = Failure {
        title: "There is nothing here",
        why: "The front page lists the issuers of this practice provider.",
    };
    page(StatusCode::NOT_FOUND, &failure)
}

pub(crate) fn see_other(address: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, address))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}

fn page(status: StatusCode, template: &impl Template) -> HttpResponse {
    let Ok(html) = template.render() else {
        return HttpResponse::InternalServerError().finish();
    };
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "same-origin"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
        ))
        .body(html)
}
