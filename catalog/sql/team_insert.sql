-- $1 text slug   $2 jsonb document   $3 text actor. No row: the name is taken.
INSERT INTO team (slug, name, description, contact, oncall, policy, escalation_team, labels, managed_by, created_by, updated_by)
SELECT $1::text, coalesce(nullif(r.name, ''), $1::text), coalesce(r.description, ''), coalesce(r.contact, '{}'), coalesce(r.oncall, '{}'),
       coalesce(r.policy, '{}'), (SELECT id FROM team WHERE slug = $2::jsonb ->> 'escalation_team'), coalesce(r.labels, '{}'),
       coalesce(r.managed_by, 'api'), $3::text, $3::text
  FROM jsonb_populate_record(NULL::team, $2::jsonb - 'slug' - 'escalation_team') r
    ON CONFLICT (slug) DO NOTHING
RETURNING id
