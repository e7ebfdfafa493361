-- $1 bigint team or null   $2 text url   $3 text description   $4 jsonb filter   $5 text mode   $6 text handshake   $7 text by
-- secret: shown once.
WITH made AS (
    INSERT INTO webhook (public_id, team_id, url, description, filter, mode, handshake, created_by, updated_by)
    VALUES ('wh_' || replace(gen_random_uuid()::text, '-', ''), $1::bigint, $2::text, $3::text, $4::jsonb, $5::text, $6::text, $7::text, $7::text)
    RETURNING id, public_id
), signed AS (
    INSERT INTO webhook_secret (webhook_id, secret)
    SELECT id, 'whsec_' || encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'base64') FROM made
    RETURNING secret
)
SELECT made.id, made.public_id, signed.secret FROM made, signed
