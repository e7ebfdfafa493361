-- A consumption goes to another state.
--
-- $1 bigint consumption   $2 text state   $3 text reason or null   $4 text who
UPDATE consumption
   SET state = $2::text, ended_at = CASE WHEN $2::text IN ('ended', 'rejected') THEN catalog_moment() END,
       end_reason = CASE WHEN $2::text IN ('ended', 'rejected') THEN $3::text END, attested_at = catalog_moment(), updated_by = $4::text
 WHERE id = $1::bigint
