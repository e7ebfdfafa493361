-- What rules ask of a team. $1 text slug
SELECT t.id, t.rev, t.dissolved_at IS NOT NULL AS dissolved, e.slug AS escalation, s.slug AS successor
  FROM team t LEFT JOIN team e ON e.id = t.escalation_team LEFT JOIN team s ON s.id = t.successor
 WHERE t.slug = $1::text
