-- $1 bigint webhook
DELETE FROM webhook WHERE id = $1::bigint
