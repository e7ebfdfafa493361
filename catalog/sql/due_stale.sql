-- Tells, once for each silence, that a consumer counts as stale: no row if it was told or does not.
--
-- $1 bigint consumption
WITH due AS (
    SELECT * FROM consumption_silence WHERE id = $1::bigint AND silent AND reminded >= reminders
), done AS (
    INSERT INTO due_done (name) SELECT 'stale:' || id || ':' || floor(extract(epoch FROM seen_at)) FROM due
    ON CONFLICT DO NOTHING RETURNING name
)
SELECT public_id, line,
       jsonb_build_object('consumption', public_id, 'line', line, 'service', service, 'team', team, 'last_seen', catalog_instant(seen_at),
                          'links', jsonb_build_object('self', '/api/v1/consumptions/' || public_id)) AS data
  FROM due, done
