-- What a service says that it reads: what is given replaces what is there, and is a sign of life.
--
-- $1 bigint consumption   $2 text version range   $3 jsonb environments   $4 text purpose   $5 text criticality   $6 bool the reader is given
-- $7 jsonb where it is from   $8 text its format   $9 text its text   $10 text[] its fields   $11 jsonb not relied on
-- $12 bool the owner has to agree to what it reads now   $13 jsonb labels   $14 text managed by   $15 text who
UPDATE consumption
   SET version_range = coalesce($2::text, version_range),
       environments = CASE WHEN $3::jsonb IS NULL THEN environments ELSE ARRAY(SELECT jsonb_array_elements_text($3::jsonb)) END,
       purpose = coalesce($4::text, purpose), criticality = coalesce($5::text, criticality),
       reader = CASE WHEN $6::boolean THEN $7::jsonb ELSE reader END, reader_format = CASE WHEN $6::boolean THEN $8::text ELSE reader_format END,
       reader_text = CASE WHEN $6::boolean THEN $9::text ELSE reader_text END, reader_paths = CASE WHEN $6::boolean THEN $10::text[] ELSE reader_paths END,
       not_relied_on = CASE WHEN $11::jsonb IS NULL THEN not_relied_on ELSE ARRAY(SELECT jsonb_array_elements_text($11::jsonb)) END,
       state = CASE WHEN $12::boolean AND state = 'active' THEN 'requested' ELSE state END,
       labels = coalesce($13::jsonb, labels), managed_by = coalesce($14::text, managed_by),
       attested_at = catalog_moment(), reminded = 0, updated_by = $15::text
 WHERE id = $1::bigint
RETURNING state
