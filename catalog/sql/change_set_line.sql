-- The new line of a change is there.
--
-- $1 bigint change   $2 bigint line   $3 bigint version of it, or null   $4 text who
UPDATE change SET new_line_id = $2::bigint, applied_version = coalesce($3::bigint, applied_version), updated_by = $4::text WHERE id = $1::bigint
