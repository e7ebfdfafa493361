-- Notes that a delivery was taken.
--
-- $1 bigint delivery   $2 int status   $3 int milliseconds
-- team_id, change_id, line_id: whose notice of what this may be; no row when there is nothing of the kind.
WITH attempt AS (
    INSERT INTO delivery_attempt (delivery_id, status, ms) SELECT id, $2::integer, $3::integer FROM delivery WHERE id = $1::bigint
), taken AS (
    UPDATE delivery
       SET state = 'delivered', attempts = attempts + 1, last_status = $2::integer, last_error = NULL, last_ms = $3::integer, delivered_at = now()
     WHERE id = $1::bigint
    RETURNING webhook_id, subject, about
)
SELECT w.team_id, (t.about ->> 'change')::bigint AS change_id, l.id AS line_id
  FROM taken t
  JOIN webhook w ON w.id = t.webhook_id
  JOIN team ON team.id = w.team_id AND coalesce(t.about ->> 'team', team.slug) = team.slug
  LEFT JOIN line_named l ON l.name = t.subject
 WHERE EXISTS (SELECT FROM notice n
                WHERE n.team_id = w.team_id AND n.delivered_at IS NULL
                  AND (n.change_id = (t.about ->> 'change')::bigint OR n.change_id IS NULL AND n.line_id = l.id))
