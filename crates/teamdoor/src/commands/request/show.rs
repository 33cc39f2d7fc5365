//! `request show`: a request line by line, how its provider was found, and what is worth a second thought.

use onboarding::request::Look;
use serde_json::Value;

use crate::cli::Output;
use crate::trouble::Trouble;

pub(crate) fn run(found: &Look, output: &mut Output<'_>) -> Result<(), Trouble> {
    let request = &found.request;
    let later = || "comes later".to_owned();
    let decided = match (request.decided_at, &request.decided_by) {
        (Some(at), Some(by)) => format!("{at} by {by}"),
        (_, _) => "not yet".to_owned(),
    };
    let lines = [
        ("Request", request.id.clone()),
        ("Status", request.status.as_str().to_owned()),
        ("Company", request.company.clone()),
        ("Contact", request.contact.to_string()),
        ("Team ID", request.team_id.to_string()),
        ("Admin email", request.admin_email.to_string()),
        ("Issuer", request.issuer.as_ref().map_or_else(later, ToString::to_string)),
        ("Client ID", request.client_id.as_ref().map_or_else(later, ToString::to_string)),
        ("Client secret", if request.sealed_secret.is_some() { "set" } else { "not set" }.to_owned()),
        ("Made", request.made_at.to_string()),
        ("Decided", decided),
        ("Rivals", if found.rivals.is_empty() { "none".to_owned() } else { found.rivals.join(" ") }),
        ("Last word", request.note.as_deref().unwrap_or("none").replace('\n', "\n                ")),
    ];
    lines.iter().try_for_each(|(label, value)| output.say(&format!("{label:15} {value}")))?;
    checks(request.checks.as_ref(), output)?;
    found.remarks.iter().try_for_each(|remark| output.note(&format!("note: {}", remark.message)))
}

/// The checks that were kept, each as it ended.
fn checks(kept: Option<&Value>, output: &mut Output<'_>) -> Result<(), Trouble> {
    let Some(kept) = kept else {
        return output.say(&format!("{:15} not made yet (--check)", "Checks"));
    };
    output.say(&format!("{:15} made {}", "Checks", text(kept, "at")))?;
    for check in kept["checks"].as_array().into_iter().flatten() {
        let mark = if check["ok"] == true { "✓" } else { "✗" };
        output.say(&format!("{mark} {:14} {}", text(check, "name"), text(check, "message")))?;
        for (name, label) in
            [("expected", "the request says "), ("got", "the provider says "), ("remedy", "")]
        {
            if let Some(value) = check[name].as_str() {
                output.say(&format!("    {label}{value}"))?;
            }
        }
    }
    Ok(())
}

fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().unwrap_or_default()
}
