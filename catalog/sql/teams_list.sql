-- $1 text slug after which to go on, or null   $2 bigint limit   $3 text login or null: teams of that user
SELECT t.slug AS key,
       jsonb_build_object('slug', t.slug, 'name', t.name, 'description', t.description, 'contact', t.contact,
                          'oncall', catalog_oncall(t.oncall, catalog_now()), 'dissolved_at', t.dissolved_at,
                          'members', (SELECT count(*) FROM membership WHERE team_id = t.id),
                          'services', (SELECT count(*) FROM service WHERE team_id = t.id AND retired_at IS NULL),
                          'owns', (SELECT count(*) FROM event WHERE team_id = t.id),
                          'links', jsonb_build_object('self', '/api/v1/teams/' || t.slug, 'ui', '/ui/teams/' || t.slug)) AS item
  FROM team t
 WHERE ($1::text IS NULL OR t.slug > $1::text)
   AND ($3::text IS NULL OR EXISTS (SELECT FROM membership m JOIN person p ON p.id = m.person_id WHERE m.team_id = t.id AND p.login = $3::text))
 ORDER BY t.slug
 LIMIT $2::bigint
