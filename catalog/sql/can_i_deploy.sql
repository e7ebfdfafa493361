-- What a service reads and writes in an environment, and what is written there now: a row for each consumption with each version that a
-- deployed producer writes (or none), and one for each production.
--
-- $1 text service   $2 text environment
--
-- current: the version that counts. writer: that a deployment in this environment writes. fields: declared. missing: of them, that the
-- line does not have now. …_context, …_schema: where the registry has a text, for what a JSON Schema refers to.
WITH s AS (
    SELECT id, slug FROM service WHERE slug = $1::text
), env AS (
    SELECT id, name FROM environment WHERE name = $2::text
), written AS (
    SELECT DISTINCT v.line_id, v.id AS version_id, v.semver, v.format, v.text, v.context_id, v.schema_id
      FROM env
      JOIN deployment d ON d.environment_id = env.id AND d.ended_at IS NULL
     CROSS JOIN jsonb_array_elements(d.produces) p
      JOIN line_named l ON l.name = p ->> 'line'
      JOIN line_version v ON v.line_id = l.id AND v.semver = p ->> 'version'
)
SELECT 'consumption' AS role, c.public_id, l.name AS line, l.state, c.state AS stands, catalog_instant(l.sunset_at) AS sunset_at,
       c.reader_format, c.reader_text, stored.context_id AS reader_context, stored.schema_id AS reader_schema,
       w.semver AS writer, w.format AS writer_format, w.text AS writer_text, w.context_id AS writer_context, w.schema_id AS writer_schema,
       cur.semver AS current, cur.format AS current_format, cur.text AS current_text, cur.context_id AS current_context,
       cur.schema_id AS current_schema,
       (SELECT count(*) FROM consumption_field f WHERE f.consumption_id = c.id) AS fields,
       (SELECT string_agg(f.path, ', ' ORDER BY f.path) FROM consumption_field f
         WHERE f.consumption_id = c.id AND f.need = 'required'
           AND NOT EXISTS (SELECT FROM line_field lf WHERE lf.line_id = l.id AND lf.removed IS NULL AND lf.path = f.path)) AS missing
  FROM s
  JOIN consumption c ON c.service_id = s.id AND c.state IN ('requested', 'active')
                    AND (cardinality(c.environments) = 0 OR $2::text = ANY (c.environments))
  JOIN line_named l ON l.id = c.line_id
  LEFT JOIN LATERAL (SELECT semver, format, text, context_id, schema_id FROM line_version v
                      WHERE v.line_id = l.id AND v.state = 'active' AND v.role = 'value' ORDER BY v.id DESC LIMIT 1) cur ON true
  LEFT JOIN LATERAL (SELECT v.context_id, v.schema_id FROM subject r JOIN subject_version v ON v.subject_id = r.id
                      WHERE r.qualified = c.reader ->> 'subject' AND v.version = (c.reader ->> 'version')::integer) stored ON true
  LEFT JOIN written w ON w.line_id = l.id
 UNION ALL
SELECT 'production', p.public_id, l.name, l.state, 'active', catalog_instant(l.sunset_at), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, cur.semver, cur.format, cur.text, cur.context_id, cur.schema_id, 0, NULL
  FROM s
  JOIN production p ON p.service_id = s.id AND p.ended_at IS NULL AND (cardinality(p.environments) = 0 OR $2::text = ANY (p.environments))
  JOIN line_named l ON l.id = p.line_id
  LEFT JOIN LATERAL (SELECT semver, format, text, context_id, schema_id FROM line_version v
                      WHERE v.line_id = l.id AND v.state = 'active' AND v.role = 'value' ORDER BY v.id DESC LIMIT 1) cur ON true
 ORDER BY 1, 3, 9
