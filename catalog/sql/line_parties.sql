-- Who writes and who reads a line: one row for each production and consumption that has not ended.
--
-- $1 bigint line   $2 int days without a sign of life after which a consumption may be stale   $3 int reminders that must have gone before
-- $4 int days of notice   $5 bool silence counts as consent also of those it would stop
--
-- last_seen, seen_by: the latest sign of life and its kind. stale: derived, never stored. own: of the line's owner. agreed: to the sunset
-- date, by a decision that stands or is not needed, by beginning after it was known, by the policy on silence, or because the owner is never asked.
-- item: as replies tell it.
WITH retiring AS (
    SELECT ch.id, ch.state, ch.override IS NOT NULL AS overridden
      FROM line_named l
      JOIN change ch ON ch.event_id = l.event_id AND ch.state IN ('open', 'applied')
      JOIN revision rv ON rv.change_id = ch.id AND rv.n = ch.revision
     WHERE l.id = $1::bigint
       AND ((ch.kind = 'lifecycle' AND ch.line_id = l.id AND rv.target ->> 'state' IN ('deprecated', 'sunset')
             AND coalesce((rv.target ->> 'sunset_at')::timestamptz <= l.sunset_at, l.sunset_at IS NOT NULL))
            OR (ch.strategy = 'new_line' AND ch.plan ->> 'retire' = l.name
                AND coalesce((ch.plan #>> '{dual_publish,until}')::timestamptz <= l.sunset_at, l.sunset_at IS NOT NULL)))
), seen AS (
    SELECT service_id, last_at AS at, source AS by FROM observation WHERE line_id = $1::bigint AND op = 'read'
     UNION ALL
    SELECT d.service_id, d.at, 'deployment'
      FROM deployment d
     WHERE d.ended_at IS NULL
       AND EXISTS (SELECT FROM jsonb_array_elements(d.consumes) u JOIN line_named l ON l.id = $1::bigint AND l.name = u ->> 'line')
), party AS (
    SELECT 'consumption' AS role, c.public_id, c.id, s.slug AS service, s.team_id, t.slug AS team, c.criticality, c.state,
           catalog_instant(life.at) AS last_seen, life.by AS seen_by, life.stale, s.team_id = l.team_id AS own,
           c.criticality = 'informational' OR s.team_id = l.team_id
           OR coalesce(c.created_at >= l.deprecated_at, false)
           OR EXISTS (SELECT FROM retiring WHERE id = ANY (c.accepted_changes) OR (state = 'applied' AND overridden))
           OR EXISTS (SELECT FROM retiring
                        JOIN requirement_now r ON r.change_id = retiring.id AND c.id = ANY (r.covers)
                       WHERE r.status IN ('approved', 'acknowledged', 'not_affected')
                          OR (r.act = 'acknowledge' AND r.status = 'waiting' AND NOT (change_rules(l.event_id) ->> 'acknowledge_blocks')::boolean))
           OR ($5::boolean AND EXISTS (SELECT FROM notice n
                                        WHERE n.consumption_id = c.id
                                          AND (n.line_id = l.id OR n.change_id IN (SELECT id FROM retiring))
                                          AND n.delivered_at + make_interval(days => $4::integer) <= catalog_now())) AS agreed
      FROM consumption c
      JOIN line_named l ON l.id = c.line_id
      JOIN service s ON s.id = c.service_id
      JOIN team t ON t.id = s.team_id
      CROSS JOIN LATERAL (
           SELECT at, by, at + make_interval(days => $2::integer) < catalog_now() AND c.reminded >= $3::integer AS stale
             FROM (SELECT at, by FROM seen WHERE service_id = c.service_id
                    UNION ALL
                   SELECT c.attested_at, 'attestation'
                    ORDER BY 1 DESC
                    LIMIT 1) latest) life
     WHERE c.line_id = $1::bigint AND c.state IN ('requested', 'active')
     UNION ALL
    SELECT 'production', p.public_id, p.id, s.slug, s.team_id, t.slug, 'blocking', 'active',
           catalog_instant((SELECT max(last_at) FROM observation o WHERE o.line_id = p.line_id AND o.service_id = p.service_id AND o.op = 'write')),
           NULL, false, s.team_id = l.team_id, true
      FROM production p
      JOIN line_named l ON l.id = p.line_id
      JOIN service s ON s.id = p.service_id
      JOIN team t ON t.id = s.team_id
     WHERE p.line_id = $1::bigint AND p.ended_at IS NULL
)
SELECT role, team_id, service, team, criticality = 'blocking' AS blocking, stale, own, agreed, last_seen, seen_by, public_id,
       jsonb_build_object('service', service, 'team', team, 'criticality', criticality, 'last_seen', last_seen, 'by', seen_by, 'stale', stale,
                          role, public_id, 'links', jsonb_build_object('self', '/api/v1/' || role || 's/' || public_id)) AS item
  FROM party
 ORDER BY role, service
