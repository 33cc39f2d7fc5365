-- API tokens of teams. A revoked one keeps its row, so that the record can name it, and loses nothing but its worth.

CREATE TABLE team_tokens (
    id TEXT PRIMARY KEY NOT NULL,
    team_id TEXT NOT NULL REFERENCES teams (team_id),
    hash TEXT NOT NULL,
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    maker TEXT,
    version BIGINT NOT NULL,
    shown BOOLEAN NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT,
    used_at BIGINT,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX team_tokens_hash ON team_tokens (hash);
CREATE INDEX team_tokens_team ON team_tokens (team_id, revoked_at);
