-- A subject without versions goes, and its settings with it.
--
-- $1 bigint subject   $2 text its scope of settings
WITH gone AS (
    DELETE FROM subject
     WHERE id = $1::bigint AND NOT EXISTS (SELECT FROM subject_version WHERE subject_id = $1::bigint)
    RETURNING id
)
DELETE FROM setting WHERE scope = $2::text AND EXISTS (SELECT FROM gone)
