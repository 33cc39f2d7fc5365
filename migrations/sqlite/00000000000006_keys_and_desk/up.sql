-- What helps when something runs out or breaks: the life of a client secret, break-glass, and teams found by an email.

-- When a connection's client secret expires, and the next one beside it, which takes over when the provider no longer
-- accepts the current one.
CREATE TABLE secret_lives (
    connection_id TEXT PRIMARY KEY NOT NULL REFERENCES connections (id),
    team_id TEXT NOT NULL REFERENCES teams (team_id),
    expires_at BIGINT,
    told_days BIGINT,
    next_secret TEXT,
    next_set_at BIGINT,
    next_set_by TEXT,
    next_expires_at BIGINT,
    next_tested_at BIGINT
);
CREATE INDEX secret_lives_expire ON secret_lives (expires_at);

-- Ways for one admin to their team's settings while nobody can sign in: a link that was mailed, a code that was told.
CREATE TABLE break_glass (
    id TEXT PRIMARY KEY NOT NULL,
    hash TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    team_id TEXT NOT NULL REFERENCES teams (team_id),
    person_id TEXT NOT NULL,
    wrong_codes BIGINT NOT NULL DEFAULT 0,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    opened_at BIGINT,
    ended_at BIGINT
);
CREATE UNIQUE INDEX break_glass_hash ON break_glass (hash);
CREATE INDEX break_glass_team ON break_glass (team_id);

-- Somebody who doesn't know their Team ID is found by email, whatever the number of teams.
CREATE INDEX people_any_email ON people (lower(email));
CREATE INDEX teams_admin_email ON teams (lower(admin_email));
