-- $1 text name   $2 text login or null   $3 text service or null   $4 text[] scopes   $5 text prefix   $6 text SHA-256 of the secret in
-- hexadecimal   $7 timestamptz expires or null   $8 text actor
INSERT INTO token (name, person_id, service_id, scopes, prefix, hash, expires_at, created_by)
VALUES ($1::text, (SELECT id FROM person WHERE login = $2::text), (SELECT id FROM service WHERE slug = $3::text), $4::text[], $5::text,
        decode($6::text, 'hex'), $7::timestamptz, $8::text)
RETURNING id,
    jsonb_build_object('id', id, 'name', name, 'user', $2::text, 'service', $3::text, 'scopes', scopes, 'prefix', prefix,
                       'expires_at', expires_at, 'revoked_at', revoked_at, 'last_used_at', NULL, 'created_at', created_at,
                       'created_by', created_by,
                       'links', jsonb_build_object('self', '/api/v1/tokens/' || id, 'ui', '/ui/settings/tokens')) AS item
