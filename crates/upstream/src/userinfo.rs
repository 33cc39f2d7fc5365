//! `UserInfo` (Core §5.3), asked when the ID token is thin.

use serde_json::{Map, Value};
use vocabulary::Subject;

use crate::outbound::Vetted;
use crate::trouble::{Endpoint, Trouble};
use crate::upstream::Upstream;

impl Upstream {
    /// What `UserInfo` says about this subject and nobody else. Its failure fails the sign-in: an account
    /// that came into being without its email could never be promoted. Signed answers are not supported: a client
    /// gets them only when it registered for them.
    pub(crate) async fn userinfo(
        &self,
        endpoint: &Vetted,
        access_token: &str,
        subject: &Subject,
    ) -> Result<Map<String, Value>, Trouble> {
        let answer =
            self.outbound().get_with_token(Endpoint::UserInfo, endpoint, access_token).await?.ok()?;
        if answer.content_type.starts_with("application/jwt") {
            let detail = "the answer is a signed JWT; register this client for plain JSON";
            return Err(Trouble::protocol(Endpoint::UserInfo, detail));
        }
        let claims: Map<String, Value> = answer.json()?;
        if claims.get("sub").and_then(Value::as_str) != Some(subject.as_str()) {
            return Err(Trouble::UserInfoSubjectMismatch);
        }
        Ok(claims)
    }
}
