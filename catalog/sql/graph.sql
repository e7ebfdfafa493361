-- What is connected with something: producers, lines, consumers.
--
-- $1 text kind: event, line, service or team   $2 text its name   $3 int depth   $4 boolean up   $5 boolean down   $6 int at most so many nodes
-- body: no row when there is no such thing.
--
-- One branch for each kind: each goes by an index.
WITH focus AS (
    SELECT ARRAY(SELECT l.id FROM event e JOIN line l ON l.event_id = e.id WHERE $1::text = 'event' AND e.name = $2::text
                 UNION ALL
                 SELECT l.id FROM event e JOIN line l ON l.event_id = e.id
                  WHERE $1::text = 'line' AND e.name = split_part($2::text, '@', 1) AND l.major::text = split_part($2::text, '@', 2)
                 UNION ALL
                 SELECT l.id FROM event e JOIN line l ON l.event_id = e.id
                  WHERE $1::text = 'team' AND e.team_id = (SELECT id FROM team WHERE slug = $2::text)
                  ORDER BY 1) AS lines,
           ARRAY(SELECT s.id FROM service s WHERE $1::text = 'service' AND s.slug = $2::text
                 UNION ALL
                 SELECT s.id FROM service s WHERE $1::text = 'team' AND s.team_id = (SELECT id FROM team WHERE slug = $2::text)
                  ORDER BY 1) AS services
     WHERE CASE $1::text WHEN 'event' THEN EXISTS (SELECT FROM event WHERE name = $2::text)
                         WHEN 'line' THEN EXISTS (SELECT FROM event e JOIN line l ON l.event_id = e.id
                                                   WHERE e.name = split_part($2::text, '@', 1) AND l.major::text = split_part($2::text, '@', 2))
                         WHEN 'service' THEN EXISTS (SELECT FROM service WHERE slug = $2::text)
                         ELSE EXISTS (SELECT FROM team WHERE slug = $2::text) END
), walk AS MATERIALIZED (
    SELECT w.*, f.lines AS from_lines, f.services AS from_services
      FROM focus f, graph_walk(f.lines, f.services, $3::integer, $4::boolean, $5::boolean, $6::integer) w
), nodes AS (
    SELECT 1 AS rank, l.name, jsonb_build_object(
               'id', 'line:' || l.name, 'kind', 'line', 'name', l.name, 'event', l.event_name, 'state', l.state, 'team', t.slug,
               'focus', l.id = ANY (w.from_lines),
               'links', jsonb_build_object('self', '/api/v1/lines/' || l.name, 'ui', '/ui/events/' || l.event_name || '/' || l.major)) AS node
      FROM walk w CROSS JOIN unnest(w.lines) i (id) JOIN line_named l ON l.id = i.id JOIN team t ON t.id = l.team_id
    UNION ALL
    SELECT 2, s.slug, jsonb_build_object(
               'id', 'service:' || s.slug, 'kind', 'service', 'name', s.slug, 'title', s.name, 'team', t.slug,
               'focus', s.id = ANY (w.from_services),
               'links', jsonb_build_object('self', '/api/v1/services/' || s.slug, 'ui', '/ui/services/' || s.slug))
      FROM walk w CROSS JOIN unnest(w.services) i (id) JOIN service s ON s.id = i.id JOIN team t ON t.id = s.team_id
), edges AS (
    SELECT 1 AS rank, l.name AS line, s.slug AS service, jsonb_build_object(
               'from', 'service:' || s.slug, 'to', 'line:' || l.name, 'kind', 'produces', 'state', l.state, 'evidence', p.evidence,
               'environments', to_jsonb(p.environments)) AS edge
      FROM walk w
      JOIN production p ON p.line_id = ANY (w.lines) AND p.service_id = ANY (w.services) AND p.ended_at IS NULL
      JOIN line_named l ON l.id = p.line_id JOIN service s ON s.id = p.service_id
    UNION ALL
    SELECT 2, l.name, s.slug, jsonb_build_object(
               'from', 'line:' || l.name, 'to', 'service:' || s.slug, 'kind', 'consumes', 'state', c.state, 'criticality', c.criticality,
               'environments', to_jsonb(c.environments), 'verdict', v.verdict, 'change', v.change)
      FROM walk w
      JOIN consumption c ON c.line_id = ANY (w.lines) AND c.service_id = ANY (w.services) AND c.state IN ('requested', 'active')
      JOIN line_named l ON l.id = c.line_id JOIN service s ON s.id = c.service_id
      LEFT JOIN LATERAL (SELECT i.verdict, 'CR-' || ch.id AS change
                           FROM change ch
                           JOIN revision r ON r.change_id = ch.id AND r.n = ch.revision
                           JOIN impact i ON i.revision_id = r.id AND i.consumption_id = c.id
                          WHERE ch.line_id = c.line_id AND ch.state = 'open'
                          ORDER BY CASE i.verdict WHEN 'broken' THEN 1 WHEN 'unknown' THEN 2 WHEN 'at_risk' THEN 3 ELSE 4 END, ch.id
                          LIMIT 1) v ON true
)
SELECT jsonb_build_object(
           'focus', $1::text || ':' || $2::text, 'depth', $3::integer,
           'direction', CASE WHEN $4::boolean AND $5::boolean THEN 'both' WHEN $4::boolean THEN 'up' ELSE 'down' END,
           'truncated', w.truncated,
           'nodes', (SELECT coalesce(jsonb_agg(node ORDER BY rank, name), '[]') FROM nodes),
           'edges', (SELECT coalesce(jsonb_agg(edge ORDER BY rank, line, service), '[]') FROM edges))::text AS body
  FROM walk w
