-- Adds a version to a live subject, of a new schema that refers to nothing, and writes the change. What version_register.sql
-- does for every case, this does for the most common one at half the cost.
--
-- $1 to $13: as in version_register_first.sql   $14 bigint subject   $15 int version
--
-- schema_id, ts: as there.
WITH added_schema AS (
    INSERT INTO schema (context_id, id, identity, type, text, metadata, rule_set)
    VALUES ($1::integer, schema_id_next($1::integer), $5::uuid, $6::text::schema_type, $7::text, $8::text, $9::text)
    RETURNING id
), added AS (
    INSERT INTO subject_version (subject_id, version, context_id, schema_id, shape)
    SELECT $14::bigint, $15::integer, $1::integer, id, $4::uuid
      FROM added_schema
    RETURNING schema_id
), noted AS (
    INSERT INTO audit (kind, context, subject, schema_id, version, detail, actor, request_id)
    SELECT 'schema.registered', $10::text, $2::text, schema_id, $15::integer, $11::jsonb, $12::text, $13::text
      FROM added
    RETURNING seq, at, schema_id
), waiting AS (
    INSERT INTO outbox (seq, type, subject, data)
    SELECT seq, 'io.avow.schema.registered', $3::text,
           jsonb_build_object('context', $10::text, 'subject', $2::text, 'id', schema_id, 'version', $15::integer,
                              'detail', $11::jsonb, 'actor', $12::text, 'at', at)
      FROM noted
)
SELECT schema_id, floor(extract(epoch FROM now()) * 1000)::bigint AS ts FROM added
