//! `/request/sent`: where the form ends when all is well.

use actix_web::{HttpRequest, HttpResponse, web};
use onboarding::request::{NewRequest, unlike_issuer};
use pages::RequestSent;
use pages::words::request as say;

use crate::answer::page;
use crate::app::App;
use crate::failed::Failed;
use crate::request::query;

/// The remarks that the address may carry, by their words: the page says nothing that stands in an address.
const REMARKS: [(&str, &str); 2] = [("team_id", say::TEAM_ID_UNLIKE_ISSUER), ("issuer", say::ISSUER_SHARED)];

/// The page's address after this request.
pub(super) fn address(new: &NewRequest) -> String {
    let unlike = new.issuer().is_some_and(|issuer| unlike_issuer(new.team_id(), issuer).is_some());
    let shared = new.issuer().is_some_and(vocabulary::Issuer::is_shared);
    match (unlike, shared) {
        (true, _) => "/request/sent?remark=team_id".to_owned(),
        (false, true) => "/request/sent?remark=issuer".to_owned(),
        (false, false) => "/request/sent".to_owned(),
    }
}

pub(crate) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Failed> {
    let said = query(&request);
    let is_said = |word: &str| said.iter().any(|(name, value)| name == "remark" && value == word);
    let remarks = REMARKS.iter().filter(|(word, _)| is_said(word)).map(|(_, text)| *text).collect();
    Ok(page(RequestSent { remarks }.render(&app.face)))
}
