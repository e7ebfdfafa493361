-- The next contract of a line.
--
-- $1 bigint line   $2 jsonb terms   $3 bigint change or null   $4 text who
INSERT INTO contract (line_id, n, terms, change_id, created_by)
SELECT $1::bigint, coalesce(max(n), 0) + 1, $2::jsonb, $3::bigint, $4::text FROM contract WHERE line_id = $1::bigint
RETURNING id, n
