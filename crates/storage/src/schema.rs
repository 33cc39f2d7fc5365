//! The tables, as both databases have them. Each is written by one room; docs/architecture.md lists them.

#![expect(missing_docs, reason = "`table!` makes items that no comment reaches")]

diesel::table! {
    meta (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    change_counter (id) {
        id -> BigInt,
        n -> BigInt,
    }
}

diesel::table! {
    changes (n) {
        n -> BigInt,
        kind -> Text,
        key -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    teams (team_id) {
        team_id -> Text,
        name -> Text,
        status -> Text,
        admin_email -> Text,
        promotion_spent_by -> Nullable<Text>,
        roles_version -> BigInt,
        sso_required -> Bool,
        created_at -> BigInt,
        tokens -> Text,
        tokens_reveal -> Bool,
    }
}

diesel::table! {
    connections (id) {
        id -> Text,
        team_id -> Text,
        live -> Bool,
        version -> BigInt,
        state -> Text,
        issuer -> Text,
        client_id -> Text,
        client_secret -> Nullable<Text>,
        client_secret_set_at -> Nullable<BigInt>,
        options -> Text,
        callback_path -> Nullable<Text>,
        created_at -> BigInt,
        logout_tested -> Bool,
        client_secret_set_by -> Nullable<Text>,
        replaces -> Nullable<Text>,
        replaced_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    former_subjects (connection_id, subject) { connection_id -> Text, subject -> Text, person_id -> Text, }
}

diesel::table! {
    launch_names (kind, name, team_id) {
        kind -> Text,
        name -> Text,
        team_id -> Text,
    }
}

diesel::table! {
    people (id) {
        id -> Text,
        team_id -> Text,
        connection_id -> Text,
        subject -> Text,
        email -> Nullable<Text>,
        email_at_creation -> Nullable<Text>,
        email_trusted -> Bool,
        name -> Nullable<Text>,
        given_name -> Nullable<Text>,
        family_name -> Nullable<Text>,
        came_by -> Text,
        first_sign_in -> BigInt,
        last_sign_in -> BigInt,
    }
}

diesel::table! {
    memberships (person_id) {
        person_id -> Text,
        team_id -> Text,
        role -> Text,
        active -> Bool,
        version -> BigInt,
        changed_at -> BigInt,
    }
}

diesel::table! {
    sessions (hash) {
        hash -> Text,
        team_id -> Text,
        person_id -> Text,
        connection_id -> Text,
        idp_sid -> Nullable<Text>,
        id_token -> Nullable<Text>,
        opened_at -> BigInt,
        seen_at -> BigInt,
        absolute_until -> BigInt,
        auth_time -> Nullable<BigInt>,
    }
}

diesel::table! {
    spent_states (hash) {
        hash -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    audit (n) {
        n -> BigInt,
        team_id -> Nullable<Text>,
        actor -> Text,
        act -> Text,
        target -> Nullable<Text>,
        detail -> Text,
        reference -> Nullable<Text>,
        at -> BigInt,
    }
}

diesel::table! {
    sign_ins (reference) {
        reference -> Text,
        team_id -> Text,
        stage -> Text,
        cause -> Text,
        detail -> Text,
        at -> BigInt,
        claims -> Text,
        timings -> Text,
    }
}

diesel::table! {
    tokens (id) {
        id -> Text,
        hash -> Text,
        name -> Text,
        created_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    team_tokens (id) {
        id -> Text,
        team_id -> Text,
        hash -> Text,
        name -> Text,
        scope -> Text,
        maker -> Nullable<Text>,
        version -> BigInt,
        shown -> Bool,
        made_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        used_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        personal -> Bool,
        value -> Nullable<Text>,
    }
}

diesel::table! {
    outbox (id) {
        id -> Text,
        team_id -> Nullable<Text>,
        recipient -> Text,
        subject -> Text,
        body_text -> Text,
        body_html -> Text,
        attempts -> BigInt,
        next_attempt_at -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    ended_at_idp (connection_id, what, value) {
        connection_id -> Text,
        what -> Text,
        value -> Text,
        told_at -> BigInt,
    }
}

diesel::table! {
    heard_tokens (id) {
        id -> Text,
        body -> Text,
        answer -> BigInt,
        told_at -> BigInt,
    }
}

diesel::table! {
    connection_health (connection_id) {
        connection_id -> Text,
        team_id -> Text,
        version -> BigInt,
        since -> BigInt,
        started -> BigInt,
        finished -> BigInt,
        refused -> BigInt,
        bad_in_a_row -> BigInt,
        last_good_at -> Nullable<BigInt>,
        last_bad_at -> Nullable<BigInt>,
        last_bad_cause -> Nullable<Text>,
        last_bad_reference -> Nullable<Text>,
        metadata_fetched_at -> Nullable<BigInt>,
        keys_fetched_at -> Nullable<BigInt>,
        unreachable_until -> Nullable<BigInt>,
        unwell -> Bool,
    }
}

mod behind;
mod customer;
mod joins;

pub use behind::{app_sessions, apps, grant_tokens, grants, logout_deliveries, signing_keys, spent_codes};
pub use customer::{
    break_glass, connection_checks, connection_versions, health_letters, rehearsals, requests, secret_lives,
    setup_links,
};
