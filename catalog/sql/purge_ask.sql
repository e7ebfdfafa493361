-- An administrator asks that the content of a line be wiped: what was asked first stays.
--
-- $1 bigint line   $2 text reason   $3 text who
INSERT INTO purge (line_id, reason, asked_by) VALUES ($1::bigint, $2::text, $3::text) ON CONFLICT DO NOTHING
