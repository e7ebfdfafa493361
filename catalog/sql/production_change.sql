-- What is said of a production. Null: as it is.
--
-- $1 bigint production   $2 jsonb environments   $3 jsonb labels   $4 text managed by   $5 text who
UPDATE production
   SET environments = CASE WHEN $2::jsonb IS NULL THEN environments ELSE ARRAY(SELECT jsonb_array_elements_text($2::jsonb)) END,
       labels = coalesce($3::jsonb, labels), managed_by = coalesce($4::text, managed_by), updated_by = $5::text
 WHERE id = $1::bigint
