-- $1 bigint channel: is gone, with what went through it.
WITH lines AS (DELETE FROM channel_line WHERE channel_id = $1::bigint RETURNING 1)
DELETE FROM channel WHERE id = $1::bigint AND (SELECT count(*) FROM lines) >= 0
