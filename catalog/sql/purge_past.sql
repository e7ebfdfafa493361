-- Wipes what the catalog said of a line's content before, and what search knows of it: after purge_present.
--
-- $1 bigint line
WITH versions AS (
    UPDATE line_version_history SET text = '' WHERE line_id = $1::bigint
), fields AS (
    DELETE FROM line_field_history WHERE line_id = $1::bigint
), readers AS (
    UPDATE consumption_history SET reader_text = NULL, reader_paths = '{}' WHERE line_id = $1::bigint
), revisions AS (
    UPDATE revision_history SET text = CASE WHEN text IS NOT NULL THEN '' END, alternatives = '[]', summary = ''
      FROM change c WHERE c.id = revision_history.change_id AND c.line_id = $1::bigint
), findings AS (
    UPDATE finding_history SET message = '', hint = '', path = '', counterexample = NULL
      FROM revision r JOIN change c ON c.id = r.change_id WHERE r.id = finding_history.revision_id AND c.line_id = $1::bigint
), impacts AS (
    UPDATE impact_history SET counterexample = NULL
      FROM revision r JOIN change c ON c.id = r.change_id WHERE r.id = impact_history.revision_id AND c.line_id = $1::bigint
)
SELECT search_put_event(event_id) FROM line WHERE id = $1::bigint
