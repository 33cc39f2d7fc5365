-- Apps behind the door, and Teamdoor as their OpenID Provider.

CREATE TABLE apps (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    secret_hash TEXT,
    old_secret_hash TEXT,
    old_secret_until BIGINT,
    host TEXT,
    options TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX apps_host ON apps (host);

CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY NOT NULL,
    alg TEXT NOT NULL,
    generation BIGINT NOT NULL,
    public_key TEXT NOT NULL,
    private_key TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    signs_from BIGINT NOT NULL,
    leaves_at BIGINT
);
CREATE UNIQUE INDEX signing_keys_generation ON signing_keys (alg, generation);

-- A code that was used, with what came of it, so that its second use undoes the first.
CREATE TABLE spent_codes (
    hash TEXT PRIMARY KEY NOT NULL,
    grant_id TEXT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX spent_codes_expire ON spent_codes (expires_at);

-- What an app was granted: one row for each code that was redeemed. Without a session it is an offline grant.
CREATE TABLE grants (
    id TEXT PRIMARY KEY NOT NULL,
    client_id TEXT NOT NULL,
    team_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    session_hash TEXT,
    sid TEXT NOT NULL,
    scopes TEXT NOT NULL,
    claims TEXT NOT NULL,
    auth_time BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX grants_person ON grants (person_id);
CREATE INDEX grants_session ON grants (session_hash);
CREATE INDEX grants_client ON grants (client_id);
CREATE INDEX grants_expire ON grants (expires_at);

CREATE TABLE grant_tokens (
    hash TEXT PRIMARY KEY NOT NULL,
    grant_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    scopes TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX grant_tokens_grant ON grant_tokens (grant_id);
CREATE INDEX grant_tokens_expire ON grant_tokens (expires_at);

-- Which apps somebody's session was used with: they are told when it ends.
CREATE TABLE app_sessions (
    sid TEXT PRIMARY KEY NOT NULL,
    client_id TEXT NOT NULL,
    session_hash TEXT NOT NULL,
    team_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    opened_at BIGINT NOT NULL
);
CREATE INDEX app_sessions_session ON app_sessions (session_hash);
CREATE INDEX app_sessions_client ON app_sessions (client_id);

-- Logout tokens on their way to apps.
CREATE TABLE logout_deliveries (
    id TEXT PRIMARY KEY NOT NULL,
    client_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    sid TEXT,
    attempts BIGINT NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX logout_deliveries_due ON logout_deliveries (next_attempt_at);

-- When somebody signed in at their identity provider; none in sessions of before.
ALTER TABLE sessions ADD COLUMN auth_time BIGINT;

-- What a team chose for its tokens: shared or personal ones, and whether a shared one may be read again.
ALTER TABLE teams ADD COLUMN tokens TEXT NOT NULL DEFAULT 'shared';
ALTER TABLE teams ADD COLUMN tokens_reveal BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE team_tokens ADD COLUMN personal BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE team_tokens ADD COLUMN value TEXT;
