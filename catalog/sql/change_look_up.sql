-- The open or drafted change of an event with this context; of a line with this content; or that breaks the line.
--
-- $1 bigint event   $2 bigint line   $3 text context or null   $4 text content hash or null   $5 bool the breaking one
SELECT c.id
  FROM change c
  JOIN revision r ON r.change_id = c.id AND r.n = c.revision
 WHERE ($3::text IS NOT NULL AND c.event_id = $1::bigint AND c.context = $3::text AND c.state IN ('draft', 'open'))
    OR ($4::text IS NOT NULL AND c.line_id = $2::bigint AND r.content_hash = $4::text AND c.state = 'open')
    OR ($5::boolean AND c.line_id = $2::bigint AND c.state = 'open' AND c.class = 'breaking' AND NOT c.suggestion)
 ORDER BY c.state = 'open' DESC, c.suggestion, c.id
 LIMIT 1
