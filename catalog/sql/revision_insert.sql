-- A revision with what it finds and whom it hits; the change points to it from now on.
--
-- $1 bigint change   $2 int number   $3 text format or null   $4 text schema or null   $5 jsonb references   $6 jsonb terms or null
-- $7 jsonb target or null   $8 bigint base version or null   $9 int base terms or null   $10 text content hash   $11 text class
-- $12 text semver   $13 jsonb alternatives   $14 jsonb checks   $15 text summary   $16 jsonb findings   $17 jsonb rows   $18 text by
-- $19 jsonb semver of the change
WITH r AS (
    INSERT INTO revision (change_id, n, format, text, refs, terms, target, base_version, base_terms, content_hash, class, semver,
                          alternatives, checks, summary, created_by)
    VALUES ($1::bigint, $2::integer, $3::text, $4::text, $5::jsonb, $6::jsonb, $7::jsonb, $8::bigint, $9::integer, $10::text, $11::text,
            $12::text, $13::jsonb, $14::jsonb, $15::text, $18::text)
    RETURNING id
), f AS (
    INSERT INTO finding (revision_id, position, fingerprint, rule, class, direction, path, message, hint, source, counterexample)
    SELECT r.id, ordinality, value ->> 'fingerprint', value ->> 'rule', value ->> 'class', value ->> 'direction', value ->> 'path',
           value ->> 'message', value ->> 'hint', nullif(value -> 'source', 'null'), nullif(value -> 'counterexample', 'null')
      FROM r, jsonb_array_elements($16::jsonb) WITH ORDINALITY
), i AS (
    INSERT INTO impact (revision_id, consumption_id, verdict, evidence, act, stale, because, counterexample, last_seen, note)
    SELECT r.id, (value ->> 'consumption_id')::bigint, value ->> 'verdict', value ->> 'evidence', value ->> 'act', (value ->> 'stale')::boolean,
           ARRAY(SELECT jsonb_array_elements_text(value -> 'because')), nullif(value -> 'counterexample', 'null'), value -> 'last_seen', value ->> 'note'
      FROM r, jsonb_array_elements($17::jsonb)
)
UPDATE change SET revision = $2::integer, class = $11::text, semver = $19::jsonb, ready_told = false, updated_by = $18::text,
       expires_at = catalog_now() + make_interval(days => (change_rules(event_id) ->> 'change_expires_days')::integer)
 WHERE id = $1::bigint
