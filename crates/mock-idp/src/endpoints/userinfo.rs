//! `/userinfo` (OpenID Connect Core §5.3).

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use serde_json::Value;

use crate::{
    bodies::Answer,
    claims::{Claims, of_person, set},
    config::Person,
    id_token::Draft,
    issuer::{Grant, Issuer},
    likeness,
    misbehaviour::{Endpoint, UserInfoFault},
    pages,
    provider::Provider,
};

pub(crate) async fn any(
    provider: web::Data<Provider>,
    path: web::Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    let Some((answer, trouble)) = provider.issuer(&path).map(|mut issuer| {
        issuer.counts.userinfo += 1;
        let grant = bearer(&request).and_then(|token| issuer.access_tokens.get(provider.now(), token));
        let about = grant.and_then(|grant| Some((grant, issuer.person(&grant.session.subject)?)));
        let answer = about.map_or_else(unauthorized, |(grant, person)| answer(&issuer, grant, person));
        (answer, issuer.trouble(Endpoint::UserInfo))
    }) else {
        return pages::no_such_issuer();
    };
    answer.send_despite(trouble).await
}

fn bearer(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

fn unauthorized() -> Answer {
    let answer = Answer::text(StatusCode::UNAUTHORIZED, "text/plain; charset=utf-8", String::new());
    answer.with(header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")
}

fn answer(issuer: &Issuer, grant: &Grant, person: &Person) -> Answer {
    let mut claims = of_person(issuer, grant, person);
    set(&mut claims, "sub", person.subject.as_str());
    likeness::user_info(issuer, person, &mut claims);
    let answer = match issuer.faults.user_info {
        Some(fault) => spoilt(claims, fault, issuer, grant),
        None => Answer::json(StatusCode::OK, &Value::Object(claims)),
    };
    answer.with(header::CACHE_CONTROL, "no-store")
}

fn spoilt(mut claims: Claims, fault: UserInfoFault, issuer: &Issuer, grant: &Grant) -> Answer {
    match fault {
        UserInfoFault::OtherPerson => {
            let other = issuer.people.iter().find(|person| person.subject != grant.session.subject);
            let other = other.cloned().unwrap_or_else(|| Person::named("Eve Else", "eve@evil.test"));
            claims = of_person(issuer, grant, &other);
            set(&mut claims, "sub", other.subject);
        }
        UserInfoFault::OtherSubject => set(&mut claims, "sub", "00usomeoneelse"),
        UserInfoFault::SubjectMissing => drop(claims.remove("sub")),
        UserInfoFault::SubjectNumber => set(&mut claims, "sub", 7),
        UserInfoFault::EmailMissing => claims.retain(|name, _| !name.starts_with("email")),
        UserInfoFault::OtherEmail => set(&mut claims, "email", "someone.else@evil.test"),
        UserInfoFault::EmailNotVerified => set(&mut claims, "email_verified", false),
        UserInfoFault::Signed => {
            set(&mut claims, "iss", issuer.address.as_str());
            set(&mut claims, "aud", grant.client_id.as_str());
            let payload = Value::Object(claims).to_string().into_bytes();
            let token = Draft::new("JWT", payload, issuer.signing_key()).signed();
            return Answer::text(StatusCode::OK, "application/jwt", token);
        }
        UserInfoFault::Unauthorized => return unauthorized(),
        UserInfoFault::OtherContentType => {
            let body = Value::Object(claims).to_string();
            return Answer::text(StatusCode::OK, "text/html; charset=utf-8", body);
        }
    }
    Answer::json(StatusCode::OK, &Value::Object(claims))
}
