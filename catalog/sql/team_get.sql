-- $1 text slug
SELECT t.rev, t.id,
       jsonb_build_object(
         'slug', t.slug, 'name', t.name, 'description', t.description, 'contact', t.contact,
         'oncall', t.oncall || jsonb_build_object('current', catalog_oncall(t.oncall, catalog_now())),
         'policy', t.policy, 'escalation_team', e.slug, 'successor', s.slug, 'dissolved_at', t.dissolved_at, 'labels', t.labels,
         'managed_by', t.managed_by,
         'members', (SELECT coalesce(jsonb_agg(jsonb_build_object('user', p.login, 'name', p.name, 'role', m.role, 'disabled', p.disabled)
                                               ORDER BY p.login), '[]')
                       FROM membership m JOIN person p ON p.id = m.person_id WHERE m.team_id = t.id),
         'services', (SELECT coalesce(jsonb_agg(slug ORDER BY slug), '[]') FROM service WHERE team_id = t.id AND retired_at IS NULL),
         'owns', (SELECT coalesce(jsonb_agg(name ORDER BY name), '[]') FROM event WHERE team_id = t.id),
         'domains', (SELECT coalesce(jsonb_agg(slug ORDER BY slug), '[]') FROM domain WHERE team_id = t.id),
         'created_at', t.created_at, 'created_by', t.created_by, 'updated_at', t.updated_at, 'updated_by', t.updated_by,
         'links', jsonb_build_object('self', '/api/v1/teams/' || t.slug, 'ui', '/ui/teams/' || t.slug,
                                     'members', '/api/v1/teams/' || t.slug || '/members')) AS body
  FROM team t LEFT JOIN team e ON e.id = t.escalation_team LEFT JOIN team s ON s.id = t.successor
 WHERE t.slug = $1::text
