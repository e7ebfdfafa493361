-- Hands what a team did not answer to the one that it escalates to: no row if that is done or not needed any more.
--
-- $1 bigint requirement
WITH due AS (
    SELECT * FROM requirement_due
     WHERE id = $1::bigint AND step = 3 AND act = 'approve' AND escalated_at IS NULL AND silence = 'escalate' AND escalation_team IS NOT NULL
), done AS (
    UPDATE requirement r SET escalated_at = catalog_moment() FROM due WHERE r.id = due.id
)
SELECT change, line,
       jsonb_build_object('change', change, 'requirement', 'rq_' || id, 'title', title, 'line', line, 'team', escalation_team, 'for', team,
                          'act', act, 'due', catalog_instant(due_at),
                          'links', jsonb_build_object('self', '/api/v1/changes/' || change, 'ui', '/ui/changes/' || change || '?team=' || team)) AS data
  FROM due
