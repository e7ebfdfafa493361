-- Adds a version to each of some subjects, new or live ones, of a new schema that refers to nothing, and writes the changes. What
-- version_register.sql does for every case, this does for the most common one, for one registration or for many at once.
--
-- $1 int[] contexts   $2 text[] subjects   $3 text[] qualified subjects   $4 bigint[] subjects, or 0: a new one   $5 int[] versions
-- $6 uuid[] shapes   $7 uuid[] identities   $8 text[] types   $9 text[] texts   $10 text[] metadata   $11 text[] rule sets
-- $12 text[] names of contexts   $13 text[] details (jsonb)   $14 text[] actors   $15 text[] request ids
--
-- i: which one, from 1 on. schema_id, ts: as there.
--
-- Every number is drawn first, so that nothing has to be joined. The caller gives them in the order of their identities: two of these
-- statements then wait for each other's identities in one order.
WITH sent AS MATERIALIZED (
    SELECT i, context_id, name, qualified, subject_id = 0 AS is_new,
           CASE subject_id WHEN 0 THEN nextval('subject_id_seq') ELSE subject_id END AS subject_id,
           version, shape, identity, type, text, metadata, rule_set,
           context, detail::jsonb AS detail, actor, request_id,
           schema_id_next(context_id) AS schema_id, nextval('audit_seq_seq') AS seq, clock_timestamp() AS at
      FROM unnest($1::integer[], $2::text[], $3::text[], $4::bigint[], $5::integer[],
                  $6::uuid[], $7::uuid[], $8::text[]::schema_type[], $9::text[], $10::text[], $11::text[],
                  $12::text[], $13::text[], $14::text[], $15::text[])
           WITH ORDINALITY u (context_id, name, qualified, subject_id, version,
                              shape, identity, type, text, metadata, rule_set, context, detail, actor, request_id, i)
), added_subject AS (
    INSERT INTO subject (id, context_id, name, qualified) OVERRIDING SYSTEM VALUE
    SELECT subject_id, context_id, name, qualified
      FROM sent
     WHERE is_new
), added_schema AS (
    INSERT INTO schema (context_id, id, identity, type, text, metadata, rule_set)
    SELECT context_id, schema_id, identity, type, text, metadata, rule_set
      FROM sent
), added AS (
    INSERT INTO subject_version (subject_id, version, context_id, schema_id, shape)
    SELECT subject_id, version, context_id, schema_id, shape
      FROM sent
), noted AS (
    INSERT INTO audit (seq, at, kind, context, subject, schema_id, version, detail, actor, request_id) OVERRIDING SYSTEM VALUE
    SELECT seq, at, 'schema.registered', context, name, schema_id, version, detail, actor, request_id
      FROM sent
), waiting AS (
    INSERT INTO outbox (seq, type, subject)
    SELECT seq, 'io.avow.schema.registered', qualified
      FROM sent
)
SELECT i, schema_id, floor(extract(epoch FROM now()) * 1000)::bigint AS ts FROM sent
