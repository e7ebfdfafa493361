-- A production as it is told.
--
-- $1 text public id
SELECT rev, production_json(id) AS body FROM production WHERE public_id = $1::text
