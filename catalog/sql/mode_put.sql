-- $1 text scope   $2 text mode
INSERT INTO mode (scope, mode)
VALUES ($1::text, $2::text)
ON CONFLICT (scope) DO UPDATE SET mode = excluded.mode
