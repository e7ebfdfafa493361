-- Who writes a line.
--
-- $1 bigint line   $2 text key after which to go on   $3 bigint at most so many
SELECT s.slug::text AS key, production_json(p.id) AS item
  FROM production p JOIN service s ON s.id = p.service_id
 WHERE p.line_id = $1::bigint AND p.ended_at IS NULL AND ($2::text IS NULL OR s.slug::text > $2::text)
 ORDER BY s.slug::text
 LIMIT $3::bigint
