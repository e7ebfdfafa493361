-- Tells that nobody stands for an event: no row if it was told or is not so.
--
-- $1 bigint event
WITH done AS (
    INSERT INTO due_done (name) SELECT 'orphan:' || id FROM event_orphan WHERE id = $1::bigint ON CONFLICT DO NOTHING RETURNING name
)
SELECT o.name, jsonb_build_object('event', o.name, 'owner', o.team, 'escalation_team', o.escalation_team,
                                  'links', jsonb_build_object('self', '/api/v1/events/' || o.name,
                                                              'transfer', '/api/v1/events/' || o.name || '/transfer')) AS data
  FROM event_orphan o, done
 WHERE o.id = $1::bigint
