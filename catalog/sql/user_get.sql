-- $1 text login
SELECT p.rev, p.id, p.role = 'admin' AND NOT p.disabled AS admin,
       jsonb_build_object('login', p.login, 'name', p.name, 'email', p.email, 'role', p.role, 'disabled', p.disabled, 'labels', p.labels,
                          'managed_by', p.managed_by,
                          'teams', (SELECT coalesce(jsonb_agg(jsonb_build_object('slug', t.slug, 'role', m.role) ORDER BY t.slug), '[]')
                                      FROM membership m JOIN team t ON t.id = m.team_id WHERE m.person_id = p.id),
                          'created_at', p.created_at, 'created_by', p.created_by, 'updated_at', p.updated_at, 'updated_by', p.updated_by,
                          'links', jsonb_build_object('self', '/api/v1/users/' || p.login, 'ui', '/ui/settings/users')) AS body
  FROM person p
 WHERE p.login = $1::text
