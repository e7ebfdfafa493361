-- A version of a line, with its text.
--
-- $1 bigint version
SELECT version_json($1::bigint, true) AS body
