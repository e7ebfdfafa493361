-- $1 text slug after which to go on, or null   $2 bigint limit
SELECT d.slug AS key,
       jsonb_build_object('slug', d.slug, 'name', d.name, 'description', d.description, 'team', t.slug, 'labels', d.labels,
                          'events', (SELECT count(*) FROM event WHERE domain_id = d.id),
                          'links', jsonb_build_object('self', '/api/v1/domains/' || d.slug, 'ui', '/ui/domains/' || d.slug)) AS item
  FROM domain d LEFT JOIN team t ON t.id = d.team_id
 WHERE $1::text IS NULL OR d.slug > $1::text
 ORDER BY d.slug
 LIMIT $2::bigint
