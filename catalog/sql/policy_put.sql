-- Sets a policy. $1 text scope   $2 jsonb settings   $3 text actor
WITH was AS (SELECT settings FROM policy WHERE scope = $1::text)
INSERT INTO policy (scope, settings, created_by, updated_by) VALUES ($1::text, $2::jsonb, $3::text, $3::text)
    ON CONFLICT (scope) DO UPDATE SET settings = $2::jsonb, updated_by = $3::text
RETURNING jsonb_build_object('from', coalesce((SELECT settings FROM was), '{}'), 'to', $2::jsonb) AS detail
