-- Begins the notice of what a line's owner announced, to every consumer that lives. Whoever was told of this before is not told anew; of
-- an end that was called off and announced again, they are.
--
-- $1 bigint line
INSERT INTO notice (line_id, consumption_id, team_id)
SELECT c.line_id, c.id, s.team_id
  FROM consumption c
  JOIN service s ON s.id = c.service_id
 WHERE c.line_id = $1::bigint AND c.state IN ('requested', 'active')
ON CONFLICT (change_id, line_id, consumption_id) DO UPDATE
   SET sent_at = excluded.sent_at, delivered_at = NULL, delivered_by = NULL
 WHERE notice.sent_at < (SELECT deprecated_at FROM line WHERE id = $1::bigint)
