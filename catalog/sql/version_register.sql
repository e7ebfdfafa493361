-- Adds a version to a subject, with whatever it needs that is not there yet (the subject, the schema, its references), and
-- writes the change, as audit_note.sql does: the id of a new schema is known here only.
--
-- $1 int context   $2 bigint subject or null: a new one   $3 text its name   $4 text its qualified name   $5 int version
-- $6 uuid shape    $7 int schema, or null: a new one, which then is
--    $8 int its id or null: the next one   $9 uuid identity   $10 bool owner   $11 text type   $12 text text
--    $13 text references   $14 text metadata   $15 text rule set (JSON or null)
--    $16 bigint[] subjects, $17 int[] versions and $18 text[] names of its references, in order
-- $19 text context name   $20 jsonb detail   $21 text actor   $22 text request id
--
-- schema_id: what the version uses. ts: when, in milliseconds.
--
-- Soft deleted versions of the subject with the same schema are superseded by this one and go, unless something refers
-- to them. Imports may bring one of them back under its own number: that is what the conflict is about.
WITH new_subject AS (
    INSERT INTO subject (context_id, name, qualified)
    SELECT $1::integer, $3::text, $4::text
     WHERE $2::bigint IS NULL
    RETURNING id
), new_schema AS (
    INSERT INTO schema (context_id, id, identity, owner, type, text, refs, metadata, rule_set)
    SELECT $1::integer, coalesce($8::integer, schema_id_next($1::integer)), $9::uuid, $10::boolean, $11::text::schema_type,
           $12::text, $13::text, $14::text, $15::text
     WHERE $7::integer IS NULL
    RETURNING id
), used AS (
    SELECT coalesce($2::bigint, (SELECT id FROM new_subject)) AS subject_id,
           coalesce($7::integer, (SELECT id FROM new_schema)) AS schema_id
), referred AS (
    INSERT INTO schema_reference (context_id, schema_id, position, target_subject_id, version, name)
    SELECT $1::integer, n.id, r.position, r.subject_id, r.version, r.name
      FROM new_schema n,
           unnest($16::bigint[], $17::integer[], $18::text[]) WITH ORDINALITY r (subject_id, version, name, position)
), superseded AS (
    DELETE FROM subject_version v
     WHERE v.context_id = $1::integer AND v.schema_id = $7::integer AND v.subject_id = $2::bigint
       AND v.deleted_at IS NOT NULL AND v.version <> $5::integer
       AND NOT EXISTS (SELECT FROM schema_reference r
                        WHERE r.target_subject_id = v.subject_id AND r.version = v.version)
), revived AS (
    UPDATE subject SET live = true WHERE id = $2::bigint AND NOT live
), added AS (
    INSERT INTO subject_version (subject_id, version, context_id, schema_id, shape)
    SELECT subject_id, $5::integer, $1::integer, schema_id, $6::uuid
      FROM used
        ON CONFLICT (subject_id, version) DO UPDATE SET deleted_at = NULL
), noted AS (
    INSERT INTO audit (kind, context, subject, schema_id, version, detail, actor, request_id)
    SELECT 'schema.registered', $19::text, $3::text, schema_id, $5::integer, $20::jsonb, $21::text, $22::text
      FROM used
    RETURNING seq
), waiting AS (
    INSERT INTO outbox (seq, type, subject)
    SELECT seq, 'io.avow.schema.registered', $4::text
      FROM noted
)
SELECT schema_id, floor(extract(epoch FROM now()) * 1000)::bigint AS ts FROM used
