-- How many administrators can still sign in besides this user. $1 text login
SELECT count(*) AS n FROM person WHERE role = 'admin' AND NOT disabled AND login <> $1::text
