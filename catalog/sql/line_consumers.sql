-- Who reads a line.
--
-- $1 bigint line   $2 text key after which to go on   $3 bigint at most so many
SELECT s.slug::text AS key, consumption_json(c.id) AS item
  FROM consumption c JOIN service s ON s.id = c.service_id
 WHERE c.line_id = $1::bigint AND c.state IN ('requested', 'active') AND ($2::text IS NULL OR s.slug::text > $2::text)
 ORDER BY s.slug::text
 LIMIT $3::bigint
