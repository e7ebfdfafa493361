-- Domains, teams with their people, and services, as exports tell of them.
--
-- body: JSON
SELECT json_build_object(
           'domains', (SELECT json_agg(json_build_object('slug', d.slug, 'name', d.name, 'description', d.description,
                                                         'team', t.slug) ORDER BY d.slug)
                         FROM domain d LEFT JOIN team t ON t.id = d.team_id),
           'teams', (SELECT json_agg(json_build_object('slug', t.slug, 'name', t.name, 'description', t.description,
                                                       'contact', t.contact,
                                                       'members', (SELECT json_agg(p.login ORDER BY p.login)
                                                                     FROM membership m JOIN person p ON p.id = m.person_id
                                                                    WHERE m.team_id = t.id AND NOT p.disabled))
                                     ORDER BY t.slug)
                       FROM team t WHERE t.dissolved_at IS NULL),
           'users', (SELECT json_agg(json_build_object('login', p.login, 'name', p.name, 'email', p.email,
                                                       'teams', (SELECT json_agg(t.slug ORDER BY t.slug)
                                                                   FROM membership m JOIN team t ON t.id = m.team_id
                                                                  WHERE m.person_id = p.id))
                                     ORDER BY p.login)
                       FROM person p WHERE NOT p.disabled),
           'services', (SELECT json_agg(json_build_object('slug', s.slug, 'name', s.name, 'description', s.description,
                                                          'kind', s.kind, 'repo', s.repo, 'team', t.slug) ORDER BY s.slug)
                          FROM service s JOIN team t ON t.id = s.team_id
                         WHERE s.retired_at IS NULL)) AS body
