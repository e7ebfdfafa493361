-- The lines of an event.
--
-- $1 bigint event   $2 text key after which to go on   $3 bigint at most so many
SELECT lpad(l.major::text, 9, '0') AS key, line_json(l.id) AS item
  FROM line l
 WHERE l.event_id = $1::bigint AND ($2::text IS NULL OR lpad(l.major::text, 9, '0') > $2::text)
 ORDER BY l.major
 LIMIT $3::bigint
