//! The tables by which a customer connects itself and keeps its connection in order.

#![expect(missing_docs, reason = "`table!` makes items that no comment reaches")]

diesel::table! {
    connection_versions (team_id, kind) {
        team_id -> Text,
        kind -> Text,
        connection_id -> Text,
        version -> BigInt,
        issuer -> Nullable<Text>,
        client_id -> Nullable<Text>,
        client_secret -> Nullable<Text>,
        client_secret_set_at -> Nullable<BigInt>,
        client_secret_set_by -> Nullable<Text>,
        options -> Nullable<Text>,
        tested_at -> Nullable<BigInt>,
        changed_at -> BigInt,
    }
}

diesel::table! {
    setup_links (id) {
        id -> Text,
        hash -> Text,
        team_id -> Text,
        recipient -> Nullable<Text>,
        made_at -> BigInt,
        expires_at -> BigInt,
        opened_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    connection_checks (team_id) {
        team_id -> Text,
        settings -> Text,
        checks -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    rehearsals (team_id) {
        team_id -> Text,
        settings -> Text,
        passed -> Bool,
        result -> Text,
        made_by -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    health_letters (team_id) { team_id -> Text, told -> Text, told_at -> BigInt, }
}

diesel::table! {
    requests (id) {
        id -> Text,
        status -> Text,
        company -> Text,
        contact -> Text,
        team_id -> Text,
        admin_email -> Text,
        issuer -> Nullable<Text>,
        client_id -> Nullable<Text>,
        client_secret -> Nullable<Text>,
        proof_hash -> Nullable<Text>,
        proof_until -> Nullable<BigInt>,
        note -> Nullable<Text>,
        checks -> Nullable<Text>,
        made_at -> BigInt,
        decided_at -> Nullable<BigInt>,
        decided_by -> Nullable<Text>,
    }
}

diesel::table! {
    secret_lives (connection_id) {
        connection_id -> Text,
        team_id -> Text,
        expires_at -> Nullable<BigInt>,
        told_days -> Nullable<BigInt>,
        next_secret -> Nullable<Text>,
        next_set_at -> Nullable<BigInt>,
        next_set_by -> Nullable<Text>,
        next_expires_at -> Nullable<BigInt>,
        next_tested_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    break_glass (id) {
        id -> Text,
        hash -> Text,
        code_hash -> Text,
        team_id -> Text,
        person_id -> Text,
        wrong_codes -> BigInt,
        made_at -> BigInt,
        expires_at -> BigInt,
        opened_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
    }
}
