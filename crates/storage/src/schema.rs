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

mod joins;
