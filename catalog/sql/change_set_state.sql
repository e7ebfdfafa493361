-- A draft is opened ($2 'open'), a suggestion adopted ($3 false).
--
-- $1 bigint change   $2 text state   $3 bool suggestion   $4 text who
UPDATE change SET state = $2::text, suggestion = $3::boolean, opened_at = coalesce(opened_at, catalog_now()), updated_by = $4::text
 WHERE id = $1::bigint
