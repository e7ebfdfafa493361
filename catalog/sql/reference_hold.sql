-- Keeps live versions from being deleted until this transaction ends: deleting waits for the lock.
--
-- $1 text[] qualified subjects   $2 int[] versions, -1 for the latest
--
-- In the order in which deleting locks them.
SELECT v.version
  FROM unnest($1::text[], $2::integer[]) a (subject, version)
  JOIN subject s ON s.qualified = a.subject
  JOIN subject_version v ON v.subject_id = s.id
 WHERE v.deleted_at IS NULL
   AND v.version = CASE WHEN a.version = -1
                        THEN (SELECT max(version) FROM subject_version WHERE subject_id = s.id AND deleted_at IS NULL)
                        ELSE a.version END
 ORDER BY v.subject_id, v.version
   FOR SHARE OF v
