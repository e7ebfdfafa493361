-- A version comes to a line; the one that counted before is superseded. A break that stays in the line moves its checkpoint.
--
-- $1 bigint line   $2 int major   $3 int minor   $4 int patch   $5 text role   $6 text subject   $7 int version or null: held back
-- $8 int context   $9 int schema or null   $10 text format   $11 text text   $12 text fingerprint   $13 bigint change or null
-- $14 jsonb accepted break or null   $15 text who
WITH former AS (
    UPDATE line_version SET state = 'superseded'
     WHERE line_id = $1::bigint AND role = $5::text AND state = 'active' AND $7::integer IS NOT NULL
), added AS (
    INSERT INTO line_version (line_id, semver, major, minor, patch, role, subject, version, context_id, schema_id, state, format, text,
                              fingerprint, change_id, accepted_break, created_by)
    VALUES ($1::bigint, $2::integer || '.' || $3::integer || '.' || $4::integer, $2::integer, $3::integer, $4::integer, $5::text, $6::text,
            $7::integer, $8::integer, $9::integer, CASE WHEN $7::integer IS NULL THEN 'pending' ELSE 'active' END, $10::text, $11::text,
            $12::text, $13::bigint, $14::jsonb, $15::text)
    RETURNING id, line_id
), moved AS (
    UPDATE line SET checkpoint = added.id FROM added WHERE line.id = added.line_id AND $14::jsonb IS NOT NULL
)
SELECT id FROM added
