-- Makes a subject with its first version, of a new schema that refers to nothing, and writes the change. What
-- version_register.sql does for every case, this does for a common one at half the cost.
--
-- $1 int context   $2 text subject   $3 text qualified subject   $4 uuid shape   $5 uuid identity   $6 text type   $7 text text
-- $8 text metadata   $9 text rule set   $10 text context name   $11 jsonb detail   $12 text actor   $13 text request id
--
-- schema_id, ts: as there.
WITH added_subject AS (
    INSERT INTO subject (context_id, name, qualified)
    VALUES ($1::integer, $2::text, $3::text)
    RETURNING id
), added_schema AS (
    INSERT INTO schema (context_id, id, identity, type, text, metadata, rule_set)
    VALUES ($1::integer, schema_id_next($1::integer), $5::uuid, $6::text::schema_type, $7::text, $8::text, $9::text)
    RETURNING id
), added AS (
    INSERT INTO subject_version (subject_id, version, context_id, schema_id, shape)
    SELECT added_subject.id, 1, $1::integer, added_schema.id, $4::uuid
      FROM added_subject, added_schema
    RETURNING schema_id
), noted AS (
    INSERT INTO audit (kind, context, subject, schema_id, version, detail, actor, request_id)
    SELECT 'schema.registered', $10::text, $2::text, schema_id, 1, $11::jsonb, $12::text, $13::text
      FROM added
    RETURNING seq, at, schema_id
), waiting AS (
    INSERT INTO outbox (seq, type, subject, data)
    SELECT seq, 'io.avow.schema.registered', $3::text,
           jsonb_build_object('context', $10::text, 'subject', $2::text, 'id', schema_id, 'version', 1,
                              'detail', $11::jsonb, 'actor', $12::text, 'at', at)
      FROM noted
)
SELECT schema_id, floor(extract(epoch FROM now()) * 1000)::bigint AS ts FROM added
