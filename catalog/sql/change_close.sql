-- $1 bigint change   $2 text state   $3 text who   $4 text why or null   $5 bigint version of the line that it became, or null
UPDATE change SET state = $2::text, closed_at = catalog_now(), closed_by = $3::text, close_reason = $4::text,
       applied_version = coalesce($5::bigint, applied_version), updated_by = $3::text
 WHERE id = $1::bigint
