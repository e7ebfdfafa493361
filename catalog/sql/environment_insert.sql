-- $1 text name   $2 jsonb document   $3 text actor. No row: the name is taken.
INSERT INTO environment (name, position, production, created_by, updated_by)
SELECT $1::text, coalesce(r.position, (SELECT max(position) + 1 FROM environment), 1), coalesce(r.production, false), $3::text, $3::text
  FROM jsonb_populate_record(NULL::environment, $2::jsonb - 'name') r
    ON CONFLICT (name) DO NOTHING
RETURNING id
