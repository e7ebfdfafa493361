-- Sends again, with the ids they had.
--
-- $1 bigint webhook   $2 bigint delivery, or null: all that are dead
-- n: how many.
WITH again AS (
    UPDATE delivery SET state = 'waiting', attempts = 0, first_at = NULL, next_at = catalog_now()
     WHERE webhook_id = $1::bigint AND CASE WHEN $2::bigint IS NULL THEN state = 'dead' ELSE id = $2::bigint END
    RETURNING 1
) SELECT count(*) AS n FROM again
