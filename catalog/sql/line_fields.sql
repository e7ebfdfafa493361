-- The fields of a line, each with who reads it and who requires it.
--
-- $1 bigint line
--
-- A reader that gave its schema reads the fields that are in it; one that declared paths reads these. Who declared nothing may read
-- anything: unused is known only when there is nobody of that kind.
WITH reader AS (
    SELECT c.id, s.slug AS service, t.slug AS team, c.criticality, c.reader_paths, c.reader_text IS NOT NULL AS has_reader,
           EXISTS (SELECT FROM consumption_field f WHERE f.consumption_id = c.id) AS has_fields
      FROM consumption c JOIN service s ON s.id = c.service_id JOIN team t ON t.id = s.team_id
     WHERE c.line_id = $1::bigint AND c.state IN ('requested', 'active')
), reads AS (
    SELECT f.path, r.service, r.team, r.criticality, f.need, f.enum_handling, f.use, 'declared_fields' AS evidence
      FROM reader r JOIN consumption_field f ON f.consumption_id = r.id
     UNION ALL
    SELECT p.path, r.service, r.team, r.criticality, 'required', 'tolerant', '', 'reader_schema'
      FROM reader r, unnest(r.reader_paths) p (path)
     WHERE NOT EXISTS (SELECT FROM consumption_field f WHERE f.consumption_id = r.id AND f.path = p.path)
), field AS (
    SELECT f.*, (SELECT coalesce(jsonb_agg(to_jsonb(x) - 'path' ORDER BY x.service), '[]') FROM reads x WHERE x.path = f.path) AS readers
      FROM line_field f WHERE f.line_id = $1::bigint
)
SELECT jsonb_build_object(
           'line', l.name,
           'version', (SELECT semver FROM line_version WHERE id = line_current(l.id, 'value')),
           'items', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                                'path', path, 'name', name, 'role', role, 'type', type, 'required', required, 'default', default_json, 'symbols', symbols,
                                'tags', tags, 'unit', unit, 'logical', logical, 'doc', doc, 'since', since, 'readers', readers,
                                'required_by', (SELECT count(*) FROM jsonb_array_elements(readers) x WHERE x ->> 'need' = 'required'),
                                'unread', readers = '[]') ORDER BY role DESC, position), '[]')
                       FROM field WHERE removed IS NULL),
           'removed', (SELECT coalesce(jsonb_agg(jsonb_build_object('path', path, 'role', role, 'type', type, 'since', since, 'removed', removed,
                                                                    'readers', readers) ORDER BY position), '[]')
                         FROM field WHERE removed IS NOT NULL),
           'undeclared', (SELECT coalesce(jsonb_agg(jsonb_build_object('service', service, 'team', team) ORDER BY service), '[]')
                            FROM reader WHERE NOT has_reader AND NOT has_fields),
           'unused', CASE WHEN EXISTS (SELECT FROM reader WHERE NOT has_reader AND NOT has_fields) THEN NULL
                          ELSE (SELECT coalesce(jsonb_agg(path ORDER BY position), '[]') FROM field WHERE removed IS NULL AND readers = '[]') END,
           'links', line_links(l.name)) AS body
  FROM line_named l WHERE l.id = $1::bigint
