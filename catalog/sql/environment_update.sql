-- $1 text name   $2 jsonb document   $3 text actor. detail: what changed.
WITH was AS (SELECT to_jsonb(t) AS j FROM environment t WHERE name = $1::text),
changed AS (
    UPDATE environment t
       SET (position, production, updated_by) =
           (SELECT coalesce(r.position, t.position), coalesce(r.production, t.production), $3::text
              FROM jsonb_populate_record(t, $2::jsonb - 'name') r)
     WHERE name = $1::text
    RETURNING to_jsonb(t) AS j
)
SELECT catalog_difference(was.j, changed.j) AS detail FROM was, changed
