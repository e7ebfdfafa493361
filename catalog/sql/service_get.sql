-- $1 text slug
SELECT s.rev, s.id, s.team_id,
       jsonb_build_object('slug', s.slug, 'name', s.name, 'description', s.description, 'team', t.slug, 'kind', s.kind, 'repo', s.repo,
                          'tier', s.tier, 'labels', s.labels, 'retired_at', s.retired_at, 'managed_by', s.managed_by,
                          'oncall', catalog_oncall(t.oncall, catalog_now()),
                          'produces', (SELECT coalesce(jsonb_agg(DISTINCT l.name), '[]') FROM production p JOIN line_named l ON l.id = p.line_id
                                        WHERE p.service_id = s.id AND p.ended_at IS NULL),
                          'consumes', (SELECT coalesce(jsonb_agg(DISTINCT l.name), '[]') FROM consumption k JOIN line_named l ON l.id = k.line_id
                                        WHERE k.service_id = s.id AND k.state IN ('requested', 'active')),
                          'created_at', s.created_at, 'created_by', s.created_by, 'updated_at', s.updated_at, 'updated_by', s.updated_by,
                          'links', jsonb_build_object('self', '/api/v1/services/' || s.slug, 'ui', '/ui/services/' || s.slug,
                                                      'team', '/api/v1/teams/' || t.slug)) AS body
  FROM service s JOIN team t ON t.id = s.team_id
 WHERE s.slug = $1::text
