-- The highest number of a line, and which role a subject has in it.
--
-- $1 bigint line   $2 text subject
--
-- minor, patch: null without a version.
SELECT (SELECT role FROM line_subject WHERE line_id = $1::bigint AND subject = $2::text) AS role,
       (SELECT minor FROM line_version WHERE line_id = $1::bigint ORDER BY minor DESC, patch DESC LIMIT 1) AS minor,
       (SELECT patch FROM line_version WHERE line_id = $1::bigint ORDER BY minor DESC, patch DESC LIMIT 1) AS patch
