-- $1 bigint id
SELECT t.id, p.login, s.slug AS service, s.team_id, t.revoked_at IS NOT NULL AS revoked,
       jsonb_build_object('id', t.id, 'name', t.name, 'user', p.login, 'service', s.slug, 'scopes', t.scopes, 'prefix', t.prefix,
                          'expires_at', t.expires_at, 'revoked_at', t.revoked_at,
                          'last_used_at', (SELECT last_at FROM token_use WHERE token_id = t.id), 'created_at', t.created_at,
                          'created_by', t.created_by,
                          'links', jsonb_build_object('self', '/api/v1/tokens/' || t.id, 'ui', '/ui/settings/tokens')) AS body
  FROM token t LEFT JOIN person p ON p.id = t.person_id LEFT JOIN service s ON s.id = t.service_id
 WHERE t.id = $1::bigint
