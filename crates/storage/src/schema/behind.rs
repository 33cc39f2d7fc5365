//! The tables of the products behind the door: apps, what they were granted, and the keys that sign for them.

#![expect(missing_docs, reason = "`table!` makes items that no comment reaches")]

diesel::table! {
    apps (id) {
        id -> Text,
        name -> Text,
        secret_hash -> Nullable<Text>,
        old_secret_hash -> Nullable<Text>,
        old_secret_until -> Nullable<BigInt>,
        host -> Nullable<Text>,
        options -> Text,
        version -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        alg -> Text,
        generation -> BigInt,
        public_key -> Text,
        private_key -> Text,
        made_at -> BigInt,
        signs_from -> BigInt,
        leaves_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    spent_codes (hash) {
        hash -> Text,
        grant_id -> Nullable<Text>,
        expires_at -> BigInt,
    }
}

diesel::table! {
    grants (id) {
        id -> Text,
        client_id -> Text,
        team_id -> Text,
        person_id -> Text,
        session_hash -> Nullable<Text>,
        sid -> Text,
        scopes -> Text,
        claims -> Text,
        auth_time -> BigInt,
        made_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    grant_tokens (hash) {
        hash -> Text,
        grant_id -> Text,
        kind -> Text,
        scopes -> Text,
        made_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    app_sessions (sid) {
        sid -> Text,
        client_id -> Text,
        session_hash -> Text,
        team_id -> Text,
        person_id -> Text,
        opened_at -> BigInt,
    }
}

diesel::table! {
    logout_deliveries (id) {
        id -> Text,
        client_id -> Text,
        person_id -> Text,
        sid -> Nullable<Text>,
        attempts -> BigInt,
        next_attempt_at -> BigInt,
        created_at -> BigInt,
    }
}
