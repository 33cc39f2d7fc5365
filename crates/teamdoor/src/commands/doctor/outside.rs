//! What is asked over the network: our own public address, the mail server, the identity providers of open teams.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use settings::{MailUrl, Settings};
use signin::Deps;
use storage::StorageError;
use teams::TeamAndConnection;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use vocabulary::TeamId;

use super::finding::Finding;
use crate::house;

/// How long our own address may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many identity providers are asked at once.
const AT_ONCE: usize = 8;
/// How many teams are read at once.
const PAGE: i64 = 100;

/// Whether what answers at the public address is this service: it calls itself by that address.
pub(super) async fn ourselves(settings: &Settings) -> Finding {
    let url = &settings.server.public_url;
    let issuer = url.as_str().trim_end_matches('/');
    match called(issuer).await {
        Ok(name) if name == issuer => Finding::good("reached", format!("This service answers at {url}.")),
        Ok(name) => Finding::bad("reached", format!("What answers at {url} calls itself {name:.200}."))
            .cured_by("Set server.public_url to the address that people use, for every node the same."),
        Err(why) => Finding::bad("reached", format!("This service does not answer at {url}: {why}.")).cured_by(
            "If `teamdoor serve` runs, look at the proxy in front of it, its certificate and the name in DNS.",
        ),
    }
}

/// What the service at this address calls itself (Discovery §3, `issuer`).
async fn called(issuer: &str) -> Result<String, String> {
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build()
        .map_err(|error| error.to_string())?;
    let asked = client.get(format!("{issuer}/.well-known/openid-configuration")).send().await;
    let mut answer = asked.map_err(|error| chain(&error))?;
    if !answer.status().is_success() {
        return Err(format!("the answer is {}", answer.status()));
    }
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(|error| chain(&error))? {
        body.extend_from_slice(&part);
        if body.len() > 64 * 1024 {
            return Err("the answer is not ours".to_owned());
        }
    }
    let document: Value =
        serde_json::from_slice(&body).map_err(|_not_json| "the answer is not ours".to_owned())?;
    Ok(document.get("issuer").and_then(Value::as_str).unwrap_or("nothing").to_owned())
}

/// An error with what caused it, down to what the system said.
fn chain(error: &dyn std::error::Error) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

/// Whether letters can leave; none does.
pub(super) async fn mail(settings: &Settings) -> Finding {
    let carrier = match house::carrier(settings) {
        Ok(carrier) => carrier,
        Err(trouble) => return Finding::bad("mail", trouble.to_string()),
    };
    match (carrier.check().await, &settings.mail.url) {
        (Ok(()), MailUrl::Folder(folder)) => {
            Finding::good("mail", format!("Letters are written to {} and sent to nobody.", folder.display()))
        }
        (Ok(()), MailUrl::Smtp(_)) => Finding::good("mail", "The mail server lets us in."),
        (Err(why), _) => {
            Finding::bad("mail", why).cured_by("Look at mail.url; letters wait in the database meanwhile.")
        }
    }
}

/// What is wrong with the identity providers of at most `most` open teams.
pub(super) async fn teams(door: &Deps, most: usize) -> Result<Vec<Finding>, StorageError> {
    let open = open_teams(door, most)?;
    let (asked, turns) = (open.len(), Arc::new(Semaphore::new(AT_ONCE)));
    let mut asking = JoinSet::new();
    for team in open {
        let (door, turns) = (door.clone(), Arc::clone(&turns));
        asking.spawn(async move {
            let _turn = turns.acquire().await;
            let checks = door.upstream.check(&door.party(&team)).await;
            (team.team.team_id, checks)
        });
    }
    let mut ill = Vec::new();
    while let Some(Ok((team_id, checks))) = asking.join_next().await {
        ill.extend(checks.into_iter().filter(|check| !check.ok).map(|check| (team_id.clone(), check)));
    }
    ill.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut findings: Vec<Finding> =
        ill.into_iter().map(|(team_id, check)| unwell(&team_id, check)).collect();
    if findings.is_empty() {
        findings
            .push(Finding::good("teams", format!("{asked} open teams, whose identity providers are well.")));
    }
    Ok(findings)
}

fn unwell(team_id: &TeamId, check: upstream::Check) -> Finding {
    let finding = Finding::bad("teams", check.message).of_team(team_id);
    match check.remedy {
        Some(remedy) => finding.cured_by(remedy),
        None => finding,
    }
}

fn open_teams(door: &Deps, most: usize) -> Result<Vec<TeamAndConnection>, StorageError> {
    let mut open = Vec::new();
    let mut after = None;
    while open.len() < most {
        let page = door.database.read(|connection| teams::list(connection, after.as_deref(), PAGE))?;
        let Some(last) = page.last() else { break };
        after = Some(last.team.team_id.to_string());
        open.extend(page.into_iter().filter(teams::Tenant::is_open).filter_map(teams::Tenant::connected));
    }
    open.truncate(most);
    Ok(open)
}
