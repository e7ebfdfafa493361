-- $1 text login after which to go on, or null   $2 bigint limit   $3 text team
SELECT p.login AS key,
       jsonb_build_object('user', p.login, 'name', p.name, 'role', m.role, 'disabled', p.disabled, 'since', m.created_at,
                          'links', jsonb_build_object('self', '/api/v1/teams/' || t.slug || '/members/' || p.login,
                                                      'ui', '/ui/teams/' || t.slug)) AS item
  FROM membership m JOIN team t ON t.id = m.team_id JOIN person p ON p.id = m.person_id
 WHERE t.slug = $3::text AND ($1::text IS NULL OR p.login > $1::text)
 ORDER BY p.login
 LIMIT $2::bigint
