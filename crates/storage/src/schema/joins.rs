//! Which tables may stand in one query, and by what two of them join.

use super::{
    app_sessions, apps, audit, break_glass, change_counter, changes, connection_checks, connection_health,
    connection_versions, connections, ended_at_idp, former_subjects, grant_tokens, grants, health_letters,
    heard_tokens, launch_names, logout_deliveries, memberships, meta, outbox, people, rehearsals, requests,
    secret_lives, sessions, setup_links, sign_ins, signing_keys, spent_codes, spent_states, team_tokens,
    teams, tokens,
};

diesel::allow_tables_to_appear_in_same_query!(
    meta,
    change_counter,
    changes,
    teams,
    connections,
    launch_names,
    people,
    memberships,
    sessions,
    spent_states,
    audit,
    sign_ins,
    tokens,
    team_tokens,
    outbox,
    ended_at_idp,
    heard_tokens,
    connection_health,
    apps,
    signing_keys,
    spent_codes,
    grants,
    grant_tokens,
    app_sessions,
    logout_deliveries,
    connection_versions,
    former_subjects,
    setup_links,
    connection_checks,
    rehearsals,
    health_letters,
    requests,
    secret_lives,
    break_glass
);
diesel::joinable!(connections -> teams (team_id));
diesel::joinable!(people -> teams (team_id));
