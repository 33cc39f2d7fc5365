-- In from anywhere, out from everywhere: whose a launch is, what providers told us, how each connection fares.

CREATE INDEX sessions_idp_sid ON sessions (connection_id, idp_sid);
CREATE INDEX people_email ON people (team_id, lower(email));
ALTER TABLE connections ADD COLUMN logout_tested BOOLEAN NOT NULL DEFAULT FALSE;

-- What a provider said has ended: a sign-in that had begun by then opens no session.
CREATE TABLE ended_at_idp (
    connection_id TEXT NOT NULL,
    what TEXT NOT NULL,
    value TEXT NOT NULL,
    told_at BIGINT NOT NULL,
    PRIMARY KEY (connection_id, what, value)
);
CREATE INDEX ended_at_idp_told ON ended_at_idp (told_at);

-- Tokens by which a provider told us, so that the same one again gets the same answer.
CREATE TABLE heard_tokens (
    id TEXT PRIMARY KEY NOT NULL,
    body TEXT NOT NULL,
    answer BIGINT NOT NULL,
    told_at BIGINT NOT NULL
);
CREATE INDEX heard_tokens_told ON heard_tokens (told_at);

-- How each connection fares, gathered in memory and written down in batches.
CREATE TABLE connection_health (
    connection_id TEXT PRIMARY KEY NOT NULL,
    team_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    since BIGINT NOT NULL,
    started BIGINT NOT NULL,
    finished BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    bad_in_a_row BIGINT NOT NULL,
    last_good_at BIGINT,
    last_bad_at BIGINT,
    last_bad_cause TEXT,
    last_bad_reference TEXT,
    metadata_fetched_at BIGINT,
    keys_fetched_at BIGINT,
    unreachable_until BIGINT,
    unwell BOOLEAN NOT NULL
);
CREATE INDEX connection_health_team ON connection_health (team_id);
CREATE INDEX connection_health_unwell ON connection_health (unwell, team_id);

-- What a launch without a team may name (issuer, alias, client id), of open teams alone.
CREATE TABLE launch_names (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    team_id TEXT NOT NULL REFERENCES teams (team_id),
    PRIMARY KEY (kind, name, team_id)
);
CREATE INDEX launch_names_team ON launch_names (team_id);
INSERT INTO launch_names (kind, name, team_id)
SELECT 'issuer', issuer, team_id FROM connections WHERE live
UNION
SELECT 'issuer', alias, team_id FROM connections, json_array_elements_text(options::json -> 'aliases') AS alias WHERE live
UNION
SELECT 'client', client_id, team_id FROM connections WHERE live;
DELETE FROM launch_names WHERE team_id NOT IN (
    SELECT connections.team_id FROM connections
    JOIN teams ON teams.team_id = connections.team_id
    WHERE connections.live AND connections.state = 'enabled' AND teams.status = 'active'
);
