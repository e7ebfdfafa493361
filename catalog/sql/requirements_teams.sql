-- The teams that a change concerns: those asked, and the author's.
--
-- $1 bigint change
SELECT DISTINCT t.id AS team_id, t.slug AS team
  FROM requirement_now q
  JOIN team t ON t.id = team_acting(q.team_id)
 WHERE q.change_id = $1::bigint AND q.status <> 'not_needed'
