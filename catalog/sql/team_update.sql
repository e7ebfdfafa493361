-- $1 text slug   $2 jsonb document   $3 text actor. detail: what changed.
WITH was AS (SELECT to_jsonb(t) AS j FROM team t WHERE slug = $1::text),
changed AS (
    UPDATE team t
       SET (name, description, contact, oncall, policy, escalation_team, labels, managed_by, updated_by) =
           (SELECT coalesce(nullif(r.name, ''), t.slug), coalesce(r.description, ''), coalesce(r.contact, '{}'), coalesce(r.oncall, '{}'),
                   coalesce(r.policy, '{}'),
                   CASE WHEN $2::jsonb ? 'escalation_team' THEN (SELECT id FROM team e WHERE e.slug = $2::jsonb ->> 'escalation_team')
                        ELSE t.escalation_team END,
                   coalesce(r.labels, '{}'), coalesce(r.managed_by, t.managed_by), $3::text
              FROM jsonb_populate_record(t, $2::jsonb - 'slug' - 'escalation_team') r)
     WHERE slug = $1::text
    RETURNING to_jsonb(t) AS j
)
SELECT catalog_difference(was.j, changed.j) AS detail FROM was, changed
