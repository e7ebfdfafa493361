-- Writes one change: the row that is its audit entry and its place in the sequence, and the row that waits for delivery.
--
-- $1 text kind   $2 text context   $3 text subject or null   $4 bigint schema id or null   $5 int version or null
-- $6 jsonb detail or null   $7 text actor   $8 text request id   $9 text subject of the event
--
-- One statement, so that it costs one trip and one plan. The row that waits says nothing itself: outbox_data makes it from the entry.
WITH noted AS (
    INSERT INTO audit (kind, context, subject, schema_id, version, detail, actor, request_id)
    VALUES ($1::text, $2::text, $3::text, $4::bigint, $5::integer, $6::jsonb, $7::text, $8::text)
    RETURNING seq
)
INSERT INTO outbox (seq, type, subject)
SELECT seq, 'io.avow.' || $1::text, $9::text
  FROM noted
