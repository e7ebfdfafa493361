-- What stands after a decision.
--
-- $1 bigint change   $2 bigint requirement
SELECT jsonb_build_object('change', 'CR-' || c.id, 'requirement', 'rq_' || q.id, 'team', t.slug, 'act', q.said, 'status', q.status,
           'effective_not_before', catalog_instant(q.not_before), 'state', c.state, 'blockers', b, 'may_apply_now', change_may_apply(c.id, b),
           'you_can', change_you_can(c.id, b),
           'links', jsonb_build_object('self', '/api/v1/changes/CR-' || c.id, 'ui', '/ui/changes/CR-' || c.id)) AS body
  FROM change c
  JOIN requirement_now q ON q.change_id = c.id AND q.id = $2::bigint
  JOIN team t ON t.id = team_acting(q.team_id)
 CROSS JOIN change_blockers(c.id) b
 WHERE c.id = $1::bigint
