-- The subject that holds a line's values.
--
-- $1 bigint line
SELECT subject FROM line_subject WHERE line_id = $1::bigint ORDER BY role DESC, id LIMIT 1
