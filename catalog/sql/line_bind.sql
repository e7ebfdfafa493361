-- A subject becomes a line's, if it is nobody's yet.
--
-- $1 bigint line   $2 text qualified subject   $3 text role   $4 text who
INSERT INTO line_subject (line_id, subject, role, created_by) VALUES ($1::bigint, $2::text, $3::text, $4::text)
    ON CONFLICT (subject) DO NOTHING
RETURNING id
