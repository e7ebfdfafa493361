-- A consumption as far as rules need it.
--
-- $1 text public id
SELECT c.id, c.public_id, c.service_id, c.line_id, s.team_id, s.slug AS service, t.slug AS team, l.team_id AS owner_id, c.state, c.managed_by, c.rev
  FROM consumption c
  JOIN service s ON s.id = c.service_id
  JOIN team t ON t.id = s.team_id
  JOIN line_named l ON l.id = c.line_id
 WHERE c.public_id = $1::text
