-- Whose a subject is, once an event owns it, and whether a service may write it. No row: nobody's yet.
--
-- $1 text qualified subject, which may be an alias   $2 bigint service or null
SELECT e.team_id, t.slug AS team, e.name AS event,
       EXISTS (SELECT FROM production p WHERE p.line_id = l.id AND p.service_id = $2::bigint AND p.ended_at IS NULL) AS produces
  FROM line_subject ls JOIN line l ON l.id = ls.line_id JOIN event e ON e.id = l.event_id JOIN team t ON t.id = e.team_id
 WHERE ls.subject = coalesce((SELECT alias_of FROM setting WHERE scope = $1::text), $1::text)
