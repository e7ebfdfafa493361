-- All versions of a subject, newest first, deleted ones included; of a bound subject the line, and what number each is there.
--
-- $1 text qualified subject, which may be an alias. No row: there is no such subject.
SELECT json_build_object(
           'subject', s.qualified,
           'line', (SELECT e.name || '@' || l.major
                      FROM line_subject ls JOIN line l ON l.id = ls.line_id JOIN event e ON e.id = l.event_id
                     WHERE ls.subject = s.qualified),
           'versions', json_agg(
               json_build_object('version', v.version, 'id', v.schema_id, 'format', sc.type, 'registered_at', v.created_at,
                                 'deleted', v.deleted_at IS NOT NULL, 'semver', lv.semver)
               ORDER BY v.version DESC))::text AS body
  FROM subject s
  JOIN subject_version v ON v.subject_id = s.id
  JOIN schema sc ON sc.context_id = v.context_id AND sc.id = v.schema_id
  LEFT JOIN line_version lv ON lv.subject = s.qualified AND lv.version = v.version AND lv.state <> 'withdrawn'
 WHERE s.qualified = coalesce((SELECT alias_of FROM setting WHERE scope = $1::text), $1::text)
 GROUP BY s.qualified
