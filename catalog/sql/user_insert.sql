-- $1 text login   $2 jsonb document   $3 text actor. No row: the name is taken.
INSERT INTO person (login, name, email, role, labels, managed_by, created_by, updated_by)
SELECT $1::text, coalesce(r.name, ''), r.email, coalesce(r.role, 'viewer'), coalesce(r.labels, '{}'), coalesce(r.managed_by, 'api'),
       $3::text, $3::text
  FROM jsonb_populate_record(NULL::person, $2::jsonb - 'login' - 'password') r
    ON CONFLICT (login) DO NOTHING
RETURNING id
