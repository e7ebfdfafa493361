-- A service begins to write a line.
--
-- $1 bigint service   $2 bigint line   $3 jsonb environments   $4 jsonb labels   $5 text managed by   $6 text who; $3 to $5 may be null
INSERT INTO production (public_id, service_id, line_id, environments, labels, managed_by, created_by, updated_by)
VALUES ('prd_' || left(replace(gen_random_uuid()::text, '-', ''), 14), $1::bigint, $2::bigint,
        ARRAY(SELECT jsonb_array_elements_text(coalesce($3::jsonb, '[]'))), coalesce($4::jsonb, '{}'), coalesce($5::text, 'api'), $6::text, $6::text)
RETURNING public_id
