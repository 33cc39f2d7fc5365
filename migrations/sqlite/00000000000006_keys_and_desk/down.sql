DROP INDEX teams_admin_email;
DROP INDEX people_any_email;
DROP TABLE break_glass;
DROP TABLE secret_lives;
