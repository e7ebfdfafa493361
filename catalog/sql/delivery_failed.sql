-- Notes that a delivery was not taken, and when it is tried again: for a day.
--
-- $1 bigint delivery   $2 int status, or null   $3 text error   $4 int milliseconds   $5 int seconds until the next attempt
-- $6 boolean whether this was the last attempt
-- dead: whether it is not tried again.
WITH attempt AS (
    INSERT INTO delivery_attempt (delivery_id, status, error, ms)
    SELECT id, $2::integer, $3::text, $4::integer FROM delivery WHERE id = $1::bigint
)
UPDATE delivery
   SET attempts = attempts + 1, last_status = $2::integer, last_error = $3::text, last_ms = $4::integer,
       first_at = coalesce(first_at, catalog_now()),
       state = CASE WHEN $6::boolean OR first_at <= catalog_now() - interval '24 hours' THEN 'dead' ELSE 'waiting' END,
       next_at = catalog_now() + make_interval(secs => $5::integer)
 WHERE id = $1::bigint
RETURNING state = 'dead' AS dead
