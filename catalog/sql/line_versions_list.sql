-- Versions of a line, the newest first.
--
-- $1 bigint line   $2 text key after which to go on   $3 bigint at most so many
SELECT lpad(id::text, 18, '0') AS key, version_json(id, false) AS item
  FROM line_version
 WHERE line_id = $1::bigint AND ($2::text IS NULL OR lpad(id::text, 18, '0') < $2::text)
 ORDER BY id DESC
 LIMIT $3::bigint
