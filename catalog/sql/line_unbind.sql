-- A subject is a line's no longer; the versions and fields that the line had from it go too. Only of drafts: nobody reads them.
--
-- $1 bigint line   $2 text qualified subject
WITH gone AS (
    DELETE FROM line_subject WHERE line_id = $1::bigint AND subject = $2::text RETURNING role
), versions AS (
    UPDATE line_version SET state = 'withdrawn' WHERE line_id = $1::bigint AND subject = $2::text
), fields AS (
    DELETE FROM line_field WHERE line_id = $1::bigint AND role IN (SELECT role FROM gone)
)
SELECT role FROM gone
