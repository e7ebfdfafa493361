-- Every line that has a field, by the field's name or its whole path.
--
-- $1 text name or path   $2 text key after which to go on   $3 bigint at most so many
SELECT key, jsonb_build_object('path', path, 'role', role, 'line', line, 'event', event_name, 'state', state, 'owner', owner, 'type', type, 'logical', logical,
                               'required', required, 'unit', unit, 'tags', tags, 'doc', doc, 'since', since, 'readers', readers,
                               'links', jsonb_build_object('self', '/api/v1/lines/' || line || '/fields', 'ui', '/ui/events/' || event_name || '/' || major)) AS item
  FROM (SELECT l.name || ' ' || f.role || ' ' || f.path AS key, f.*, l.name AS line, l.event_name, l.major, l.state, t.slug AS owner,
               (SELECT count(*) FROM consumption c
                 WHERE c.line_id = l.id AND c.state IN ('requested', 'active')
                   AND (f.path = ANY (c.reader_paths)
                        OR EXISTS (SELECT FROM consumption_field cf WHERE cf.consumption_id = c.id AND cf.path = f.path))) AS readers
          FROM line_field f JOIN line_named l ON l.id = f.line_id JOIN team t ON t.id = l.team_id
         WHERE f.removed IS NULL AND l.state NOT IN ('removed', 'abandoned')
           AND lower(f.name) = lower(regexp_replace($1::text, '^.*[.]', '')) AND (strpos($1::text, '.') = 0 OR f.path = $1::text)) x
 WHERE $2::text IS NULL OR key COLLATE "C" > $2::text
 ORDER BY key COLLATE "C"
 LIMIT $3::bigint
