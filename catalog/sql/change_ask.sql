-- Something for the inbox of a team that a change waits for. What waited there for the same change before is done with.
--
-- $1 bigint team   $2 text type   $3 text subject   $4 bigint change   $5 text title   $6 jsonb data   $7 bool waits
WITH earlier AS (
    UPDATE inbox_item SET done_at = catalog_now() WHERE team_id = $1::bigint AND change_id = $4::bigint AND waits AND done_at IS NULL
)
INSERT INTO inbox_item (team_id, event_id, type, subject, change_id, title, data, waits)
VALUES ($1::bigint, gen_random_uuid(), 'io.avow.' || $2::text || '.v1', $3::text, $4::bigint, $5::text, $6::jsonb, $7::boolean)
