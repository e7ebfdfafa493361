-- $1 text slug after which to go on, or null   $2 bigint limit   $3 text team or null
SELECT s.slug AS key,
       jsonb_build_object('slug', s.slug, 'name', s.name, 'team', t.slug, 'kind', s.kind, 'tier', s.tier, 'retired_at', s.retired_at,
                          'links', jsonb_build_object('self', '/api/v1/services/' || s.slug, 'ui', '/ui/services/' || s.slug)) AS item
  FROM service s JOIN team t ON t.id = s.team_id
 WHERE ($1::text IS NULL OR s.slug > $1::text) AND ($3::text IS NULL OR t.slug = $3::text)
 ORDER BY s.slug
 LIMIT $2::bigint
