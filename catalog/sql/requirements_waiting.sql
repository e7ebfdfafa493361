-- Those that a change waits for.
--
-- $1 bigint change   $2 bool only those that have to agree
SELECT q.id, t.id AS team_id, t.slug AS team, q.act, catalog_instant(q.due_at) AS due, q.reminded
  FROM requirement_now q
  JOIN team t ON t.id = team_acting(q.team_id)
 WHERE q.change_id = $1::bigint AND q.status IN ('waiting', 'changes_requested') AND (NOT $2::boolean OR q.act = 'approve')
 ORDER BY q.id
