-- $1 text login after which to go on, or null   $2 bigint limit
SELECT p.login AS key,
       jsonb_build_object('login', p.login, 'name', p.name, 'email', p.email, 'role', p.role, 'disabled', p.disabled,
                          'teams', (SELECT coalesce(jsonb_agg(jsonb_build_object('slug', t.slug, 'role', m.role) ORDER BY t.slug), '[]')
                                      FROM membership m JOIN team t ON t.id = m.team_id WHERE m.person_id = p.id),
                          'links', jsonb_build_object('self', '/api/v1/users/' || p.login, 'ui', '/ui/settings/users')) AS item
  FROM person p
 WHERE $1::text IS NULL OR p.login > $1::text
 ORDER BY p.login
 LIMIT $2::bigint
