-- Whose deployment it is.
--
-- $1 text public id
SELECT d.id, d.service_id, s.slug AS service, s.team_id, d.ended_at IS NOT NULL AS ended
  FROM deployment d JOIN service s ON s.id = d.service_id
 WHERE d.public_id = $1::text
