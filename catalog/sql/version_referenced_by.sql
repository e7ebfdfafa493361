-- The schemas that refer to a version directly.
--
-- $1 text qualified subject   $2 int version   $3 bool also those with soft deleted versions only
-- $4 bigint offset   $5 bigint limit or null
SELECT DISTINCT r.schema_id AS id
  FROM subject s
  JOIN schema_reference r ON r.target_subject_id = s.id AND r.version = $2::integer
 WHERE s.qualified = $1::text
   AND EXISTS (SELECT FROM subject_version v
                WHERE v.context_id = r.context_id AND v.schema_id = r.schema_id
                  AND ($3::boolean OR v.deleted_at IS NULL))
 ORDER BY r.schema_id
OFFSET $4::bigint LIMIT $5::bigint
