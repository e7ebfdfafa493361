-- How well the catalog is kept: what has no owner, what is not documented, what was overridden, what each team owes.
--
-- $1 jsonb what the policy requires to be documented   $2 int days that count as now   $3 int days after which a declaration counts as unused
WITH lines AS (
    SELECT l.id, l.name, l.state, t.slug AS team, line_readiness(l.id, $1::jsonb) AS readiness
      FROM line_named l JOIN team t ON t.id = l.team_id
     WHERE l.state IN ('draft', 'active', 'deprecated', 'sunset')
), orphans AS (
    SELECT e.name, t.slug AS team, t.dissolved_at IS NOT NULL AS dissolved
      FROM event e JOIN team t ON t.id = e.team_id
     WHERE e.managed_by <> 'avow'
       AND NOT EXISTS (SELECT FROM membership m JOIN person p ON p.id = m.person_id AND NOT p.disabled WHERE m.team_id = e.team_id)
       AND EXISTS (SELECT FROM line l WHERE l.event_id = e.id AND l.state IN ('active', 'deprecated', 'sunset'))
), overrides AS (
    SELECT 'CR-' || ch.id AS change, l.name AS line, ch.title, ch.override FROM change ch JOIN line_named l ON l.id = ch.line_id WHERE ch.override IS NOT NULL
), debt AS (
    SELECT t.slug AS team, count(*) FILTER (WHERE v.accepted_break IS NOT NULL) AS accepted_breaks
      FROM line_version v JOIN line_named l ON l.id = v.line_id JOIN team t ON t.id = l.team_id GROUP BY t.slug
), undeclared AS (
    SELECT t.slug AS team, count(*) AS n
      FROM consumption c JOIN service s ON s.id = c.service_id JOIN team t ON t.id = s.team_id
     WHERE c.state = 'active' AND c.reader_text IS NULL AND NOT EXISTS (SELECT FROM consumption_field f WHERE f.consumption_id = c.id) GROUP BY t.slug
), drift AS (
    SELECT kind, count(*) AS n FROM drift_now($2::integer, $3::integer) GROUP BY kind
)
SELECT jsonb_build_object(
           'events', (SELECT count(*) FROM event), 'lines', (SELECT jsonb_object_agg(state, n) FROM (SELECT state, count(*) AS n FROM line GROUP BY state) x),
           'uncatalogued', (SELECT count(*) FROM subject s WHERE s.live AND NOT EXISTS (SELECT FROM line_subject b WHERE b.subject = s.qualified)),
           'orphaned', (SELECT coalesce(jsonb_agg(jsonb_build_object('event', name, 'team', team, 'dissolved', dissolved,
                                                                     'next', 'POST /api/v1/events/' || name || '/transfer') ORDER BY name), '[]') FROM orphans),
           'undocumented', (SELECT coalesce(jsonb_agg(jsonb_build_object('line', name, 'team', team, 'state', state, 'missing', readiness -> 'missing') ORDER BY name), '[]')
                              FROM lines WHERE readiness ->> 'complete' = 'false'),
           'overrides', (SELECT coalesce(jsonb_agg(jsonb_build_object('change', change, 'line', line, 'title', title, 'override', override) ORDER BY change), '[]') FROM overrides),
           'drift', (SELECT coalesce(jsonb_object_agg(kind, n), '{}') FROM drift),
           'teams', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                                'team', t.slug, 'events', (SELECT count(*) FROM event e WHERE e.team_id = t.id),
                                'undocumented', (SELECT count(*) FROM lines l WHERE l.team = t.slug AND l.readiness ->> 'complete' = 'false'),
                                'accepted_breaks', coalesce((SELECT accepted_breaks FROM debt d WHERE d.team = t.slug), 0),
                                'deprecated_lines', (SELECT count(*) FROM lines l WHERE l.team = t.slug AND l.state IN ('deprecated', 'sunset')),
                                'undeclared_consumptions', coalesce((SELECT n FROM undeclared u WHERE u.team = t.slug), 0),
                                'reads_ending_lines', (SELECT count(*) FROM consumption c JOIN service s ON s.id = c.service_id JOIN line l ON l.id = c.line_id
                                                        WHERE s.team_id = t.id AND c.state = 'active' AND l.state IN ('deprecated', 'sunset'))) ORDER BY t.slug), '[]')
                       FROM team t WHERE t.dissolved_at IS NULL),
           'evaluated_at', catalog_instant(catalog_now()),
           'links', jsonb_build_object('self', '/api/v1/health', 'ui', '/ui/health', 'drift', '/api/v1/drift')) AS body
