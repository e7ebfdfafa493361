-- Locks versions that may be deleted, and the schemas they use: whoever refers to them, uses them again or deletes the last use of a
-- schema waits, or is waited for. Sent before the statement that reads.
--
-- $1 text qualified subject   $2 int version, -1: the latest live one, null: all
SELECT v.version
  FROM subject s
  JOIN subject_version v ON v.subject_id = s.id
  JOIN schema sc ON sc.context_id = v.context_id AND sc.id = v.schema_id
 WHERE s.qualified = $1::text
   AND ($2::integer IS NULL
        OR v.version = CASE WHEN $2::integer = -1
                            THEN (SELECT max(version) FROM subject_version WHERE subject_id = s.id AND deleted_at IS NULL)
                            ELSE $2::integer END)
 ORDER BY v.subject_id, v.version
   FOR UPDATE OF v, sc
