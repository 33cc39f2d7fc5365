-- Words: ids TEXT, moments BIGINT (milliseconds since 1970), lists TEXT (JSON).

CREATE TABLE meta (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

-- One feed of changes, numbered without gaps by a counter inside the writer's transaction.
CREATE TABLE change_counter (
    id BIGINT PRIMARY KEY NOT NULL,
    n BIGINT NOT NULL
);
INSERT INTO change_counter (id, n) VALUES (1, 0);

CREATE TABLE changes (
    n BIGINT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE teams (
    team_id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    admin_email TEXT NOT NULL,
    promotion_spent_by TEXT,
    roles_version BIGINT NOT NULL,
    sso_required BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE connections (
    id TEXT PRIMARY KEY NOT NULL,
    team_id TEXT NOT NULL REFERENCES teams (team_id),
    live BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    issuer TEXT NOT NULL,
    client_id TEXT NOT NULL,
    client_secret TEXT,
    client_secret_set_at BIGINT,
    options TEXT NOT NULL,
    callback_path TEXT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX connections_live ON connections (team_id) WHERE live;
CREATE UNIQUE INDEX connections_callback_path ON connections (callback_path);

-- A person is (connection, subject); an email never identifies, so it has no unique index.
CREATE TABLE people (
    id TEXT PRIMARY KEY NOT NULL,
    team_id TEXT NOT NULL REFERENCES teams (team_id),
    connection_id TEXT NOT NULL REFERENCES connections (id),
    subject TEXT NOT NULL,
    email TEXT,
    email_at_creation TEXT,
    email_trusted BOOLEAN NOT NULL,
    name TEXT,
    given_name TEXT,
    family_name TEXT,
    came_by TEXT NOT NULL,
    first_sign_in BIGINT NOT NULL,
    last_sign_in BIGINT NOT NULL
);
CREATE UNIQUE INDEX people_subject ON people (connection_id, subject);
CREATE INDEX people_team ON people (team_id, id);

CREATE TABLE memberships (
    person_id TEXT PRIMARY KEY NOT NULL,
    team_id TEXT NOT NULL REFERENCES teams (team_id),
    role TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX memberships_team ON memberships (team_id, role);

CREATE TABLE sessions (
    hash TEXT PRIMARY KEY NOT NULL,
    team_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    connection_id TEXT NOT NULL,
    idp_sid TEXT,
    id_token TEXT,
    opened_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    absolute_until BIGINT NOT NULL
);
CREATE INDEX sessions_person ON sessions (person_id, opened_at);
CREATE INDEX sessions_team ON sessions (team_id);
CREATE INDEX sessions_until ON sessions (absolute_until);

CREATE TABLE spent_states (
    hash TEXT PRIMARY KEY NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX spent_states_expiry ON spent_states (expires_at);

CREATE TABLE audit (
    n INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    team_id TEXT,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    target TEXT,
    detail TEXT NOT NULL,
    reference TEXT,
    at BIGINT NOT NULL
);
CREATE INDEX audit_team ON audit (team_id, n);

CREATE TABLE sign_ins (
    reference TEXT PRIMARY KEY NOT NULL,
    team_id TEXT NOT NULL,
    stage TEXT NOT NULL,
    cause TEXT NOT NULL,
    detail TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX sign_ins_team ON sign_ins (team_id, at);

CREATE TABLE tokens (
    id TEXT PRIMARY KEY NOT NULL,
    hash TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX tokens_hash ON tokens (hash);

CREATE TABLE outbox (
    id TEXT PRIMARY KEY NOT NULL,
    team_id TEXT,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX outbox_due ON outbox (next_attempt_at);
