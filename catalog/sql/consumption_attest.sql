-- Somebody says that it is still so.
--
-- $1 bigint consumption   $2 text who
UPDATE consumption SET attested_at = catalog_moment(), reminded = 0, reminded_at = NULL, updated_by = $2::text WHERE id = $1::bigint
