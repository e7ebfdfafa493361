-- What a service has declared and its repository names no longer.
--
-- $1 bigint service   $2 text[] public ids that it names
SELECT public_id, 'consumption' AS kind FROM consumption
 WHERE service_id = $1::bigint AND state IN ('requested', 'active') AND public_id <> ALL ($2::text[])
 UNION ALL
SELECT public_id, 'production' FROM production
 WHERE service_id = $1::bigint AND ended_at IS NULL AND public_id <> ALL ($2::text[])
