-- $1 bigint subject   $2 int[] versions
DELETE FROM subject_version WHERE subject_id = $1::bigint AND version = ANY ($2::integer[])
