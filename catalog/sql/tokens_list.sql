-- $1 text id after which to go on, or null   $2 bigint limit   $3 text user or null   $4 text service or null
SELECT t.id::text AS key,
       jsonb_build_object('id', t.id, 'name', t.name, 'user', p.login, 'service', s.slug, 'scopes', t.scopes, 'prefix', t.prefix,
                          'expires_at', t.expires_at, 'revoked_at', t.revoked_at, 'last_used_at', u.last_at, 'created_at', t.created_at,
                          'created_by', t.created_by,
                          'links', jsonb_build_object('self', '/api/v1/tokens/' || t.id, 'ui', '/ui/settings/tokens')) AS item
  FROM token t LEFT JOIN person p ON p.id = t.person_id LEFT JOIN service s ON s.id = t.service_id LEFT JOIN token_use u ON u.token_id = t.id
 WHERE ($1::text IS NULL OR t.id > $1::bigint) AND ($3::text IS NULL OR p.login = $3::text) AND ($4::text IS NULL OR s.slug = $4::text)
 ORDER BY t.id
 LIMIT $2::bigint
