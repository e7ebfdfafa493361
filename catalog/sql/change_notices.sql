-- Notice to each consumption that the current revision affects, once for a change.
--
-- $1 bigint change
INSERT INTO notice (change_id, consumption_id, team_id)
SELECT c.id, i.consumption_id, s.team_id
  FROM change c
  JOIN revision r ON r.change_id = c.id AND r.n = c.revision
  JOIN impact i ON i.revision_id = r.id
  JOIN consumption k ON k.id = i.consumption_id
  JOIN service s ON s.id = k.service_id
 WHERE c.id = $1::bigint AND (i.verdict <> 'unaffected' OR (c.strategy = 'new_line' AND c.plan ->> 'retire' IS NOT NULL))
ON CONFLICT DO NOTHING
