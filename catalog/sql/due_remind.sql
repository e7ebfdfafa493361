-- Reminds a team of what it was asked: no row if it has answered, or was reminded already.
--
-- $1 bigint requirement
--
-- step: 1 to 3. data: of the event that tells of it.
WITH due AS (
    SELECT * FROM requirement_due WHERE id = $1::bigint AND step > reminded
), done AS (
    UPDATE requirement r SET reminded = due.step FROM due WHERE r.id = due.id
)
SELECT change, line,
       jsonb_build_object('change', change, 'requirement', 'rq_' || id, 'title', title, 'line', line, 'team', team, 'act', act,
                          'due', catalog_instant(due_at), 'percent', (ARRAY[50, 80, 100])[step],
                          'links', jsonb_build_object('self', '/api/v1/changes/' || change, 'ui', '/ui/changes/' || change || '?team=' || team)) AS data
  FROM due
