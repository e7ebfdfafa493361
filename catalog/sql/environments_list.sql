-- In the order in which deployments go through them.
--
-- $1 text key after which to go on, or null   $2 bigint limit
SELECT key, jsonb_build_object('name', name, 'position', position, 'production', production,
                               'links', jsonb_build_object('self', '/api/v1/environments/' || name, 'ui', '/ui/settings/environments')) AS item
  FROM (SELECT *, to_char(position + 2147483648, 'FM0000000000') || name AS key FROM environment) e
 WHERE $1::text IS NULL OR key > $1::text COLLATE "C"
 ORDER BY key COLLATE "C"
 LIMIT $2::bigint
