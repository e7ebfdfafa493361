-- Who is signed in, as the pages show it. $1 bigint person
SELECT jsonb_build_object('login', p.login, 'name', p.name, 'role', p.role,
                          'teams', (SELECT coalesce(jsonb_agg(jsonb_build_object('slug', t.slug, 'name', t.name, 'role', m.role) ORDER BY t.slug), '[]')
                                      FROM membership m JOIN team t ON t.id = m.team_id WHERE m.person_id = p.id AND t.dissolved_at IS NULL)) AS person
  FROM person p
 WHERE p.id = $1::bigint
