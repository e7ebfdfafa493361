-- The fields of a line's newest version: what is new came with it, what is not there any more went with it.
--
-- $1 bigint line   $2 text role   $3 text semver   $4 jsonb fields in order
WITH fields AS (
    SELECT f.*, (row_number() OVER ())::integer AS position
      FROM jsonb_to_recordset($4::jsonb) f (path text, name text, type text, required boolean, default_json text, symbols text[], tags text[],
                                            unit text, logical text, doc text)
), gone AS (
    UPDATE line_field SET removed = $3::text
     WHERE line_id = $1::bigint AND role = $2::text AND removed IS NULL AND path NOT IN (SELECT path FROM fields)
)
INSERT INTO line_field (line_id, role, position, path, name, type, required, default_json, symbols, tags, unit, logical, doc, since)
SELECT $1::bigint, $2::text, position, path, name, type, required, default_json, symbols, tags, unit, logical, doc, $3::text FROM fields
    ON CONFLICT (line_id, role, path) DO UPDATE
       SET position = excluded.position, name = excluded.name, type = excluded.type, required = excluded.required,
           default_json = excluded.default_json, symbols = excluded.symbols, tags = excluded.tags, unit = excluded.unit,
           logical = excluded.logical, doc = excluded.doc, removed = NULL
     WHERE (line_field.position, line_field.type, line_field.required, line_field.default_json, line_field.symbols, line_field.tags,
            line_field.unit, line_field.logical, line_field.doc, line_field.removed)
           IS DISTINCT FROM (excluded.position, excluded.type, excluded.required, excluded.default_json, excluded.symbols, excluded.tags,
                             excluded.unit, excluded.logical, excluded.doc, NULL)
