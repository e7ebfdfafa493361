-- Gives a webhook a new secret. The one before it goes on counting for a while; those before that do not.
--
-- $1 bigint webhook   $2 int seconds for which the one before goes on counting
-- secret: shown once. old_until: null when the one before ends now.
WITH last AS (
    SELECT max(id) AS id FROM webhook_secret WHERE webhook_id = $1::bigint
), ended AS (
    DELETE FROM webhook_secret s USING last WHERE s.webhook_id = $1::bigint AND (s.id < last.id OR $2::integer = 0)
), kept AS (
    UPDATE webhook_secret s SET expires_at = now() + make_interval(secs => $2::integer) FROM last WHERE s.id = last.id AND $2::integer > 0
), made AS (
    INSERT INTO webhook_secret (webhook_id, secret)
    VALUES ($1::bigint, 'whsec_' || encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'base64'))
    RETURNING secret
)
SELECT secret, CASE WHEN $2::integer > 0 THEN (now() + make_interval(secs => $2::integer))::text END AS old_until FROM made
