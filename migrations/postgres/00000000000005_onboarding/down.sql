DROP TABLE health_letters;
ALTER TABLE sign_ins DROP COLUMN timings;
ALTER TABLE sign_ins DROP COLUMN claims;
DROP TABLE requests;
DROP TABLE rehearsals;
DROP TABLE connection_checks;
DROP TABLE setup_links;
ALTER TABLE connections DROP COLUMN client_secret_set_by;
DROP TABLE connection_versions;
