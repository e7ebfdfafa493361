-- Writes what the catalog did: the audit entry, and the event that waits for delivery.
--
-- $1 text kind   $2 text object   $3 jsonb detail or null   $4 text reason or null   $5 text actor   $6 text request id
-- $7 text subject of the event   $8 jsonb data of the event or null
WITH noted AS (
    INSERT INTO audit (kind, at, object, detail, reason, actor, request_id)
    VALUES ($1::text, catalog_moment(), $2::text, $3::jsonb, $4::text, $5::text, $6::text)
    RETURNING seq, at
)
INSERT INTO outbox (seq, type, subject, data)
SELECT seq, 'io.avow.' || $1::text || '.v1', $7::text,
       jsonb_strip_nulls(jsonb_build_object('object', $2::text, 'actor', $5::text, 'at', at, 'reason', $4::text))
           || coalesce($8::jsonb, '{}')
  FROM noted
