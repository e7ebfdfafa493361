-- Wipes what the catalog says of a line's content now. Names, numbers, dates and who did what stay.
--
-- $1 bigint line   $2 text who
WITH versions AS (
    UPDATE line_version SET text = '' WHERE line_id = $1::bigint
), fields AS (
    DELETE FROM line_field WHERE line_id = $1::bigint
), readers AS (
    UPDATE consumption SET reader_text = NULL, reader_paths = '{}', updated_by = $2::text WHERE line_id = $1::bigint AND reader_text IS NOT NULL
), revisions AS (
    UPDATE revision SET text = CASE WHEN text IS NOT NULL THEN '' END, alternatives = '[]', summary = ''
      FROM change c WHERE c.id = revision.change_id AND c.line_id = $1::bigint
), findings AS (
    UPDATE finding SET message = '', hint = '', path = '', counterexample = NULL
      FROM revision r JOIN change c ON c.id = r.change_id WHERE r.id = finding.revision_id AND c.line_id = $1::bigint
), impacts AS (
    UPDATE impact SET counterexample = NULL
      FROM revision r JOIN change c ON c.id = r.change_id WHERE r.id = impact.revision_id AND c.line_id = $1::bigint
)
UPDATE purge SET done_by = $2::text, done_at = catalog_moment() WHERE line_id = $1::bigint
