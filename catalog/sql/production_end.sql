-- A service writes a line no longer.
--
-- $1 bigint production   $2 text reason or null   $3 text who
UPDATE production SET ended_at = catalog_moment(), end_reason = $2::text, updated_by = $3::text WHERE id = $1::bigint
