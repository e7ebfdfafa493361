-- A service that wants to read or write a line, and what stands in its way.
--
-- $1 text service   $2 bigint line   $3 jsonb environments or null
--
-- unknown: an environment that is not there. pending: the open breaking change of the line. waived: it may begin in spite of the line's end.
SELECT s.id AS service_id, s.slug AS service, s.team_id, t.slug AS team, s.retired_at IS NOT NULL AS retired,
       (SELECT x FROM jsonb_array_elements_text(coalesce($3::jsonb, '[]')) x WHERE x NOT IN (SELECT name FROM environment) LIMIT 1) AS unknown,
       (SELECT string_agg(name, ', ' ORDER BY position) FROM environment) AS known,
       (SELECT id FROM change WHERE line_id = $2::bigint AND state = 'open' AND class = 'breaking' AND NOT suggestion LIMIT 1) AS pending,
       EXISTS (SELECT FROM waiver w WHERE w.line_id = $2::bigint AND (w.service_id IS NULL OR w.service_id = s.id)
                  AND w.rule = 'LINE_DEPRECATED' AND w.expires_at > catalog_now()) AS waived,
       (SELECT public_id FROM consumption c WHERE c.line_id = $2::bigint AND c.service_id = s.id AND c.state IN ('requested', 'active')) AS live_consumption,
       (SELECT public_id FROM production p WHERE p.line_id = $2::bigint AND p.service_id = s.id AND p.ended_at IS NULL) AS live_production
  FROM service s JOIN team t ON t.id = s.team_id
 WHERE s.slug = $1::text
