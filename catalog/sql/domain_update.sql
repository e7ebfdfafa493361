-- $1 text slug   $2 jsonb document   $3 text actor. detail: what changed.
WITH was AS (SELECT to_jsonb(t) AS j FROM domain t WHERE slug = $1::text),
changed AS (
    UPDATE domain t
       SET (name, description, team_id, labels, managed_by, updated_by) =
           (SELECT coalesce(nullif(r.name, ''), t.slug), coalesce(r.description, ''),
                   CASE WHEN $2::jsonb ? 'team' THEN (SELECT id FROM team WHERE slug = $2::jsonb ->> 'team') ELSE t.team_id END,
                   coalesce(r.labels, '{}'), coalesce(r.managed_by, t.managed_by), $3::text
              FROM jsonb_populate_record(t, $2::jsonb - 'slug') r)
     WHERE slug = $1::text
    RETURNING to_jsonb(t) AS j
)
SELECT catalog_difference(was.j, changed.j) AS detail FROM was, changed
