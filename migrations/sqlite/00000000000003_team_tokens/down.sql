DROP TABLE team_tokens;
