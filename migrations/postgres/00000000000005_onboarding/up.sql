-- A customer connects itself: requests, setup links, versions of a connection's settings, checks and rehearsals.

-- Settings beside the live ones: what is being worked on (`pending`), and what was live before (`previous`).
CREATE TABLE connection_versions (
    team_id TEXT NOT NULL REFERENCES teams (team_id),
    kind TEXT NOT NULL,
    connection_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    issuer TEXT,
    client_id TEXT,
    client_secret TEXT,
    client_secret_set_at BIGINT,
    client_secret_set_by TEXT,
    options TEXT,
    tested_at BIGINT,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (team_id, kind)
);
ALTER TABLE connections ADD COLUMN client_secret_set_by TEXT;
-- The connection of another identity provider whose place this one took, and when.
ALTER TABLE connections ADD COLUMN replaces TEXT;
ALTER TABLE connections ADD COLUMN replaced_at BIGINT;

-- Who somebody was at the identity provider that their team had before.
CREATE TABLE former_subjects (
    connection_id TEXT NOT NULL REFERENCES connections (id),
    subject TEXT NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (connection_id, subject)
);
CREATE INDEX former_subjects_person ON former_subjects (person_id);

-- Links by which a customer's own admin sets up a team, until its connection is enabled.
CREATE TABLE setup_links (
    id TEXT PRIMARY KEY NOT NULL,
    hash TEXT NOT NULL,
    team_id TEXT NOT NULL REFERENCES teams (team_id),
    recipient TEXT,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    opened_at BIGINT,
    ended_at BIGINT
);
CREATE UNIQUE INDEX setup_links_hash ON setup_links (hash);
CREATE INDEX setup_links_team ON setup_links (team_id);

-- The last checks of a team's settings, and the last rehearsal of a sign-in, each with the settings it was made with.
CREATE TABLE connection_checks (
    team_id TEXT PRIMARY KEY NOT NULL REFERENCES teams (team_id),
    settings TEXT NOT NULL,
    checks TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE TABLE rehearsals (
    team_id TEXT PRIMARY KEY NOT NULL REFERENCES teams (team_id),
    settings TEXT NOT NULL,
    passed BOOLEAN NOT NULL,
    result TEXT NOT NULL,
    made_by TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- Companies that ask for a team. They reserve nothing; several may ask for one Team ID.
CREATE TABLE requests (
    id TEXT PRIMARY KEY NOT NULL,
    status TEXT NOT NULL,
    company TEXT NOT NULL,
    contact TEXT NOT NULL,
    team_id TEXT NOT NULL,
    admin_email TEXT NOT NULL,
    issuer TEXT,
    client_id TEXT,
    client_secret TEXT,
    proof_hash TEXT,
    proof_until BIGINT,
    note TEXT,
    checks TEXT,
    made_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT
);
CREATE UNIQUE INDEX requests_proof ON requests (proof_hash);
CREATE INDEX requests_status ON requests (status, made_at);
CREATE INDEX requests_team ON requests (team_id);

-- What a refused sign-in leaves besides its cause: the names of the claims received, and how long each stage took.
ALTER TABLE sign_ins ADD COLUMN claims TEXT NOT NULL DEFAULT '[]';
ALTER TABLE sign_ins ADD COLUMN timings TEXT NOT NULL DEFAULT '{}';

-- When a team's admins were last told how its connection fares.
CREATE TABLE health_letters (
    team_id TEXT PRIMARY KEY NOT NULL REFERENCES teams (team_id),
    told TEXT NOT NULL,
    told_at BIGINT NOT NULL
);

-- The record is read by kind of act, and by the reference id on somebody's screen.
CREATE INDEX audit_act ON audit (act, n);
CREATE INDEX audit_team_act ON audit (team_id, act, n);
CREATE INDEX audit_reference ON audit (reference) WHERE reference IS NOT NULL;
