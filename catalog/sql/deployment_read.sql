-- A deployment as it is told.
--
-- $1 text public id
SELECT deployment_json(id) AS body FROM deployment WHERE public_id = $1::text
