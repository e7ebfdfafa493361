-- $1 text slug   $2 jsonb document   $3 text actor. No row: the name is taken.
INSERT INTO service (slug, name, description, team_id, kind, repo, tier, labels, managed_by, created_by, updated_by)
SELECT $1::text, coalesce(nullif(r.name, ''), $1::text), coalesce(r.description, ''), (SELECT id FROM team WHERE slug = $2::jsonb ->> 'team'),
       coalesce(r.kind, 'service'), r.repo, r.tier, coalesce(r.labels, '{}'), coalesce(r.managed_by, 'api'), $3::text, $3::text
  FROM jsonb_populate_record(NULL::service, $2::jsonb - 'slug') r
    ON CONFLICT (slug) DO NOTHING
RETURNING id
