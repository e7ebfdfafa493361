-- Dissolves a team: what it owns and what waits for it goes to its successor.
--
-- $1 text slug   $2 text successor   $3 text actor
WITH gone AS (
    UPDATE team SET dissolved_at = catalog_moment(), updated_by = $3::text,
                    successor = (SELECT id FROM team WHERE slug = $2::text)
     WHERE slug = $1::text
    RETURNING id, successor
), events AS (
    UPDATE event SET team_id = gone.successor, updated_by = $3::text FROM gone WHERE team_id = gone.id RETURNING name
), asked AS (
    UPDATE event SET transfer_to = gone.successor, updated_by = $3::text FROM gone WHERE transfer_to = gone.id AND team_id <> gone.id RETURNING 1
), services AS (
    UPDATE service SET team_id = gone.successor, updated_by = $3::text FROM gone WHERE team_id = gone.id RETURNING slug
), domains AS (
    UPDATE domain SET team_id = gone.successor, updated_by = $3::text FROM gone WHERE team_id = gone.id RETURNING slug
), escalations AS (
    UPDATE team t SET escalation_team = nullif(gone.successor, t.id), updated_by = $3::text FROM gone
     WHERE t.escalation_team = gone.id AND t.id <> gone.id RETURNING t.slug
)
SELECT jsonb_build_object('successor', $2::text,
                          'events', (SELECT coalesce(jsonb_agg(name ORDER BY name), '[]') FROM events),
                          'services', (SELECT coalesce(jsonb_agg(slug ORDER BY slug), '[]') FROM services),
                          'domains', (SELECT coalesce(jsonb_agg(slug ORDER BY slug), '[]') FROM domains)) AS detail
