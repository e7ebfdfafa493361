-- Tells that a waiver is over: no row if it was told.
--
-- $1 bigint waiver
WITH done AS (
    INSERT INTO due_done (name) SELECT 'waiver:' || id FROM waiver WHERE id = $1::bigint AND expires_at <= catalog_now()
    ON CONFLICT DO NOTHING RETURNING name
)
SELECT l.name AS line, jsonb_build_object('waiver', w.id, 'line', l.name, 'service', s.slug, 'rule', w.rule,
                                          'expires_at', catalog_instant(w.expires_at),
                                          'links', jsonb_build_object('self', '/api/v1/waivers/' || w.id)) AS data
  FROM waiver w
  JOIN line_named l ON l.id = w.line_id
  LEFT JOIN service s ON s.id = w.service_id, done
 WHERE w.id = $1::bigint
