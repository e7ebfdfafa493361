-- Reads and registrations that this server has answered, by whom, into buckets of a day.
--
-- $1 bigint[] services or 0   $2 bigint[] tokens or 0   $3 text[] contexts   $4 int[] schemas, or 0   $5 text[] qualified subjects, or ''
-- $6 text[] versions, numbers or "latest"   $7 bigint[] counts   $8 text op, read or write
WITH used AS (
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::bigint[])
                  u (service_id, token_id, context, schema_id, subject, version, count)
), placed AS (
    SELECT v.line_id, u.service_id, CASE WHEN u.service_id = 0 THEN u.token_id ELSE 0 END AS token_id, coalesce(v.schema_id, 0) AS schema_id, u.count
      FROM used u
      JOIN LATERAL (
           SELECT v.line_id, v.schema_id FROM line_version v JOIN context c ON c.id = v.context_id
            WHERE u.schema_id > 0 AND v.schema_id = u.schema_id AND c.name = u.context AND v.state <> 'withdrawn'
            UNION
           SELECT b.line_id, (SELECT v.schema_id FROM line_version v
                               WHERE v.subject = b.subject AND v.state <> 'withdrawn' AND (u.version !~ '^[0-9]{1,9}$' OR v.version = u.version::integer)
                               ORDER BY v.id DESC LIMIT 1)
             FROM line_subject b WHERE u.schema_id = 0 AND b.subject = u.subject) v ON true
), bucket AS (
    SELECT line_id, service_id, token_id, schema_id, sum(count)::bigint AS count FROM placed GROUP BY 1, 2, 3, 4
)
INSERT INTO observation AS o (day, service_id, token_id, line_id, schema_id, source, op, count, last_at)
SELECT (catalog_now() AT TIME ZONE 'UTC')::date, service_id, token_id, line_id, schema_id, CASE $8::text WHEN 'write' THEN 'register' ELSE 'fetch' END,
       $8::text, count, catalog_now()
  FROM bucket
    ON CONFLICT (line_id, day, service_id, environment, source, op, schema_id, token_id, detail)
    DO UPDATE SET count = o.count + excluded.count, last_at = greatest(o.last_at, excluded.last_at)
