-- What fits the words best, of all kinds.
--
-- $1 text words   $2 text[] kinds, or null   $3 int at most so many
-- body: the whole answer.
WITH hit AS MATERIALIZED (
    SELECT * FROM search_find($1::text, $2::text[], $3::integer)
), shown AS (
    SELECT h.score, h.kind, h.ref,
           CASE h.kind
           WHEN 'event' THEN (
               SELECT jsonb_build_object('title', e.title, 'summary', e.summary, 'owner', t.slug, 'domain', d.slug, 'tags', to_jsonb(e.tags),
                          'lines', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', e.name || '@' || l.major, 'state', l.state) ORDER BY l.major), '[]')
                                      FROM line l WHERE l.event_id = e.id),
                          'fields', (SELECT coalesce(jsonb_agg(x.path ORDER BY x.path), '[]')
                                       FROM (SELECT DISTINCT f.path FROM line l JOIN line_field f ON f.line_id = l.id
                                              WHERE l.event_id = e.id AND f.removed IS NULL
                                                AND string_to_array(search_words($1::text), ' ') && string_to_array(search_words(f.name), ' ')
                                              LIMIT 5) x),
                          'links', jsonb_build_object('self', '/api/v1/events/' || e.name, 'ui', '/ui/events/' || e.name))
                 FROM event e JOIN team t ON t.id = e.team_id LEFT JOIN domain d ON d.id = e.domain_id WHERE e.name = h.ref)
           WHEN 'team' THEN (
               SELECT jsonb_build_object('title', t.name, 'summary', t.description, 'dissolved', t.dissolved_at IS NOT NULL,
                          'links', jsonb_build_object('self', '/api/v1/teams/' || t.slug, 'ui', '/ui/teams/' || t.slug))
                 FROM team t WHERE t.slug = h.ref)
           WHEN 'service' THEN (
               SELECT jsonb_build_object('title', s.name, 'summary', s.description, 'owner', t.slug,
                          'links', jsonb_build_object('self', '/api/v1/services/' || s.slug, 'ui', '/ui/services/' || s.slug))
                 FROM service s JOIN team t ON t.id = s.team_id WHERE s.slug = h.ref)
           WHEN 'subject' THEN (
               SELECT jsonb_build_object('title', s.qualified, 'state', 'uncatalogued',
                          'links', jsonb_build_object('self', '/subjects/' || s.qualified || '/versions', 'ui', '/ui/subjects/' || s.qualified))
                 FROM subject s
                WHERE s.qualified = h.ref AND s.live AND NOT EXISTS (SELECT FROM line_subject b WHERE b.subject = s.qualified))
           END AS more
      FROM hit h
)
SELECT jsonb_build_object('q', $1::text,
                          'items', coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'name', ref, 'score', round(score::numeric, 4)) || more
                                                      ORDER BY score DESC, kind, ref) FILTER (WHERE more IS NOT NULL), '[]'))::text AS body
  FROM shown
