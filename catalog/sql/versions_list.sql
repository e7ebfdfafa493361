-- The numbers of a subject's versions.
--
-- $1 text qualified subject   $2 bool deleted ones only, live ones only, or null: all   $3 bigint offset   $4 bigint limit or null
--
-- No row: there is no such subject. any: it has versions of that kind, though perhaps not on this page.
WITH s AS (
    SELECT id, qualified
      FROM subject
     WHERE qualified = coalesce((SELECT alias_of FROM setting WHERE scope = $1::text), $1::text)
)
SELECT s.qualified AS subject,
       EXISTS (SELECT FROM subject_version
                WHERE subject_id = s.id AND ($2::boolean IS NULL OR (deleted_at IS NOT NULL) = $2::boolean)) AS any,
       v.version, v.deleted
  FROM s
  LEFT JOIN (
       SELECT version, deleted_at IS NOT NULL AS deleted
         FROM subject_version
        WHERE subject_id = (SELECT id FROM s) AND ($2::boolean IS NULL OR (deleted_at IS NOT NULL) = $2::boolean)
        ORDER BY version
       OFFSET $3::bigint LIMIT $4::bigint) v ON true
 ORDER BY v.version
