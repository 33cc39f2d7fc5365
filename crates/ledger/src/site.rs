//! The pages: models for everybody in a team, billing for its admins. And the API.
#![expect(unused_qualifications, clippy::ref_binding_to_reference, reason = "in what askama derives")]

use actix_web::{HttpRequest, HttpResponse, Result, http::StatusCode, web::Data, web::Form};
use askama::Template;

use crate::door::{Door, Visitor, failed, see_other};

/// Each team's models. Your product keeps them in its database.
pub type Shelves = moka::sync::Cache<String, Vec<Model>>;

#[derive(Clone, serde::Deserialize, serde::Serialize)]
pub struct Model {
    name: String,
    #[serde(skip_deserializing)]
    added_by: String,
}

#[derive(Template)]
enum Page<'a> {
    #[template(path = "models.html")]
    Models { visitor: &'a Visitor, models: &'a [Model], name: &'a str, wrong: &'a str },
    #[template(path = "billing.html")]
    Billing { visitor: &'a Visitor, models: usize },
    #[template(path = "message.html")]
    Message { heading: &'a str, sentence: &'a str },
}

impl Page<'_> {
    fn answer(&self, status: u16) -> HttpResponse {
        let Ok(page) = self.render() else { return HttpResponse::InternalServerError().finish() };
        let mut answer = HttpResponse::build(StatusCode::from_u16(status).unwrap_or_default());
        answer.content_type("text/html; charset=utf-8").body(page)
    }
}

pub async fn models(shelves: Data<Shelves>, visitor: Visitor) -> HttpResponse {
    let models = &shelves.get(&visitor.team.team_id).unwrap_or_default();
    Page::Models { visitor: &visitor, models, name: "", wrong: "" }.answer(200)
}

pub async fn add(shelves: Data<Shelves>, visitor: Visitor, form: Form<Model>) -> HttpResponse {
    let (name, mut models) = (form.name.trim(), shelves.get(&visitor.team.team_id).unwrap_or_default());
    if name.is_empty() || name.chars().count() > 60 || models.len() >= 100 {
        let wrong = "A name has 1 to 60 letters, and there is room for 100 models.";
        return Page::Models { visitor: &visitor, models: &models, name, wrong }.answer(422);
    }
    models.push(Model { name: name.to_owned(), added_by: visitor.name });
    shelves.insert(visitor.team.team_id, models);
    see_other("/", &[])
}

pub async fn billing(shelves: Data<Shelves>, visitor: Visitor) -> HttpResponse {
    let models = shelves.get(&visitor.team.team_id).unwrap_or_default().len();
    Page::Billing { visitor: &visitor, models }.answer(if visitor.team.role == "admin" { 200 } else { 403 })
}

/// A team's models for the bearer of one of its API tokens, as `whoami` knows it.
pub async fn api(shelves: Data<Shelves>, door: Data<Door>, request: HttpRequest) -> Result<HttpResponse> {
    let by = request.headers().get("authorization").and_then(|by| by.to_str().ok()?.strip_prefix("Bearer "));
    let whoami = format!("{}/api/v1/whoami", door.config.issuer);
    let whose = door.ask(&whoami, by.unwrap_or_default()).await.map_err(failed)?;
    let team_id = whose.as_ref().and_then(|whose| whose.get("team_id")?.as_str());
    Ok(match team_id {
        Some(team_id) => HttpResponse::Ok().json(shelves.get(team_id).unwrap_or_default()),
        None => HttpResponse::Unauthorized().insert_header(("WWW-Authenticate", "Bearer")).finish(),
    })
}

pub async fn style() -> HttpResponse {
    HttpResponse::Ok().content_type("text/css; charset=utf-8").body(include_str!("../style.css"))
}

pub fn message(status: u16, heading: &str, sentence: &str) -> HttpResponse {
    Page::Message { heading, sentence }.answer(status)
}
