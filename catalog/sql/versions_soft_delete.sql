-- $1 bigint subject   $2 int[] versions
UPDATE subject_version SET deleted_at = now()
 WHERE subject_id = $1::bigint AND version = ANY ($2::integer[]) AND deleted_at IS NULL
