-- How well the catalog is kept: what has no owner, what is not documented, what was overridden, what each team owes.
--
-- $1 jsonb what the policy requires to be documented   $2 int days that count as now   $3 int days after which a declaration counts as unused
-- $4 text team: only what it owes, without drift
--
-- What is missing follows the same conditions as line_readiness, whose sentences for ten thousand lines would take seconds to write.
WITH lines AS MATERIALIZED (
    SELECT l.id, l.name, l.state, t.slug AS team,
           array_remove(ARRAY[
               CASE WHEN t.dissolved_at IS NOT NULL THEN 'owner' END,
               CASE WHEN e.contact = '{}' AND t.contact = '{}' THEN 'contact' END,
               CASE WHEN e.reason_to_exist = '' THEN 'reason_to_exist' END,
               CASE WHEN NOT EXISTS (SELECT FROM line_version v WHERE v.line_id = l.id AND v.state = 'active') THEN 'schema' END,
               CASE WHEN k.terms #> '{ordering,scope}' IS NULL THEN 'ordering' END,
               CASE WHEN coalesce(k.terms -> 'sla', '{}') = '{}' THEN 'sla' END,
               CASE WHEN e.oncall = '{}' AND t.oncall = '{}' THEN 'oncall' END,
               CASE WHEN k.terms #> '{delivery,semantics}' IS NULL THEN 'delivery' END,
               CASE WHEN k.terms -> 'retention' IS NULL THEN 'retention' END,
               CASE WHEN e.title = '' THEN 'title' END,
               CASE WHEN e.summary = '' THEN 'summary' END,
               CASE WHEN e.description = '' THEN 'description' END,
               CASE WHEN e.domain_id IS NULL THEN 'domain' END,
               CASE WHEN e.tags = '{}' THEN 'tags' END,
               CASE WHEN e.docs = '[]' THEN 'docs' END,
               CASE WHEN e.classification = '{}' THEN 'classification' END,
               CASE WHEN NOT EXISTS (SELECT FROM production p WHERE p.line_id = l.id AND p.ended_at IS NULL) THEN 'producer' END,
               CASE WHEN NOT EXISTS (SELECT FROM channel_line x WHERE x.line_id = l.id) THEN 'channel' END], NULL) AS lacks
      FROM line_named l
      JOIN event e ON e.id = l.event_id
      JOIN team t ON t.id = l.team_id
      LEFT JOIN LATERAL (SELECT terms FROM contract WHERE line_id = l.id ORDER BY n DESC LIMIT 1) k ON true
     WHERE l.state IN ('draft', 'active', 'deprecated', 'sunset') AND ($4::text IS NULL OR t.slug = $4::text)
), undocumented AS MATERIALIZED (
    SELECT name, team, state, (SELECT jsonb_agg(what ORDER BY place) FROM unnest(lacks) WITH ORDINALITY x (what, place) WHERE $1::jsonb ? what) AS missing
      FROM lines
     WHERE EXISTS (SELECT FROM unnest(lacks) what WHERE $1::jsonb ? what)
), owed AS MATERIALIZED (
    SELECT team, count(*) AS n FROM undocumented GROUP BY team
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
    SELECT kind, count(*) AS n FROM drift_now($2::integer, $3::integer) WHERE $4::text IS NULL GROUP BY kind
)
SELECT jsonb_build_object(
           'events', (SELECT count(*) FROM event), 'lines', (SELECT jsonb_object_agg(state, n) FROM (SELECT state, count(*) AS n FROM line GROUP BY state) x),
           'uncatalogued', (SELECT count(*) FROM subject s WHERE s.live AND NOT EXISTS (SELECT FROM line_subject b WHERE b.subject = s.qualified)),
           'orphaned', (SELECT coalesce(jsonb_agg(jsonb_build_object('event', name, 'team', team, 'dissolved', dissolved,
                                                                     'next', 'POST /api/v1/events/' || name || '/transfer') ORDER BY name), '[]') FROM orphans),
           'undocumented', (SELECT coalesce(jsonb_agg(jsonb_build_object('line', name, 'team', team, 'state', state, 'missing', missing) ORDER BY name), '[]')
                              FROM (SELECT * FROM undocumented ORDER BY name LIMIT 500) x),
           'undocumented_lines', (SELECT count(*) FROM undocumented),
           'overrides', (SELECT coalesce(jsonb_agg(jsonb_build_object('change', change, 'line', line, 'title', title, 'override', override) ORDER BY change), '[]') FROM overrides),
           'drift', (SELECT coalesce(jsonb_object_agg(kind, n), '{}') FROM drift),
           'teams', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                                'team', t.slug, 'events', (SELECT count(*) FROM event e WHERE e.team_id = t.id),
                                'undocumented', coalesce((SELECT n FROM owed o WHERE o.team = t.slug), 0),
                                'accepted_breaks', coalesce((SELECT accepted_breaks FROM debt d WHERE d.team = t.slug), 0),
                                'deprecated_lines', (SELECT count(*) FROM lines l WHERE l.team = t.slug AND l.state IN ('deprecated', 'sunset')),
                                'undeclared_consumptions', coalesce((SELECT n FROM undeclared u WHERE u.team = t.slug), 0),
                                'reads_ending_lines', (SELECT count(*) FROM consumption c JOIN service s ON s.id = c.service_id JOIN line l ON l.id = c.line_id
                                                        WHERE s.team_id = t.id AND c.state = 'active' AND l.state IN ('deprecated', 'sunset'))) ORDER BY t.slug), '[]')
                       FROM team t WHERE t.dissolved_at IS NULL AND ($4::text IS NULL OR t.slug = $4::text)),
           'evaluated_at', catalog_instant(catalog_now()),
           'links', jsonb_build_object('self', '/api/v1/health', 'ui', '/ui/health', 'drift', '/api/v1/drift')) AS body
