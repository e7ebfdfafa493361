-- $1 bigint item
UPDATE inbox_item SET done_at = catalog_moment() WHERE id = $1::bigint AND done_at IS NULL
