-- The versions of a subject that are not deleted, oldest first, as far as a line needs them.
--
-- $1 text qualified subject
SELECT v.version, v.context_id, v.schema_id, sc.type
  FROM subject s
  JOIN subject_version v ON v.subject_id = s.id AND v.deleted_at IS NULL
  JOIN schema sc ON sc.context_id = v.context_id AND sc.id = v.schema_id
 WHERE s.qualified = $1::text
 ORDER BY v.version
