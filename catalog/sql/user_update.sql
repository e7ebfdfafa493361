-- $1 text login   $2 jsonb document   $3 text actor. detail: what changed.
WITH was AS (SELECT to_jsonb(t) AS j FROM person t WHERE login = $1::text),
changed AS (
    UPDATE person t
       SET (name, email, role, disabled, labels, managed_by, updated_by) =
           (SELECT coalesce(r.name, ''), r.email, coalesce(r.role, t.role), coalesce(r.disabled, t.disabled), coalesce(r.labels, '{}'),
                   coalesce(r.managed_by, t.managed_by), $3::text
              FROM jsonb_populate_record(t, $2::jsonb - 'login' - 'password') r)
     WHERE login = $1::text
    RETURNING to_jsonb(t) AS j
)
SELECT catalog_difference(was.j, changed.j) AS detail FROM was, changed
