-- A service begins to read a line.
--
-- $1 bigint service   $2 bigint line   $3 text version range   $4 jsonb environments   $5 text purpose   $6 text criticality
-- $7 jsonb where the reader schema is from   $8 text its format   $9 text its text   $10 text[] its fields   $11 jsonb not relied on
-- $12 text state   $13 bigint change that it accepts   $14 jsonb labels   $15 text managed by   $16 text who; all but ids, state and who may be null
INSERT INTO consumption (public_id, service_id, line_id, version_range, environments, purpose, criticality, reader, reader_format, reader_text,
                         reader_paths, not_relied_on, state, accepted_changes, labels, managed_by, created_by, updated_by)
VALUES ('cns_' || left(replace(gen_random_uuid()::text, '-', ''), 14), $1::bigint, $2::bigint, coalesce($3::text, '*'),
        ARRAY(SELECT jsonb_array_elements_text(coalesce($4::jsonb, '[]'))), coalesce($5::text, ''), coalesce($6::text, 'blocking'),
        $7::jsonb, $8::text, $9::text, $10::text[], ARRAY(SELECT jsonb_array_elements_text(coalesce($11::jsonb, '[]'))), $12::text,
        CASE WHEN $13::bigint IS NULL THEN '{}' ELSE ARRAY[$13::bigint] END, coalesce($14::jsonb, '{}'), coalesce($15::text, 'api'),
        $16::text, $16::text)
RETURNING id, public_id
