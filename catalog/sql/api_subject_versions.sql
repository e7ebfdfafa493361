-- All versions of a subject, newest first, deleted ones included.
--
-- $1 text qualified subject, which may be an alias. No row: there is no such subject.
SELECT json_build_object(
           'subject', s.qualified,
           'versions', json_agg(
               json_build_object('version', v.version, 'id', v.schema_id, 'format', sc.type, 'registered_at', v.created_at,
                                 'deleted', v.deleted_at IS NOT NULL)
               ORDER BY v.version DESC))::text AS body
  FROM subject s
  JOIN subject_version v ON v.subject_id = s.id
  JOIN schema sc ON sc.context_id = v.context_id AND sc.id = v.schema_id
 WHERE s.qualified = coalesce((SELECT alias_of FROM setting WHERE scope = $1::text), $1::text)
 GROUP BY s.qualified
