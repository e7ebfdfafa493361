-- The terms that count for a line.
--
-- $1 bigint line
SELECT id, n, terms::text AS terms FROM contract WHERE line_id = $1::bigint ORDER BY n DESC LIMIT 1
