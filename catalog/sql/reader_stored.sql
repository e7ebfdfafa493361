-- A registered version, as a reader schema.
--
-- $1 text qualified subject   $2 int version, or null: the latest
SELECT v.version, v.context_id, v.schema_id, sc.type
  FROM subject s
  JOIN subject_version v ON v.subject_id = s.id AND v.deleted_at IS NULL AND ($2::integer IS NULL OR v.version = $2::integer)
  JOIN schema sc ON sc.context_id = v.context_id AND sc.id = v.schema_id
 WHERE s.qualified = $1::text
 ORDER BY v.version DESC
 LIMIT 1
