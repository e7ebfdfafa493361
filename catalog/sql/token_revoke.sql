-- $1 bigint id
UPDATE token SET revoked_at = catalog_moment() WHERE id = $1::bigint AND revoked_at IS NULL
