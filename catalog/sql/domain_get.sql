-- $1 text slug
SELECT d.rev,
       jsonb_build_object('slug', d.slug, 'name', d.name, 'description', d.description, 'team', t.slug, 'labels', d.labels,
                          'managed_by', d.managed_by,
                          'events', (SELECT coalesce(jsonb_agg(name ORDER BY name), '[]')
                                       FROM (SELECT name FROM event WHERE domain_id = d.id ORDER BY name LIMIT 1000) e),
                          'created_at', d.created_at, 'created_by', d.created_by, 'updated_at', d.updated_at, 'updated_by', d.updated_by,
                          'links', jsonb_build_object('self', '/api/v1/domains/' || d.slug, 'ui', '/ui/domains/' || d.slug,
                                                      'policy', '/api/v1/policies/domain:' || d.slug)) AS body
  FROM domain d LEFT JOIN team t ON t.id = d.team_id
 WHERE d.slug = $1::text
