-- A token by its secret, and what is left of it. It was used now; that is written at most once a minute.
--
-- $1 text SHA-256 of the secret in hexadecimal
WITH found AS (
    SELECT t.id, t.person_id, t.service_id, t.scopes, t.revoked_at IS NOT NULL AS revoked,
           t.expires_at IS NOT NULL AND t.expires_at <= catalog_now() AS expired,
           coalesce(p.disabled, s.retired_at IS NOT NULL) AS disabled, coalesce(p.login, s.slug) AS name,
           coalesce(least(extract(epoch FROM t.expires_at - catalog_now()), 3600), 3600)::bigint AS seconds_left
      FROM token t LEFT JOIN person p ON p.id = t.person_id LEFT JOIN service s ON s.id = t.service_id
     WHERE t.hash = decode($1::text, 'hex')
), used AS (
    INSERT INTO token_use AS u (token_id, last_at) SELECT id, now() FROM found WHERE NOT revoked AND NOT expired AND NOT disabled
        ON CONFLICT (token_id) DO UPDATE SET last_at = now() WHERE u.last_at < now() - interval '1 minute'
)
SELECT id, person_id, service_id, name, array_to_string(scopes, ' ') AS scopes, revoked, expired, disabled, seconds_left FROM found
