-- A production as far as rules need it.
--
-- $1 text public id
SELECT p.id, p.public_id, p.service_id, p.line_id, s.team_id, s.slug AS service, t.slug AS team, p.ended_at IS NOT NULL AS ended, p.managed_by, p.rev
  FROM production p JOIN service s ON s.id = p.service_id JOIN team t ON t.id = s.team_id
 WHERE p.public_id = $1::text
