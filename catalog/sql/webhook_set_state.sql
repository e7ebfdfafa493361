-- $1 bigint webhook   $2 text state   $3 text why   $4 text by
--
-- What waits is tried at once when the webhook is active again.
WITH tried AS (
    UPDATE delivery SET next_at = catalog_now() WHERE webhook_id = $1::bigint AND state = 'waiting' AND $2::text = 'active'
), asked AS (
    DELETE FROM webhook_health WHERE webhook_id = $1::bigint AND $2::text = 'active'
)
UPDATE webhook SET state = $2::text, state_reason = $3::text, updated_by = $4::text WHERE id = $1::bigint
