DROP TABLE launch_names;
DROP TABLE connection_health;
DROP TABLE heard_tokens;
DROP TABLE ended_at_idp;
ALTER TABLE connections DROP COLUMN logout_tested;
DROP INDEX people_email;
DROP INDEX sessions_idp_sid;
