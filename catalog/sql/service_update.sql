-- $1 text slug   $2 jsonb document   $3 text actor. detail: what changed. `retired` true or false sets or clears retired_at.
WITH was AS (SELECT to_jsonb(t) AS j FROM service t WHERE slug = $1::text),
changed AS (
    UPDATE service t
       SET (name, description, team_id, kind, repo, tier, labels, managed_by, retired_at, updated_by) =
           (SELECT coalesce(nullif(r.name, ''), t.slug), coalesce(r.description, ''),
                   CASE WHEN $2::jsonb ? 'team' THEN (SELECT id FROM team WHERE slug = $2::jsonb ->> 'team') ELSE t.team_id END,
                   coalesce(r.kind, t.kind), r.repo, r.tier, coalesce(r.labels, '{}'), coalesce(r.managed_by, t.managed_by),
                   CASE ($2::jsonb ->> 'retired')::boolean WHEN true THEN coalesce(t.retired_at, catalog_moment())
                                                           WHEN false THEN NULL ELSE t.retired_at END, $3::text
              FROM jsonb_populate_record(t, $2::jsonb - 'slug') r)
     WHERE slug = $1::text
    RETURNING to_jsonb(t) AS j
)
SELECT catalog_difference(was.j, changed.j) AS detail FROM was, changed
