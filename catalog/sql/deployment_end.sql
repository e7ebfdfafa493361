-- $1 bigint deployment: runs no longer.
UPDATE deployment SET ended_at = catalog_moment() WHERE id = $1::bigint
