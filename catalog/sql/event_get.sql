-- An event by the name that it has or had.
--
-- $1 text name
SELECT e.id, e.name, e.name <> n.name AS former, e.team_id, e.domain_id, t.slug AS team, d.slug AS domain, e.audience,
       e.classification, e.transfer_to, e.managed_by, e.rev
  FROM event_name n
  JOIN event e ON e.id = n.event_id
  JOIN team t ON t.id = e.team_id
  LEFT JOIN domain d ON d.id = e.domain_id
 WHERE n.name = $1::text
