-- What was seen, the latest first.
--
-- $1 text line or null   $2 text service or null   $3 text key   $4 bigint at most so many
SELECT key, item
  FROM (SELECT catalog_instant(o.last_at) || ' ' || o.line_id || ' ' || o.service_id || ' ' || o.environment || ' ' || o.source || ' ' || o.op || ' '
                   || o.schema_id || ' ' || o.token_id || ' ' || o.detail AS key,
               jsonb_build_object('day', o.day, 'line', l.name, 'service', s.slug, 'environment', nullif(o.environment, ''), 'source', o.source, 'op', o.op,
                                  'schema_id', nullif(o.schema_id, 0), 'token', k.prefix, 'client', nullif(o.detail, ''), 'count', o.count,
                                  'last_at', catalog_instant(o.last_at)) AS item
          FROM observation o JOIN line_named l ON l.id = o.line_id LEFT JOIN service s ON s.id = o.service_id LEFT JOIN token k ON k.id = o.token_id
         WHERE ($1::text IS NULL OR l.name = $1::text OR l.event_name = $1::text) AND ($2::text IS NULL OR s.slug = $2::text)) x
 WHERE $3::text IS NULL OR key < $3::text
 ORDER BY key DESC
 LIMIT $4::bigint
